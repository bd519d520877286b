#include "tests/convergence/order.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace aa::live {
namespace {

std::string stored_text(const LogEntry& entry) {
  std::string out = document::write_operation(entry.operation);
  out.back() = ',';
  return out + "\"revision\":" + std::to_string(entry.revision) + "}";
}

void append(std::string& list, const std::string& element) {
  if (!list.empty()) list += ',';
  list += element;
}

}  // namespace

const LogEntry* Order::find(OperationId id) const {
  const auto found = std::find_if(log_.begin(), log_.end(),
                                  [&](const LogEntry& e) { return e.operation.id == id; });
  return found == log_.end() ? nullptr : &*found;
}

std::string Order::welcome(std::string_view hello, UserId user) const {
  const json::Value message = json::parse(hello);
  const json::Value& revision = message.at("revision");
  std::string rest;
  if (revision.is_null()) {
    rest = "\"snapshot\":" + bytes_of(document_);
  } else {
    std::string operations;
    for (auto at = revision.to_number<std::size_t>(); at < log_.size(); ++at) {
      append(operations, stored_text(log_[at]));
    }
    rest = "\"operations\":[" + operations + "]";
  }
  return fmt::format(R"({{"t":"welcome","user":{{"id":"{}"}},"revision":{},{}}})", user.str(),
                     document_.revision(), rest);
}

Order::Answers Order::submit(std::string_view batch) {
  const json::Value message = json::parse(batch);
  const auto base = message.at("base").to_number<std::size_t>();
  std::vector<document::Operation> operations;
  std::vector<document::Change> changes;
  std::string stored;
  for (const auto& item : message.at("operations").as_array()) {
    auto operation = document::read_operation(item);
    if (const LogEntry* before = find(operation.id)) {
      append(stored, stored_text(*before));
      continue;
    }
    changes.push_back(operation.change);
    operations.push_back(std::move(operation));
  }
  std::vector<document::Change> over;
  for (std::size_t at = base; at < log_.size(); ++at) over.push_back(log_[at].operation.change);
  const auto merges = ot::transform_all(changes, over, ot::Side::later);
  std::string dropped;
  std::string fresh;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    document::Operation& operation = operations[i];
    if (merges[i].change) operation.change = *merges[i].change;
    if (!merges[i].change || !document_.apply(operation.change).ok) {
      append(dropped, fmt::format(R"({{"id":"{}","code":"target_gone","rule":"{}"}})",
                                  operation.id.str(), merges[i].rule));
      continue;
    }
    log_.push_back({document_.revision(), operation});
    append(fresh, stored_text(log_.back()));
    append(stored, stored_text(log_.back()));
  }
  Answers out;
  out.to_sender =
      fmt::format(R"({{"t":"ack","n":{},"revision":{},"stored":[{}],"dropped":[{}]}})",
                  message.at("n").to_number<std::int64_t>(), document_.revision(), stored, dropped);
  if (!fresh.empty()) {
    out.to_others = fmt::format(R"({{"t":"ops","revision":{},"operations":[{}]}})",
                                document_.revision(), fresh);
  }
  return out;
}

}  // namespace aa::live
