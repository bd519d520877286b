#include "base/number_text.hpp"

#include <array>
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace aa {
namespace {

// digits[0].digits[1..] * 10^exponent
struct Decimal {
  std::string digits;
  int exponent = 0;
};

Decimal rounded(double number, int digits) {
  std::array<char, 40> text;
  const int size = std::snprintf(text.data(), text.size(), "%.*e", digits - 1, number);
  const std::string all(text.data(), static_cast<std::size_t>(size));
  const std::size_t mark = all.find('e');
  Decimal out{all.substr(0, 1), std::atoi(all.c_str() + mark + 1)};
  if (mark > 2) out.digits += all.substr(2, mark - 2);
  return out;
}

double value_of(const Decimal& decimal) {
  const std::string text = decimal.digits.substr(0, 1) + "." + decimal.digits.substr(1) + "e" +
                           std::to_string(decimal.exponent);
  return std::strtod(text.c_str(), nullptr);
}

// The next longer decimal of the same length.
Decimal stepped(Decimal decimal) {
  std::size_t at = decimal.digits.size();
  while (at > 0 && decimal.digits[at - 1] == '9') decimal.digits[--at] = '0';
  if (at > 0) {
    ++decimal.digits[at - 1];
  } else {
    decimal.digits.insert(decimal.digits.begin(), '1');
    decimal.digits.pop_back();
    ++decimal.exponent;
  }
  return decimal;
}

Decimal shortest(double number) {
  // 15 digits always survive a double, so a shorter text shows as 15 with zeros at the end; only
  // subnormal numbers may need fewer than that and still differ.
  const int from = number < DBL_MIN ? 1 : 15;
  for (int digits = from; digits < 17; ++digits) {
    const Decimal nearest = rounded(number, digits);
    if (value_of(nearest) == number) return nearest;
    // At a power of two the numbers above lie twice as far as those below: the nearest decimal
    // may miss where the one above it does not.
    const Decimal above = stepped(nearest);
    if (value_of(above) == number) return above;
  }
  return rounded(number, 17);
}

std::string scientific(const Decimal& decimal) {
  std::string out = decimal.digits.substr(0, 1);
  if (decimal.digits.size() > 1) out += "." + decimal.digits.substr(1);
  out += decimal.exponent < 0 ? "e-" : "e+";
  const std::string size = std::to_string(std::abs(decimal.exponent));
  return out + (size.size() < 2 ? "0" : "") + size;
}

std::string fixed(const Decimal& decimal, double number) {
  const auto count = static_cast<int>(decimal.digits.size());
  if (decimal.exponent >= count - 1) {
    std::array<char, 400> text;
    const int size = std::snprintf(text.data(), text.size(), "%.0f", number);
    return {text.data(), static_cast<std::size_t>(size)};
  }
  if (decimal.exponent < 0) {
    return "0." + std::string(static_cast<std::size_t>(-decimal.exponent - 1), '0') +
           decimal.digits;
  }
  const auto whole = static_cast<std::size_t>(decimal.exponent + 1);
  return decimal.digits.substr(0, whole) + "." + decimal.digits.substr(whole);
}

}  // namespace

std::string shortest_text(double number) {
  const std::string sign = std::signbit(number) ? "-" : "";
  const double size = std::fabs(number);
  if (size == 0) return sign + "0";
  Decimal decimal = shortest(size);
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  std::string long_form = scientific(decimal);
  const int plain = decimal.exponent < 0 ? 1 - decimal.exponent : decimal.exponent;
  if (plain > 30) return sign + long_form;  // hundreds of zeros are never shorter
  std::string short_form = fixed(decimal, size);
  return sign + (short_form.size() <= long_form.size() ? short_form : long_form);
}

}  // namespace aa
