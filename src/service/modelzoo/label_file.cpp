#include "service/modelzoo/label_file.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "driver/host/atomic_file.hpp"
#include "kernel/decode/metadata.hpp"
#include "kernel/formats/yolo.hpp"

namespace aa::modelzoo {
namespace {

constexpr std::uint64_t kFileBytes = 1ULL << 20;

std::vector<std::string> names_in_json(const json::Value& document) {
  const json::Value* list = &document;
  if (const auto* object = document.if_object()) list = object->if_contains("labels");
  if (list == nullptr || !list->is_array())
    throw malformed("no_list", "It holds no list of names.");
  std::vector<std::string> out;
  for (const auto& item : list->get_array()) {
    const json::Value* name = item.is_object() ? item.get_object().if_contains("name") : &item;
    if (name == nullptr || !name->is_string() || name->get_string().empty()) {
      throw malformed("no_name", "Entry " + std::to_string(out.size()) + " has no name.");
    }
    out.emplace_back(std::string_view(name->get_string()));
  }
  return out;
}

std::vector<std::string> names_in(const std::filesystem::path& file, const std::string& text) {
  const auto extension = file.extension();
  if (extension == ".json") return names_in_json(json::parse(text));
  if (extension == ".yaml" || extension == ".yml") return formats::read_yolo_data_yaml(text);
  return formats::read_yolo_classes(text);
}

}  // namespace

std::vector<std::string> read_label_file(const std::filesystem::path& file) {
  const auto text = host::read_file(file, kFileBytes);
  try {
    auto names = names_in(file, text);
    if (names.empty() || names.size() > decode::kLabelsMax) {
      throw malformed("count",
                      "It must hold 1 to " + std::to_string(decode::kLabelsMax) + " names.");
    }
    return names;
  } catch (const Error& error) {
    throw invalid("bad_labels", file.string() + " gives no labels: " + error.message());
  }
}

std::vector<std::string> read_dictionary(const std::filesystem::path& file) {
  const auto text = host::read_file(file, kFileBytes);
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    if (out.back().ends_with('\r')) out.back().pop_back();
    at = end + 1;
  }
  return out;
}

}  // namespace aa::modelzoo
