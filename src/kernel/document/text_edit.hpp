// Edits of a text: what is kept, inserted and deleted, from its beginning. What is left after the
// last step is kept.
//
// JSON: [n | "text" | {"d": n}, ...]: keep n, insert, delete n. Units: Unicode code points. In
// memory an edit is in normal form: no empty step, no two of a kind side by side, an insertion
// before the deletion at its place, no keeping at the end; so equal effects are equal values.
// Limits: kTextBytesMax bytes of a text; as many steps as such a text can need.
// Thread rule: values, pure functions. Errors: problems through json::Reader; nullopt where the
// text is shorter than what the edit speaks of.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/limits.hpp"

namespace aa::document {

inline constexpr std::size_t kTextBytesMax = limits::kJsonTextLength;
inline constexpr std::size_t kTextStepsMax = 2 * kTextBytesMax + 1;

enum class TextStepKind { keep, insert, remove };

struct TextStep {
  TextStepKind kind = TextStepKind::keep;
  std::size_t count = 0;
  std::string text;  // of an insertion, `count` long
  bool operator==(const TextStep&) const = default;
};

// How many code points; `text` is UTF-8.
std::size_t text_length(std::string_view text);
// The bytes of the first `count` code points; all of them when there are fewer.
std::size_t bytes_of(std::string_view text, std::size_t count);

class TextEdit {
 public:
  const std::vector<TextStep>& steps() const { return steps_; }
  bool empty() const { return steps_.empty(); }
  void keep(std::size_t count);
  void insert(std::string_view text);
  void remove(std::size_t count);
  // The last step, which must not be one of keeping, has been added.
  void finish();
  bool operator==(const TextEdit&) const = default;

 private:
  std::vector<TextStep> steps_;
};

std::optional<std::string> apply_edit(std::string_view text, const TextEdit& edit);
// What brings `text` back after `edit`, which fits it.
TextEdit invert_edit(std::string_view text, const TextEdit& edit);

}  // namespace aa::document

namespace aa::json {
template <>
struct Codec<document::TextEdit> {
  static void read(Reader& reader, const Value& value, const Field&, document::TextEdit& out);
  static void write(std::string& out, const document::TextEdit& value);
  static Value schema(Schemas& schemas, const Field&);
};
}  // namespace aa::json
