#include "base/json.hpp"

#include <charconv>
#include <cstdlib>

#include "base/json_builder.hpp"
#include "base/number_text.hpp"

namespace aa::json {

double exact_double(std::string_view text, double approximate) {
#ifdef __cpp_lib_to_chars
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? number : approximate;
#else
  const double number = std::strtod(std::string(text).c_str(), nullptr);  // musl: no locale
  return std::isfinite(number) ? number : approximate;
#endif
}

Value parse(std::string_view text, std::size_t depth) {
  boost::json::parse_options options;
  options.max_depth = depth;
  boost::json::basic_parser<ValueBuilder> parser(options);
  boost::json::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (error || used != text.size()) {
    throw malformed("malformed_json", "The JSON text cannot be read near byte " +
                                          std::to_string(used) + ": " +
                                          (error ? error.message() : "text after the end") + ".");
  }
  return parser.handler().release();
}

void Reader::problem(std::string detail) {
  if (problems_.size() < limits::kJsonProblems) problems_.push_back({pointer_, std::move(detail)});
}

void Reader::enter(std::string_view key) {
  lengths_.push_back(pointer_.size());
  pointer_ += '/';
  for (const char c : key.substr(0, 200)) {
    if (c == '~')
      pointer_ += "~0";
    else if (c == '/')
      pointer_ += "~1";
    else
      pointer_ += c;
  }
}

void Reader::enter(std::size_t index) {
  lengths_.push_back(pointer_.size());
  pointer_ += '/';
  pointer_ += std::to_string(index);
}

void Reader::leave() {
  pointer_.resize(lengths_.back());
  lengths_.pop_back();
}

void Reader::finish(std::string_view slug) const {
  if (problems_.empty()) return;
  const auto& first = problems_.front();
  const std::string where = first.pointer.empty() ? "the document" : first.pointer;
  throw invalid(std::string(slug), where + " " + first.detail + ".", problems_);
}

bool Reader::read_number(const Value& value, const Field& rule, double& out) {
  boost::json::error_code error;
  const double number = value.to_number<double>(error);
  if (!value.is_number() || error) {
    problem("must be a number");
    return false;
  }
  if (!std::isfinite(number)) {
    problem("must be a finite number");
    return false;
  }
  if (number < rule.min || number > rule.max) {
    std::string text = "must be between ";
    append_number(text, rule.min);
    text += " and ";
    append_number(text, rule.max);
    problem(std::move(text));
    return false;
  }
  out = number;
  return true;
}

bool Reader::read_integer(const Value& value, const Field& rule, std::int64_t min,
                          std::uint64_t max, std::int64_t& out) {
  double number = 0;
  if (!read_number(value, rule, number)) return false;
  boost::json::error_code error;
  const auto integer = value.to_number<std::int64_t>(error);
  if (error || integer < min || (integer > 0 && static_cast<std::uint64_t>(integer) > max)) {
    problem("must be a whole number in range");
    return false;
  }
  out = integer;
  return true;
}

bool Reader::read_string(const Value& value, const Field& rule, std::string& out) {
  const auto* text = value.if_string();
  if (text == nullptr) {
    problem("must be a string");
    return false;
  }
  if (text->size() < rule.min_length || text->size() > rule.max_length) {
    problem("must have " + std::to_string(rule.min_length) + " to " +
            std::to_string(rule.max_length) + " bytes");
    return false;
  }
  if (text->find('\0') != boost::json::string::npos) {
    problem("must not hold a NUL character");
    return false;
  }
  out.assign(text->data(), text->size());
  return true;
}

const Object* Reader::read_object(const Value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) problem("must be an object");
  return object;
}

const Array* Reader::read_array(const Value& value, const Field& rule) {
  const auto* array = value.if_array();
  if (array == nullptr) {
    problem("must be an array");
    return nullptr;
  }
  if (array->size() < rule.min_items || array->size() > rule.max_items) {
    problem("must have " + std::to_string(rule.min_items) + " to " +
            std::to_string(rule.max_items) + " elements");
    return nullptr;
  }
  return array;
}

void append_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[(c >> 4) & 15];
          out += kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
#ifdef __cpp_lib_to_chars
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  out.append(text.data(), end);
#else
  out += shortest_text(number);
#endif
}

void append_integer(std::string& out, std::int64_t number) {
  std::array<char, 24> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  out.append(text.data(), end);
}

void append_value(std::string& out, const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      out += "null";
      break;
    case boost::json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      break;
    case boost::json::kind::int64:
      append_integer(out, value.get_int64());
      break;
    case boost::json::kind::uint64:
      out += std::to_string(value.get_uint64());
      break;
    case boost::json::kind::double_:
      append_number(out, value.get_double());
      break;
    case boost::json::kind::string:
      append_string(out, value.get_string());
      break;
    case boost::json::kind::array: {
      out += '[';
      for (bool first = true; const auto& item : value.get_array()) {
        if (!std::exchange(first, false)) out += ',';
        append_value(out, item);
      }
      out += ']';
      break;
    }
    case boost::json::kind::object:
      Codec<Object>::write(out, value.get_object());
      break;
  }
}

std::string to_text(const Value& value) {
  std::string out;
  append_value(out, value);
  return out;
}

namespace {

void check_finite(Reader& reader, const Value& value) {
  if (value.is_double() && !std::isfinite(value.get_double())) {
    reader.problem("must be a finite number");
  } else if (const auto* text = value.if_string()) {
    if (text->find('\0') != boost::json::string::npos) {
      reader.problem("must not hold a NUL character");
    }
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      reader.enter(i);
      check_finite(reader, (*array)[i]);
      reader.leave();
    }
  } else if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      reader.enter(std::string_view(key));
      check_finite(reader, member);
      reader.leave();
    }
  }
}

}  // namespace

void Codec<Value>::read(Reader& reader, const Value& value, const Field&, Value& out) {
  check_finite(reader, value);
  out = value;
}

void Codec<Object>::read(Reader& reader, const Value& value, const Field& rule, Object& out) {
  const Object* object = reader.read_object(value);
  if (object == nullptr) return;
  if (object->size() > rule.max_items) {
    reader.problem("has more than " + std::to_string(rule.max_items) + " members");
    return;
  }
  check_finite(reader, value);
  out = *object;
}

void Codec<Object>::write(std::string& out, const Object& value) {
  out += '{';
  for (bool first = true; const auto& [key, member] : value) {
    if (!std::exchange(first, false)) out += ',';
    append_string(out, key);
    out += ':';
    append_value(out, member);
  }
  out += '}';
}

void add_number_rule(Object& schema, const Field& rule) {
  if (std::isfinite(rule.min)) schema["minimum"] = rule.min;
  if (std::isfinite(rule.max)) schema["maximum"] = rule.max;
  if (!rule.doc.empty()) schema["description"] = rule.doc;
}

void add_string_rule(Object& schema, const Field& rule) {
  if (rule.min_length > 0) schema["minLength"] = rule.min_length;
  schema["maxLength"] = rule.max_length;
  if (!rule.format.empty()) schema["format"] = rule.format;
  if (!rule.doc.empty()) schema["description"] = rule.doc;
}

}  // namespace aa::json
