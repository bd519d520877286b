#include "driver/db/postgres_values.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace aa::db {
namespace {

// pg_type.dat of the server's sources; these never change.
enum Type : Oid {
  kBool = 16,
  kBytea = 17,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kOid = 26,
  kFloat4 = 700,
  kFloat8 = 701,
  kNumeric = 1700,
};

template <class T>
T parse_number(std::string_view text) {
  T out{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (code != std::errc{} || end != text.data() + text.size()) {
    throw internal_error("PostgreSQL sent a number that cannot be read: " + std::string(text));
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  throw internal_error("PostgreSQL sent bytes that are not hexadecimal");
}

Blob parse_bytes(std::string_view text) {
  if (!text.starts_with("\\x") || text.size() % 2 != 0) {
    throw internal_error("PostgreSQL sent bytes in another form than hex");
  }
  Blob out;
  out.reserve(text.size() / 2 - 1);
  for (std::size_t i = 2; i < text.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(hex_digit(text[i]) * 16 + hex_digit(text[i + 1])));
  }
  return out;
}

Value parse_value(Oid type, std::string_view text) {
  switch (type) {
    case kBool:
      return std::int64_t{text == "t"};
    case kInt8:
    case kInt2:
    case kInt4:
    case kOid:
      return parse_number<std::int64_t>(text);
    case kFloat4:
    case kFloat8:
    case kNumeric:
      return parse_number<double>(text);
    case kBytea:
      return parse_bytes(text);
    default:
      return std::string(text);
  }
}

std::string shortest(double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::int64_t affected_rows(PGresult* result) {
  const std::string_view tag = PQcmdStatus(result);
  const std::string_view count = PQcmdTuples(result);
  if (tag.starts_with("SELECT") || count.empty()) return 0;
  return parse_number<std::int64_t>(count);
}

}  // namespace

PostgresParameters::PostgresParameters(const Args& args) {
  texts_.reserve(args.size());  // so that what values_ points to stays where it is
  for (const Value& value : args) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      add_text(std::to_string(*number));
    } else if (const auto* real = std::get_if<double>(&value)) {
      add_text(shortest(*real));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      add(text->c_str(), text->size(), 0);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      add(blob->empty() ? "" : reinterpret_cast<const char*>(blob->data()), blob->size(), 1);
    } else {
      add(nullptr, 0, 0);
    }
  }
}

void PostgresParameters::add(const char* value, std::size_t length, int format) {
  if (length > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw too_large("value_too_large", "A value is too large for the database.");
  }
  values_.push_back(value);
  lengths_.push_back(static_cast<int>(length));
  formats_.push_back(format);
}

void PostgresParameters::add_text(std::string text) {
  texts_.push_back(std::move(text));
  add(texts_.back().c_str(), texts_.back().size(), 0);
}

Rows postgres_rows(const PGresult* result) {
  const int width = PQnfields(result);
  std::vector<std::string> names;
  for (int column = 0; column < width; ++column) names.emplace_back(PQfname(result, column));
  const auto columns = std::make_shared<const std::vector<std::string>>(std::move(names));
  std::vector<Row> rows;
  rows.reserve(static_cast<std::size_t>(PQntuples(result)));
  for (int row = 0; row < PQntuples(result); ++row) {
    std::vector<Value> values;
    values.reserve(static_cast<std::size_t>(width));
    for (int column = 0; column < width; ++column) {
      if (PQgetisnull(result, row, column) != 0) {
        values.emplace_back();
        continue;
      }
      const std::string_view text(PQgetvalue(result, row, column),
                                  static_cast<std::size_t>(PQgetlength(result, row, column)));
      values.push_back(parse_value(PQftype(result, column), text));
    }
    rows.emplace_back(columns, std::move(values));
  }
  return {std::move(rows), affected_rows(const_cast<PGresult*>(result))};
}

}  // namespace aa::db
