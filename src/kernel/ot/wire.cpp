#include "kernel/ot/wire.hpp"

#include "base/error.hpp"

namespace aa::ot {
namespace {

struct Listed {
  Change change;
  json::Object passed;  // members that are not those of the change
};

Listed read_listed(json::Object object) {
  Listed out;
  for (const auto* name :
       {"id", "step", "undoes", "revision", "created_by", "created_at", "source", "run"}) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) continue;
    out.passed.emplace(name, *value);
    object.erase(name);
  }
  object["id"] = OperationId{}.str();
  out.change = document::read_operation(json::Value(std::move(object))).change;
  return out;
}

std::vector<Listed> read_list(std::string_view text) {
  const json::Value value = json::parse(text);
  const json::Array* list = value.if_array();
  if (list == nullptr) throw invalid("invalid_operation", "Operations must be a list.");
  std::vector<Listed> out;
  out.reserve(list->size());
  for (const json::Value& item : *list) {
    if (!item.is_object()) throw invalid("invalid_operation", "An operation must be an object.");
    out.push_back(read_listed(item.get_object()));
  }
  return out;
}

void append_listed(std::string& out, const json::Object& passed,
                   const std::optional<Change>& change) {
  if (!change) {
    out += "null";
    return;
  }
  const std::string text = document::write_change(*change);  // {"id":"","op":...
  if (passed.empty()) {
    out += '{';
  } else {
    out += json::write(passed);
    out.back() = ',';
  }
  out += std::string_view(text).substr(text.find("\"op\""));
}

}  // namespace

std::string transform_operations(std::string_view changes, std::string_view over, Side side) {
  auto mine = read_list(changes);
  auto theirs = read_list(over);
  std::vector<Change> sent;
  for (Listed& listed : mine) sent.push_back(std::move(listed.change));
  std::vector<Merge> others;
  for (Listed& listed : theirs) others.push_back({std::move(listed.change), {}});
  const auto merged = transform_all(std::move(sent), others, side);
  std::string out = "{\"changes\":[";
  for (std::size_t i = 0; i < merged.size(); ++i) {
    out += i == 0 ? "{\"change\":" : ",{\"change\":";
    append_listed(out, mine[i].passed, merged[i].change);
    out += ",\"rule\":";
    json::append_string(out, merged[i].rule);
    out += '}';
  }
  out += "],\"over\":[";
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (i > 0) out += ',';
    append_listed(out, theirs[i].passed, others[i].change);
  }
  return out + "]}";
}

}  // namespace aa::ot
