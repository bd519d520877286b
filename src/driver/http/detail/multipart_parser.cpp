#include "driver/http/detail/multipart_parser.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "driver/http/detail/field_text.hpp"

namespace aa::http {
namespace {

[[noreturn]] void refuse(std::string detail) {
  throw malformed("malformed_multipart", std::move(detail));
}

struct Parameters {
  std::string_view kind;  // what stands before the first ';'
  std::vector<std::pair<std::string_view, std::string>> values;

  const std::string* find(std::string_view name) const {
    for (const auto& [key, value] : values) {
      if (equal_ignoring_case(key, name)) return &value;
    }
    return nullptr;
  }
};

// A quoted string whose opening quote is text[0]; returns what follows it. A backslash escapes
// only a quote or itself: old browsers send Windows paths with bare backslashes.
std::string_view read_quoted(std::string_view text, std::string& value) {
  std::size_t i = 1;
  for (; i < text.size() && text[i] != '"'; ++i) {
    const bool escape =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    if (escape) ++i;
    value += text[i];
  }
  if (i >= text.size()) refuse("A quoted string in a part's header does not end.");
  return text.substr(i + 1);
}

Parameters parse_parameters(std::string_view text) {
  Parameters out;
  auto end = std::min(text.find(';'), text.size());
  out.kind = trimmed(text.substr(0, end));
  text.remove_prefix(end);
  while (!text.empty()) {
    text = trimmed(text.substr(1));
    if (text.empty()) break;
    const auto equals = text.find('=');
    if (equals == text.npos) refuse("A parameter of a header has no value.");
    const auto name = trimmed(text.substr(0, equals));
    if (!is_token(name)) refuse("A parameter of a header has no proper name.");
    text = trimmed(text.substr(equals + 1));
    std::string value;
    if (text.starts_with('"')) {
      text = trimmed(read_quoted(text, value));
      if (!text.empty() && text.front() != ';') refuse("Text follows a quoted string.");
    } else {
      end = std::min(text.find(';'), text.size());
      value = trimmed(text.substr(0, end));
      text.remove_prefix(end);
    }
    if (out.find(name) != nullptr) refuse("A parameter of a header stands twice.");
    out.values.emplace_back(name, std::move(value));
  }
  return out;
}

// Browsers escape exactly these three in names (HTML standard, multipart/form-data encoding).
std::string undo_browser_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text.substr(i, 3);
    if (code == "%22" || code == "%0D" || code == "%0A" || code == "%0d" || code == "%0a") {
      out += code[1] == '2' ? '"' : lower(code[2]) == 'd' ? '\r' : '\n';
      i += 2;
    } else {
      out += text[i];
    }
  }
  return repair_utf8(out);
}

// UTF-8''percent-encoded (RFC 8187); anything else is no use.
std::optional<std::string> decode_extended(std::string_view text) {
  const auto first = text.find('\'');
  const auto second = first == text.npos ? first : text.find('\'', first + 1);
  if (second == text.npos || !equal_ignoring_case(text.substr(0, first), "utf-8")) {
    return std::nullopt;
  }
  auto decoded = percent_decode(text.substr(second + 1));
  if (decoded) decoded = repair_utf8(*decoded);
  return decoded;
}

void read_disposition(std::string_view value, Part& part) {
  const auto parameters = parse_parameters(value);
  if (!equal_ignoring_case(parameters.kind, "form-data")) refuse("A part is not form-data.");
  const auto* name = parameters.find("name");
  if (name == nullptr) refuse("A part has no name.");
  part.name = undo_browser_escapes(*name);
  if (const auto* extended = parameters.find("filename*")) {
    part.filename = decode_extended(*extended);
  }
  const auto* filename = parameters.find("filename");
  if (!part.filename && filename != nullptr) part.filename = undo_browser_escapes(*filename);
}

void read_part_field(std::string_view line, Part& part, bool& disposed) {
  const auto colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon))) {
    refuse("A header of a part is malformed.");
  }
  const auto name = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  if (equal_ignoring_case(name, "content-disposition")) {
    if (std::exchange(disposed, true)) refuse("A part has two Content-Dispositions.");
    read_disposition(value, part);
  } else if (equal_ignoring_case(name, "content-type")) {
    const auto type = value.substr(0, std::min(value.size(), value.find('/')));
    if (equal_ignoring_case(trimmed(type), "multipart")) refuse("Nested multiparts are not taken.");
    part.content_type = repair_utf8(value);
  } else if (equal_ignoring_case(name, "content-transfer-encoding")) {
    if (!equal_ignoring_case(value, "binary") && !equal_ignoring_case(value, "7bit") &&
        !equal_ignoring_case(value, "8bit")) {
      refuse("A part has a transfer encoding.");
    }
  }
}

}  // namespace

std::string multipart_boundary(std::string_view content_type) {
  const auto parameters = parse_parameters(content_type);
  if (!equal_ignoring_case(parameters.kind, "multipart/form-data")) {
    refuse("The Content-Type must be multipart/form-data.");
  }
  const auto* boundary = parameters.find("boundary");
  if (boundary == nullptr || boundary->empty() || boundary->size() > 70 ||
      boundary->back() == ' ') {
    refuse("The Content-Type needs a boundary of 1 to 70 characters.");
  }
  const bool good = std::all_of(boundary->begin(), boundary->end(), [](char c) {
    return is_alphanumeric(c) ||
           std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
  });
  if (!good) refuse("The boundary holds a character that RFC 2046 does not allow.");
  return *boundary;
}

Part parse_part_head(std::string_view head) {
  Part part;
  bool disposed = false;
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const bool control = std::any_of(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    });
    if (control) refuse("A header of a part holds a control character.");
    read_part_field(line, part, disposed);
  }
  if (!disposed) refuse("A part has no Content-Disposition.");
  if (part.content_type.empty()) {
    part.content_type = part.filename ? "application/octet-stream" : "text/plain";
  }
  return part;
}

MultipartParser::MultipartParser(std::string boundary) : marker_("\r\n--" + std::move(boundary)) {}

MultipartParser::Step MultipartParser::step(std::string_view input) {
  switch (state_) {
    case State::preamble:
      return step_preamble(input);
    case State::after_boundary:
      return step_after_boundary(input);
    case State::head:
      return step_head(input);
    case State::data:
      return step_data(input);
    case State::ended:
      break;
  }
  return {Found::end, input.size(), {}};
}

// The first boundary has no line break before it when there is no preamble.
MultipartParser::Step MultipartParser::step_preamble(std::string_view input) {
  const auto opening = std::string_view(marker_).substr(2);
  if (preamble_ == 0 && input.starts_with(opening)) {
    state_ = State::after_boundary;
    return {Found::more, opening.size(), {}};
  }
  if (preamble_ == 0 && opening.starts_with(input)) return {};
  const auto at = input.find(marker_);
  const bool found = at != input.npos;
  const auto passed = found ? at : input.size() - std::min(input.size(), marker_.size());
  preamble_ += passed;
  if (preamble_ > kPreambleBytes) refuse("The first boundary is missing.");
  if (!found) return {Found::more, passed, {}};
  state_ = State::after_boundary;
  return {Found::more, at + marker_.size(), {}};
}

MultipartParser::Step MultipartParser::step_after_boundary(std::string_view input) {
  if (input.starts_with("--")) {
    state_ = State::ended;
    return {Found::end, 2, {}};
  }
  const auto text = input.find_first_not_of(" \t");
  if (text == input.npos ? input.size() > 64 : text > 64) refuse("A boundary line is too long.");
  if (text == input.npos || input.size() - text < 2) {
    const bool plausible = text == input.npos || input[text] == '\r' || input == "-";
    if (!plausible) refuse("Text follows a boundary.");
    return {};
  }
  if (input.substr(text, 2) != "\r\n") refuse("Text follows a boundary.");
  if (++parts_ > kParts) refuse("There are too many parts.");
  state_ = State::head;
  return {Found::more, text + 2, {}};
}

MultipartParser::Step MultipartParser::step_head(std::string_view input) {
  if (input.starts_with("\r\n")) refuse("A part has no Content-Disposition.");
  const auto end = input.find("\r\n\r\n");
  if (std::min(end, input.size()) > kPartHeadBytes) refuse("The head of a part is too large.");
  if (end == input.npos) return {};
  part_ = parse_part_head(input.substr(0, end));
  state_ = State::data;
  return {Found::part, end + 4, {}};
}

MultipartParser::Step MultipartParser::step_data(std::string_view input) {
  auto at = input.find(marker_);
  if (at == 0) {
    state_ = State::after_boundary;
    return {Found::more, marker_.size(), {}};
  }
  if (at == input.npos) {
    // What may be the beginning of the boundary waits for more.
    at = input.size() - std::min(input.size(), marker_.size() - 1);
    while (at < input.size() && !std::string_view(marker_).starts_with(input.substr(at))) ++at;
  }
  if (at == 0) return {};
  return {Found::data, at, input.substr(0, at)};
}

}  // namespace aa::http
