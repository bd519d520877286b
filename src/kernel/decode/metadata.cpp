#include "kernel/decode/metadata.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace aa::decode {
namespace {

constexpr std::size_t kNumbersMax = 8;

class PythonText {
 public:
  explicit PythonText(std::string_view text) : rest_(text) {}

  bool take(char wanted) {
    skip_space();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<int> number() {
    skip_space();
    int value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::optional<std::string> quoted() {
    skip_space();
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return std::nullopt;
    const char quote = rest_.front();
    std::string out;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == quote) {
        rest_.remove_prefix(i + 1);
        return out;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      out += rest_[i];
    }
    return std::nullopt;
  }

 private:
  void skip_space() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\n')) {
      rest_.remove_prefix(1);
    }
  }
  std::string_view rest_;
};

}  // namespace

std::string_view metadata_text(const GraphSignature& signature, std::string_view key) {
  for (const auto& [name, value] : signature.metadata) {
    if (name == key) return value;
  }
  return {};
}

bool may_do(const GraphSignature& signature, std::string_view task) {
  const auto named = metadata_text(signature, "task");
  return named.empty() || named == task;
}

std::vector<int> metadata_numbers(const GraphSignature& signature, std::string_view key) {
  PythonText text(metadata_text(signature, key));
  if (!text.take('[')) return {};
  std::vector<int> out;
  do {
    const auto number = text.number();
    if (!number || out.size() == kNumbersMax) return {};
    out.push_back(*number);
  } while (text.take(','));
  if (!text.take(']')) return {};
  return out;
}

std::vector<std::string> metadata_labels(const GraphSignature& signature) {
  PythonText text(metadata_text(signature, "names"));
  if (!text.take('{')) return {};
  std::vector<std::string> out;
  do {
    const auto index = text.number();
    if (!index || static_cast<std::size_t>(*index) != out.size() || !text.take(':')) return {};
    auto name = text.quoted();
    if (!name || out.size() >= kLabelsMax) return {};
    out.push_back(std::move(*name));
  } while (text.take(','));
  if (!text.take('}')) return {};
  return out;
}

std::optional<std::pair<int, int>> metadata_image_size(const GraphSignature& signature) {
  const auto sides = metadata_numbers(signature, "imgsz");
  if (sides.size() != 2) return std::nullopt;
  return std::pair(sides[0], sides[1]);
}

}  // namespace aa::decode
