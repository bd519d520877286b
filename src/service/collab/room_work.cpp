#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "core/observe/log.hpp"
#include "service/collab/room.hpp"
#include "service/collab/server_message.hpp"

namespace aa::collab {
namespace {

using annotation::StoredOperation;
using runtime::Task;
using std::chrono::milliseconds;

constexpr milliseconds kPauseMin{250};
constexpr milliseconds kPauseMax{4'000};

std::vector<std::string> texts_of(const std::vector<StoredOperation>& stored) {
  std::vector<std::string> out;
  out.reserve(stored.size());
  for (const auto& operation : stored) out.push_back(operation.json());
  return out;
}

// False when it was as high already.
bool raise(std::atomic<std::int64_t>& value, std::int64_t to) {
  auto present = value.load();
  while (present < to && !value.compare_exchange_weak(present, to)) {
  }
  return present < to;
}

}  // namespace

void Room::grew(std::int64_t revision) {
  if (!raise(known_, revision)) return;
  boost::asio::post(strand_, [self = shared_from_this()] { self->wake(); });
}

void Room::threads_grew(std::int64_t revision) {
  if (context_->threads == nullptr || !raise(known_threads_, revision)) return;
  boost::asio::post(strand_, [self = shared_from_this()] { self->wake(); });
}

bool Room::behind() const { return document_ && known_ > document_->revision(); }

bool Room::threads_behind() const { return document_ && known_threads_ > told_threads_; }

bool Room::has_work() const {
  return !queue_.empty() || !joins_.empty() || behind() || threads_behind() ||
         (!document_ && !members_.empty());
}

void Room::wake() {
  if (working_ || pausing_ || !has_work()) return;
  working_ = true;
  boost::asio::co_spawn(
      strand_, [self = shared_from_this()] { return self->work(); }, [](std::exception_ptr) {});
}

Task<> Room::work() {
  std::optional<Error> failure;
  try {
    co_await do_work();
  } catch (const Error& error) {
    failure = error;
  } catch (const std::exception& error) {
    failure = internal_error(error.what());
  }
  working_ = false;
  if (failure) failed(*failure);
  if (drained_) finish_drain();
}

Task<> Room::do_work() {
  while (has_work()) {
    if (!document_) co_await open_document();
    if (behind()) co_await catch_up();
    if (threads_behind()) co_await tell_threads();
    while (!joins_.empty()) {
      const Join join = joins_.front();  // stays until it is done, lest a failure forget it
      // Who comes from another instance may know more than was heard of here.
      if (join.revision.value_or(0) > document_->revision()) co_await catch_up();
      co_await welcome(join);
      std::erase_if(joins_, [&](const Join& other) { return other.member == join.member; });
    }
    if (!queue_.empty()) co_await append_round();
    pause_ = {};
  }
}

// Members who were there before a failure are told what came meanwhile.
Task<> Room::open_document() {
  if (context_->threads != nullptr && told_threads_ == 0) {
    told_threads_ = co_await context_->threads->revision(organization_, asset_);
  }
  document_ = co_await context_->log.open(organization_, asset_);
  const auto now_at = document_->revision();
  const std::int64_t before = told_;
  if (now_at < before || now_at - before > context_->limits.catch_up_max) {
    resync_all("The server lost its place in the history of this image.");
  } else if (now_at > before) {
    const auto limit = static_cast<int>(now_at - before);
    const auto missed = co_await context_->log.since(organization_, asset_, before, limit);
    tell_foreign(missed);
  }
  told_ = now_at;
}

Task<> Room::catch_up() {
  const std::int64_t wanted = known_;
  const auto missed = co_await context_->log.catch_up(*document_);
  tell_foreign(missed);
  told_ = document_->revision();
  // The news were of a log that is there no more: a backup was played back.
  if (document_->revision() < wanted) known_ = document_->revision();
}

Task<> Room::tell_threads() {
  const std::int64_t wanted = known_threads_;
  const auto threads = co_await context_->threads->since(organization_, asset_, told_threads_);
  for (const auto& thread : threads) {
    const auto frame = http::text_frame(R"({"t":"thread","thread":)" + thread.json + '}');
    for (const auto& [session, member] : members_) {
      if (member->welcomed) member->send(frame);
    }
  }
  told_threads_ = threads.empty() ? wanted : threads.back().revision;
}

Task<> Room::welcome(Join join) {
  const auto& member = join.member;
  const auto now_at = document_->revision();
  WelcomeParts parts;
  std::vector<std::string> operations;
  std::string snapshot;
  const std::int64_t have = join.revision.value_or(-1);
  if (have >= 0 && have <= now_at && now_at - have <= context_->limits.catch_up_max) {
    std::vector<StoredOperation> missed;
    const auto limit = static_cast<int>(now_at - have);
    if (limit > 0) missed = co_await context_->log.since(organization_, asset_, have, limit);
    operations = texts_of(missed);
    parts.operations = &operations;
  } else {
    snapshot = snapshot_json(document_->document(), now_at);
    parts.snapshot = &snapshot;
  }
  if (!members_.contains(member->session)) co_return;
  parts.member = member.get();
  parts.revision = now_at;
  parts.members = presence_.others_of(member->session);
  parts.locks = locks_.json();
  member->welcomed = true;
  member->send(http::text_frame(welcome_message(parts)));
  presence_.show(member->session, presence_json(*member, {}));
  tell_soon();
}

std::vector<Room::Waiting> Room::take_round() {
  std::size_t count = 0;
  auto end = queue_.begin();
  do {
    count += end->operations.size();
    ++end;
  } while (end != queue_.end() &&
           count + end->operations.size() <= context_->limits.round_operations);
  std::vector<Waiting> out(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  return out;
}

Task<> Room::append_round() {
  round_ = take_round();
  std::vector<annotation::Submission> submissions;
  for (const auto& waiting : round_) {
    submissions.push_back({waiting.member->author(), waiting.base, waiting.operations});
  }
  const auto before = document_->revision();
  const auto started = std::chrono::steady_clock::now();
  auto appended = co_await context_->log.append(*document_, std::move(submissions));
  context_->metrics.observe_seconds("aa_live_append_seconds",
                                    "Time of a room's round until it is durable", {},
                                    std::chrono::steady_clock::now() - started);
  auto round = std::move(round_);
  round_.clear();
  tell_round(std::move(appended), before, round);
  told_ = document_->revision();
}

void Room::tell_round(annotation::Appended appended, std::int64_t before,
                      std::vector<Waiting>& round) {
  Round out;
  if (!appended.foreign.empty()) {
    before = appended.foreign.back().revision;
    out.add({nullptr, {}, texts_of(appended.foreign), before});
  }
  for (std::size_t i = 0; i < round.size(); ++i) {
    const auto& verdict = appended.verdicts.at(i);
    --round[i].member->under_way;
    Turn turn;
    turn.author = round[i].member;
    turn.revision = verdict.revision;
    if (verdict.refusal) {
      turn.ack = error_message(round[i].n, verdict.refusal->slug(), verdict.refusal->message());
      ++context_->counters.refused;
    } else {
      turn.ack = ack_message(round[i].n, verdict, round[i].operations);
    }
    for (const auto& stored : verdict.stored) {
      if (stored.revision <= before) continue;  // sent and told before
      turn.operations.push_back(stored.json());
      before = stored.revision;
    }
    context_->counters.operations += turn.operations.size();
    if (!turn.operations.empty()) turn.author->used = true;
    out.add(std::move(turn));
  }
  send_round(out);
}

void Room::tell_foreign(const std::vector<StoredOperation>& stored) {
  if (stored.empty()) return;
  Round out;
  out.add({nullptr, {}, texts_of(stored), stored.back().revision});
  send_round(out);
}

void Room::send_round(Round& round) {
  std::size_t sent = 0;
  for (const auto& [session, member] : members_) {
    if (member->welcomed) sent += round.send_to(*member);
  }
  context_->counters.deliveries += sent;
}

void Room::refuse(const Waiting& waiting, std::string_view code, std::string_view detail) {
  constexpr milliseconds kRetry{1'000};
  --waiting.member->under_way;
  ++context_->counters.refused;
  const bool again = code != "permission_denied";
  waiting.member->send(
      http::text_frame(error_message(waiting.n, code, detail, again ? kRetry : milliseconds(0))));
}

void Room::resync_all(std::string_view reason) {
  const auto frame = http::text_frame(resync_message(reason));
  for (const auto& [session, member] : members_) {
    if (!member->welcomed) continue;
    member->send(frame);
    member->expel(Close::going_away, "Connect again.");
  }
}

void Room::failed(const Error& error) {
  document_.reset();
  auto refused = std::exchange(round_, {});
  std::move(queue_.begin(), queue_.end(), std::back_inserter(refused));
  queue_.clear();
  for (const auto& waiting : refused) {
    refuse(waiting, "unavailable", "Changes cannot be stored at the moment.");
  }
  if (error.code() == ErrorCode::not_found) {
    joins_.clear();
    for (const auto& [session, member] : members_) {
      member->expel(Close::gone, "This image was deleted.");
    }
    return;
  }
  observe::warn("live.room_failed", {{"asset_id", asset_.str()}, {"error", error.what()}});
  pausing_ = true;
  pause_ = std::clamp(2 * pause_, kPauseMin, kPauseMax);
  const auto spread = std::hash<AssetId>{}(asset_) % static_cast<std::size_t>(pause_.count());
  pause_timer_.expires_after(pause_ + milliseconds(spread));  // not all rooms at once
  pause_timer_.async_wait([self = shared_from_this()](boost::system::error_code) {
    self->pausing_ = false;
    self->wake();
  });
}

}  // namespace aa::collab
