#include <algorithm>

#include <fmt/format.h>

#include "tests/convergence/editors.hpp"

namespace aa::live {
namespace {
constexpr std::size_t kProblemsShown = 20;
constexpr std::size_t kTextShown = 300;

// Both documents from where they part.
std::string parting(const std::string& ours, const std::string& theirs) {
  const auto [a, b] = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
  const auto at = static_cast<std::size_t>(a - ours.begin());
  const auto from = at - std::min<std::size_t>(at, kTextShown / 2);
  return fmt::format(": {} | server: {}", ours.substr(from, kTextShown),
                     theirs.substr(from, kTextShown));
}
}  // namespace

std::vector<std::string> Editors::check() {
  std::vector<std::string> problems;
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    const Table& table = tables_[t];
    const Record record = record_of(https_.begin()->second, table.seats->seats.front());
    std::vector<Acknowledged> acknowledged = table.by_http;
    std::vector<std::string> found;
    for (const std::size_t c : table.clients) {
      const Replica& replica = clients_[c]->replica;
      acknowledged.insert(acknowledged.end(), replica.acknowledged().begin(),
                          replica.acknowledged().end());
      found.insert(found.end(), replica.problems().begin(), replica.problems().end());
      if (bytes_of(replica.confirmed()) != record.snapshot) {
        found.push_back("a client's document is not the server's" +
                        parting(bytes_of(replica.confirmed()), record.snapshot));
      }
      if (replica.settled() && bytes_of(replica.shown()) != record.snapshot) {
        found.emplace_back("what a client shows is not the server's document");
      }
    }
    const auto more = check_record(record, acknowledged);
    found.insert(found.end(), more.begin(), more.end());
    const std::size_t most = acknowledged.size() + table.unknown;
    if (record.log.size() < acknowledged.size() || record.log.size() > most) {
      found.push_back(fmt::format("{} operations stored, {} acknowledged", record.log.size(),
                                  acknowledged.size()));
    }
    for (const auto& problem : found) {
      problems.push_back(fmt::format("seed {}, asset {}: {}", options_.seed + t,
                                     table.canvas.asset.str(), problem));
    }
  }
  return problems;
}

std::string Editors::report(const std::vector<std::string>& problems) const {
  std::size_t acknowledged = 0;
  std::size_t refused = 0;
  std::map<std::string, std::size_t> dropped;
  for (const auto& client : clients_) {
    acknowledged += client->replica.acknowledged().size();
    refused += client->replica.refused_batches();
    for (const auto& [code, count] : client->replica.dropped()) dropped[code] += count;
  }
  std::string shown;
  for (std::size_t i = 0; i < std::min(problems.size(), kProblemsShown); ++i) {
    if (i > 0) shown += ',';
    json::append_string(shown, problems[i]);
  }
  return fmt::format(R"({{"rooms":{},"clients":{},"connections":{},"cuts":{},"acknowledged":{},)"
                     R"("by_http":{},"dropped":{},"refused":{},"problems":{},"shown":[{}]}})",
                     tables_.size(), clients_.size(), connections_, cuts_, acknowledged, by_http_,
                     json::write(dropped), refused, problems.size(), shown);
}

}  // namespace aa::live
