#include "kernel/document/text_edit.hpp"

namespace aa::document {
namespace {

bool begins_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

std::size_t text_length(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_code_point));
}

std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (begins_code_point(text[at]) && count-- == 0) break;
  }
  return at;
}

void TextEdit::keep(std::size_t count) {
  if (count == 0) return;
  if (!steps_.empty() && steps_.back().kind == TextStepKind::keep)
    steps_.back().count += count;
  else
    steps_.push_back({TextStepKind::keep, count, {}});
}

void TextEdit::insert(std::string_view text) {
  if (text.empty()) return;
  const std::size_t count = text_length(text);
  auto at = steps_.end();
  if (at != steps_.begin() && std::prev(at)->kind == TextStepKind::remove) --at;
  if (at != steps_.begin() && std::prev(at)->kind == TextStepKind::insert) {
    std::prev(at)->text += text;
    std::prev(at)->count += count;
  } else {
    steps_.insert(at, {TextStepKind::insert, count, std::string(text)});
  }
}

void TextEdit::remove(std::size_t count) {
  if (count == 0) return;
  if (!steps_.empty() && steps_.back().kind == TextStepKind::remove)
    steps_.back().count += count;
  else
    steps_.push_back({TextStepKind::remove, count, {}});
}

void TextEdit::finish() {
  if (!steps_.empty() && steps_.back().kind == TextStepKind::keep) steps_.pop_back();
}

std::optional<std::string> apply_edit(std::string_view text, const TextEdit& edit) {
  std::string out;
  out.reserve(text.size());
  for (const TextStep& step : edit.steps()) {
    if (step.kind == TextStepKind::insert) {
      out += step.text;
      continue;
    }
    const std::size_t bytes = bytes_of(text, step.count);
    if (bytes == text.size() && text_length(text) < step.count) return std::nullopt;
    if (step.kind == TextStepKind::keep) out += text.substr(0, bytes);
    text.remove_prefix(bytes);
  }
  out += text;
  return out;
}

TextEdit invert_edit(std::string_view text, const TextEdit& edit) {
  TextEdit out;
  for (const TextStep& step : edit.steps()) {
    if (step.kind == TextStepKind::insert) {
      out.remove(step.count);
      continue;
    }
    const std::size_t bytes = bytes_of(text, step.count);
    if (step.kind == TextStepKind::keep)
      out.keep(step.count);
    else
      out.insert(text.substr(0, bytes));
    text.remove_prefix(bytes);
  }
  out.finish();
  return out;
}

}  // namespace aa::document

namespace aa::json {

using document::TextEdit;
using document::TextStepKind;

namespace {

constexpr Field kCount{.min = 1, .max = static_cast<double>(document::kTextBytesMax)};

struct Deletion {
  std::int64_t d = 0;
};
BOOST_DESCRIBE_STRUCT(Deletion, (), (d))
constexpr auto field_rules(const Deletion*) {
  return std::array{Field{.name = "d", .min = kCount.min, .max = kCount.max}};
}

void read_step(Reader& reader, const Value& value, TextEdit& out) {
  if (value.is_string()) {
    std::string text;
    const Field rule{.min_length = 1, .max_length = document::kTextBytesMax};
    if (reader.read_string(value, rule, text)) out.insert(text);
  } else if (value.is_object()) {
    Deletion deletion;
    read_into(reader, value, kNoRule, deletion);
    if (deletion.d > 0) out.remove(static_cast<std::size_t>(deletion.d));
  } else {
    std::int64_t count = 0;
    if (reader.read_integer(value, kCount, 1, document::kTextBytesMax, count)) {
      out.keep(static_cast<std::size_t>(count));
    }
  }
}

}  // namespace

void Codec<TextEdit>::read(Reader& reader, const Value& value, const Field&, TextEdit& out) {
  const Array* steps = reader.read_array(value, Field{.max_items = document::kTextStepsMax});
  if (steps == nullptr) return;
  for (std::size_t i = 0; i < steps->size(); ++i) {
    reader.enter(i);
    read_step(reader, (*steps)[i], out);
    reader.leave();
  }
  out.finish();
}

void Codec<TextEdit>::write(std::string& out, const TextEdit& value) {
  out += '[';
  for (const document::TextStep& step : value.steps()) {
    if (out.back() != '[') out += ',';
    switch (step.kind) {
      case TextStepKind::keep:
        append_integer(out, static_cast<std::int64_t>(step.count));
        break;
      case TextStepKind::insert:
        append_string(out, step.text);
        break;
      case TextStepKind::remove:
        out += "{\"d\":";
        append_integer(out, static_cast<std::int64_t>(step.count));
        out += '}';
        break;
    }
  }
  out += ']';
}

Value Codec<TextEdit>::schema(Schemas&, const Field&) {
  const Value count{{"type", "integer"}, {"minimum", 1}};
  const Value deletion{{"type", "object"},
                       {"properties", {{"d", count}}},
                       {"required", {"d"}},
                       {"additionalProperties", false}};
  const Value insertion{{"type", "string"}, {"minLength", 1}};
  return {{"type", "array"}, {"items", {{"oneOf", {count, insertion, deletion}}}}};
}

}  // namespace aa::json
