#include "mutator.hpp"

#include <algorithm>
#include <array>

namespace aa::fuzz {
namespace {

constexpr std::array<std::uint64_t, 12> kIntegers = {
    0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, ~0ULL};

}  // namespace

std::string Mutator::mutated(std::string text, std::string_view other) {
  for (auto times = std::size_t{1} << below(4); times > 0; --times) mutate_once(text, other);
  if (text.size() > kInputBytesMax) text.resize(kInputBytesMax);
  return text;
}

void Mutator::mutate_once(std::string& text, std::string_view other) {
  if (text.empty()) text.push_back(static_cast<char>(below(256)));
  const auto at = below(text.size());
  switch (below(9)) {
    case 0:
      text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
      break;
    case 1:
      text[at] = static_cast<char>(below(256));
      break;
    case 2:
      text.erase(at, 1 + below(below(4) == 0 ? 64 : 4));
      break;
    case 3:
      text.insert(below(text.size()), text.substr(at, 1 + below(below(4) == 0 ? 256 : 16)));
      break;
    case 4:
      text.insert(at, words_[below(words_.size())]);
      break;
    case 5: {
      const auto word = words_[below(words_.size())];
      text.replace(at, word.size(), word);
      break;
    }
    case 6:
      replace_number(text);
      break;
    case 7:
      put_integer(text);
      break;
    default:
      if (other.empty()) break;
      text.replace(at, below(64), other.substr(below(other.size()), 1 + below(256)));
      break;
  }
}

void Mutator::replace_number(std::string& text) {
  const auto from = text.find_first_of("0123456789", below(text.size()));
  if (from == std::string::npos) return;
  const auto end = std::min(text.find_first_not_of("0123456789.eE+-", from), text.size());
  const auto value = kIntegers[below(kIntegers.size())] + below(3) - 1;
  text.replace(from, end - from, (below(3) == 0 ? "-" : "") + std::to_string(value));
}

void Mutator::put_integer(std::string& text) {
  const auto bytes = std::size_t{1} << below(4);
  if (text.size() < bytes) return;
  const auto at = below(text.size() - bytes + 1);
  const auto value = kIntegers[below(kIntegers.size())] + below(3) - 1;
  const bool big = below(2) == 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    text[at + (big ? bytes - 1 - i : i)] = static_cast<char>(value >> (8 * i));
  }
}

}  // namespace aa::fuzz
