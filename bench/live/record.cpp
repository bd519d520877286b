#include "bench/live/record.hpp"

#include <algorithm>
#include <map>

namespace aa::live {
namespace {

constexpr int kPage = 200;

// Members beside the operation in what the server stores.
constexpr std::array<const char*, 5> kBeside = {"revision", "created_by", "created_at", "source",
                                                "run"};

document::Operation operation_of(json::Object object) {
  for (const char* name : kBeside) object.erase(name);
  return document::read_operation(json::Value(std::move(object)));
}

std::vector<LogEntry> page(const json::Value& body) {
  std::vector<LogEntry> out;
  for (const auto& item : body.at("items").as_array()) {
    out.push_back({item.at("revision").to_number<std::int64_t>(),
                   operation_of(item.at("operation").as_object())});
  }
  return out;
}

std::string place(const LogEntry& entry) {
  return entry.operation.id.str() + " at revision " + std::to_string(entry.revision);
}

}  // namespace

LogEntry read_stored(const json::Value& value) {
  return {value.at("revision").to_number<std::int64_t>(), operation_of(value.as_object())};
}

document::Operation as_read(const document::Operation& operation) {
  return document::read_operation(document::write_operation(operation));
}

Record record_of(Http& http, const Seat& seat) {
  const std::string asset = "/assets/" + seat.asset_id.str();
  Record out;
  out.snapshot = http.expect("GET", asset + "/annotations", seat.token);
  std::string before;
  while (true) {
    const std::string target = asset + "/history?limit=" + std::to_string(kPage) + before;
    auto entries = page(json::parse(http.expect("GET", target, seat.token)));
    if (entries.empty()) break;
    before = "&before=" + std::to_string(entries.back().revision);
    std::move(entries.begin(), entries.end(), std::back_inserter(out.log));
    if (out.log.back().revision <= 1) break;
  }
  std::reverse(out.log.begin(), out.log.end());
  return out;
}

std::string bytes_of(const document::Document& document) {
  return json::write(document.snapshot());
}

std::vector<std::string> check_record(const Record& record,
                                      const std::vector<Acknowledged>& acknowledged) {
  std::vector<std::string> problems;
  document::Document fold;
  std::map<OperationId, std::int64_t> places;
  for (const LogEntry& entry : record.log) {
    if (entry.revision != fold.revision() + 1) {
      problems.push_back("after revision " + std::to_string(fold.revision()) + " comes " +
                         std::to_string(entry.revision));
      fold.set_revision(entry.revision - 1);
    }
    if (!places.emplace(entry.operation.id, entry.revision).second) {
      problems.push_back("stored twice: " + place(entry));
    }
    const auto result = fold.apply(entry.operation);
    if (!result.ok) problems.push_back("does not apply (" + result.code + "): " + place(entry));
    fold.set_revision(entry.revision);
  }
  for (const Acknowledged& known : acknowledged) {
    const auto found = places.find(known.id);
    if (found == places.end()) {
      problems.push_back("lost: " + place({known.revision, {known.id, {}}}));
    } else if (found->second != known.revision) {
      problems.push_back("stands at revision " + std::to_string(found->second) +
                         ", was acknowledged: " + place({known.revision, {known.id, {}}}));
    }
  }
  if (bytes_of(fold) != record.snapshot) {
    problems.push_back("the fold of the log is not the server's document at revision " +
                       std::to_string(fold.revision()));
  }
  return problems;
}

}  // namespace aa::live
