// The end of a run: every document against the server's log, and the report.
#include <fstream>
#include <stdexcept>

#include "bench/live/load_run.hpp"

namespace aa::live {
namespace {

constexpr std::size_t kProblemsShown = 20;

constexpr int kTries = 6;  // of ten seconds each

bool answers(Http& http, const Seat& seat) {
  for (int tries = 0; tries < kTries; ++tries) {
    try {
      http.expect("GET", "/assets/" + seat.asset_id.str(), seat.token);
      return true;
    } catch (const std::runtime_error&) {
      continue;
    }
  }
  return false;
}

// What the authors and the other members of a room hold of an operation is what the log has.
void compare(const Room& room, const Record& record, std::vector<std::string>& problems) {
  const auto at = [&](std::int64_t revision) -> const LogEntry* {
    const auto place = static_cast<std::size_t>(revision - 1);
    return revision >= 1 && place < record.log.size() ? &record.log[place] : nullptr;
  };
  for (const auto& [revision, operation] : room.own) {
    const LogEntry* entry = at(revision);
    if (entry != nullptr && entry->operation == operation) continue;
    problems.push_back("its author has another: " + document::write_operation(operation));
  }
  for (std::size_t i = 0; i < room.texts.size(); ++i) {
    if (room.texts[i].empty()) continue;  // alone in the room
    const LogEntry known = read_stored(json::parse(room.texts[i]));
    const LogEntry* entry = at(known.revision);
    if (entry != nullptr && entry->operation == known.operation) continue;
    problems.push_back("members have another: " + room.texts[i]);
  }
}

}  // namespace

std::vector<std::string> LoadRun::check() {
  Http http(options_.port);
  std::vector<std::string> problems = notes_;
  std::ofstream ledger;
  if (!options_.ledger.empty()) ledger.open(options_.ledger);
  for (std::size_t r = 0; r < rooms_.size(); ++r) {
    const Room& room = rooms_[r];
    if (!answers(http, seats_[r].seats.front())) {
      problems.emplace_back("the server does not answer any more");
      return problems;
    }
    for (const auto& known : room.acknowledged) {
      if (ledger.is_open()) {
        ledger << room.canvas.asset.str() << ' ' << known.revision << ' ' << known.id.str() << '\n';
      }
    }
    const Record record = record_of(http, seats_[r].seats.front());
    auto found = check_record(record, room.acknowledged);
    compare(room, record, found);
    const auto before = static_cast<std::size_t>(room.first);
    if (record.log.size() != before + room.acknowledged.size()) {
      found.push_back(fmt::format("{} operations stored, {} acknowledged",
                                  record.log.size() - before, room.acknowledged.size()));
    }
    if (bytes_of(room.document) != record.snapshot) {
      found.push_back("the editors' document is not the server's");
    }
    for (auto& problem : found) problems.push_back(room.canvas.asset.str() + ": " + problem);
  }
  return problems;
}

std::string LoadRun::report(const std::vector<std::string>& problems, bool quiet) {
  const auto& a = counts_at_start_;
  const auto& b = counts_at_end_;
  const auto rate = [&](std::size_t from, std::size_t to) {
    return counted_s_ > 0 ? static_cast<double>(to - from) / counted_s_ : 0;
  };
  std::string shown;
  for (std::size_t i = 0; i < std::min(problems.size(), kProblemsShown); ++i) {
    if (i > 0) shown += ',';
    json::append_string(shown, problems[i]);
  }
  return fmt::format(
      R"({{"rooms":{},"editors":{},"seconds":{:.2f},"operations_per_s":{:.1f},)"
      R"("acknowledged_per_s":{:.1f},"deliveries_per_s":{:.1f},"presence_per_s":{:.1f},)"
      R"("ack":{},"delivery":{},"sent":{},"acknowledged":{},"dropped":{},"deliveries":{},)"
      R"("late":{},"nobody":{},"errors":{},"resyncs":{},"closed":{},"differing":{},)"
      R"("disordered":{},"server_mib":{:.1f},"server_cpu_s":{:.2f},"quiet":{},)"
      R"("problems":{},"shown":[{}]}})",
      rooms_.size(), editors_.size(), counted_s_, rate(a.sent, b.sent),
      rate(a.acknowledged, b.acknowledged), rate(a.deliveries, b.deliveries),
      rate(a.presence_received, b.presence_received), ack_.json(), delivery_.json(), counts_.sent,
      counts_.acknowledged, counts_.dropped, counts_.deliveries, counts_.late, counts_.nobody,
      counts_.errors, counts_.resyncs, counts_.closed, counts_.differing, counts_.disordered,
      server_ ? server_->most_mib() : 0, cpu_s_, quiet, problems.size(), shown);
}

}  // namespace aa::live
