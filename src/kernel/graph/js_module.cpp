#include "kernel/graph/js_module.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace aa::graph {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$';
}

class Literal {
 public:
  // Stands at the exported literal's first character.
  explicit Literal(std::string_view file);

  std::string object();
  std::string text();

 private:
  [[noreturn]] void fail(std::string_view what) const {
    throw malformed("malformed_js_module", "The JavaScript file " + std::string(what) +
                                               " at byte " + std::to_string(at_) + ".");
  }
  char peek() const { return at_ < file_.size() ? file_[at_] : '\0'; }
  void skip_spaces() {
    while (is_space(peek())) ++at_;
  }
  bool names_member();
  void take_string(std::string& out);
  void take_escape(std::string& out);
  void take_number(std::string& out);
  void take_word(std::string& out);
  void take_flag(std::string& out);

  std::string_view file_;
  std::size_t at_ = 0;
};

Literal::Literal(std::string_view file) : file_(file) {
  if (file.size() > kJsModuleBytesMax) {
    throw too_large("js_module_too_large", "The JavaScript file is larger than 64 MiB.");
  }
  constexpr std::string_view kExports = ".exports";
  for (auto found = file.find(kExports); found != file.npos; found = file.find(kExports, at_)) {
    at_ = found + kExports.size();
    skip_spaces();
    if (peek() != '=') continue;
    ++at_;
    skip_spaces();
    if (peek() == '{' || peek() == '"' || peek() == '\'') return;
  }
  fail("exports no literal; none was found up to its end");
}

// Whether a colon follows: what was just read is a member's name.
bool Literal::names_member() {
  skip_spaces();
  return peek() == ':';
}

// JSON's spelling of the escape at hand.
void Literal::take_escape(std::string& out) {
  const char c = at_ + 1 < file_.size() ? file_[at_ + 1] : '\0';
  const bool hex = c == 'x';
  const std::size_t digits = hex ? 2 : c == 'u' ? 4 : 0;
  const auto number = file_.substr(std::min(at_ + 2, file_.size()), digits);
  const bool sound =
      number.size() == digits && number.find_first_not_of("0123456789abcdefABCDEF") == number.npos;
  if (!sound || std::string_view("\"'\\/bfnrtxu").find(c) == std::string_view::npos) {
    fail("holds an escape that is not taken");
  }
  if (c == '\'')
    out += '\'';
  else
    out += hex ? "\\u00" : std::string("\\") + c;
  out += number;
  at_ += 2 + digits;
}

void Literal::take_string(std::string& out) {
  const char quote = file_[at_++];
  out += '"';
  while (peek() != quote) {
    if (at_ >= file_.size()) fail("ends inside a string");
    if (peek() == '\\') {
      take_escape(out);
      continue;
    }
    if (peek() == '"') out += '\\';
    out += file_[at_++];
  }
  ++at_;
  out += '"';
}

// 5, -.5, 2., 1e-3; the parser of the JSON judges the rest.
void Literal::take_number(std::string& out) {
  if (peek() == '-') out += file_[at_++];
  if (peek() == '.') out += '0';
  const std::size_t from = at_;
  while (is_digit(peek()) || peek() == '.' || peek() == 'e' || peek() == 'E' ||
         ((peek() == '-' || peek() == '+') && at_ > from &&
          (file_[at_ - 1] == 'e' || file_[at_ - 1] == 'E'))) {
    const bool bare_point = peek() == '.' && (at_ + 1 >= file_.size() || !is_digit(file_[at_ + 1]));
    if (!bare_point) out += peek();
    ++at_;
  }
  if (at_ == from || is_word(peek())) fail("holds a number that is not taken");
}

void Literal::take_word(std::string& out) {
  const std::size_t from = at_;
  while (is_word(peek())) ++at_;
  const auto word = file_.substr(from, at_ - from);
  if (names_member())
    out += '"' + std::string(word) + '"';
  else if (word == "true" || word == "false" || word == "null")
    out += word;
  else
    fail("holds '" + std::string(word.substr(0, 40)) + "', which is no literal,");
}

// Minifiers write true as !0 and false as !1.
void Literal::take_flag(std::string& out) {
  ++at_;
  if (peek() != '0' && peek() != '1') fail("holds an expression");
  out += file_[at_++] == '0' ? "true" : "false";
}

std::string Literal::object() {
  if (peek() != '{') fail("exports a string where an object is wanted");
  std::string out;
  std::size_t depth = 0;
  do {
    const char c = peek();
    if (at_ >= file_.size()) fail("ends inside its object");
    if (is_space(c)) {
      ++at_;
    } else if (c == '{' || c == '[' || c == '}' || c == ']' || c == ':' || c == ',') {
      const bool opens = c == '{' || c == '[';
      const bool closes = c == '}' || c == ']';
      depth += opens ? 1 : 0;
      depth -= closes ? 1 : 0;
      out += c;
      ++at_;
    } else if (c == '"' || c == '\'') {
      take_string(out);
    } else if (is_digit(c) || c == '-' || c == '.') {
      const std::size_t from = out.size();
      take_number(out);
      if (names_member()) out.insert(from, 1, '"').push_back('"');
    } else if (c == '!') {
      take_flag(out);
    } else if (is_word(c)) {
      take_word(out);
    } else {
      fail("holds what is no literal");
    }
  } while (depth > 0);
  return out;
}

std::string Literal::text() {
  if (peek() == '{') fail("exports an object where a string is wanted");
  const char quote = file_[at_++];
  const auto end = file_.find(quote, at_);
  if (end == file_.npos) fail("ends inside a string");
  return std::string(file_.substr(at_, end - at_));
}

}  // namespace

std::string exported_json(std::string_view file) { return Literal(file).object(); }

std::string exported_bytes(std::string_view file) {
  std::string text = Literal(file).text();
  const std::size_t padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
  const bool whole = padding <= 2 && (padding == 0 || text.size() % 4 == 0);
  text.resize(text.size() - padding);
  for (char& c : text) {  // the reader in base takes the other alphabet
    if (c == '-' || c == '_') c = '?';
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  auto bytes = whole ? from_base64url(text) : std::nullopt;
  if (!bytes) throw malformed("malformed_js_module", "The exported string is no base64.");
  return std::move(*bytes);
}

}  // namespace aa::graph
