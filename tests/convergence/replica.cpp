#include "tests/convergence/replica.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace aa::live {

using document::Change;
using document::Operation;

namespace {

constexpr std::size_t kBatch = 20;
constexpr std::size_t kSteps = 12;
constexpr std::size_t kProblemsMax = 5;

std::string_view text_of(const json::Object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view{};
}

std::int64_t number_of(const json::Object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::int64_t>() : -1;
}

const json::Array& list_of(const json::Object& object, std::string_view name) {
  static const json::Array kNone;
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

// Of a put the server fills in whose it is and where.
Change without_filling(const Change& change) {
  Change out = as_read({{}, change, {}, {}}).change;
  if (auto* put = std::get_if<document::Put>(&out)) {
    put->annotation.created_by.reset();
    put->annotation.asset_id = {};
    put->annotation.revision = 0;
  }
  return out;
}

}  // namespace

void Replica::problem(std::string text) {
  if (problems_.size() < kProblemsMax) problems_.push_back(std::move(text));
}

std::size_t Replica::under_way() const {
  if (!batch_) return 0;
  std::size_t out = 0;
  for (; out < queue_.size(); ++out) {
    const auto& sent = batch_->operations;
    const auto& id = queue_[out].operation.id;
    if (std::none_of(sent.begin(), sent.end(), [&](const Operation& o) { return o.id == id; })) {
      break;
    }
  }
  return out;
}

void Replica::show() {
  shown_ = confirmed_;
  for (const Queued& queued : queue_) {
    if (!queued.gone) shown_.apply(queued.operation.change);
  }
}

void Replica::edit(const std::vector<Change>& changes) {
  Step step{ids_->next_as<StepId>(), {}};
  for (const Change& change : changes) {
    auto operation = as_read({ids_->next_as<OperationId>(), change, step.id, {}});
    auto inverse = shown_.invert(operation.change);
    if (!shown_.apply(operation).ok) continue;
    step.inverse.insert(step.inverse.begin(), inverse.begin(), inverse.end());
    queue_.push_back({std::move(operation)});
  }
  if (step.inverse.empty()) return;
  steps_.push_back(std::move(step));
  if (steps_.size() > kSteps) steps_.pop_front();
}

bool Replica::undo() {
  if (steps_.empty()) return false;
  const Step step = std::move(steps_.back());
  steps_.pop_back();
  const auto fresh = ids_->next_as<StepId>();
  for (const Change& change : step.inverse) {
    auto operation = as_read({ids_->next_as<OperationId>(), change, fresh, step.id});
    if (shown_.apply(operation).ok) queue_.push_back({std::move(operation)});
  }
  return true;
}

// R12: what takes a step back is transformed as if it came first. The steps are a stack: what takes
// back an earlier one stands on what is left when the later ones are taken back.
void Replica::take_back_over(std::vector<Change> over) {
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
    std::vector<Change> left;
    for (auto& merge : ot::transform_all(step->inverse, over, ot::Side::earlier)) {
      if (merge.change) left.push_back(std::move(*merge.change));
    }
    step->inverse = std::move(left);
  }
}

std::string Replica::hello() const {
  if (user_ == UserId{}) return R"({"t":"hello","revision":null})";
  return fmt::format(R"({{"t":"hello","revision":{}}})", confirmed_.revision());
}

void Replica::disconnected() {
  welcome_ = false;
  arrived_.clear();
  awaited_ = false;
  if (batch_) resend_ = true;
}

std::string Replica::batch_text(const Batch& batch) {
  awaited_ = true;
  std::string out =
      fmt::format(R"({{"t":"ops","n":{},"base":{},"operations":[)", ++number_, batch.base);
  for (std::size_t i = 0; i < batch.operations.size(); ++i) {
    if (i > 0) out += ',';
    out += document::write_operation(batch.operations[i]);
  }
  return out + "]}";
}

std::optional<std::string> Replica::next_batch(bool as_before) {
  if (!welcome_ || (batch_ && !resend_)) return std::nullopt;
  if (resend_ && (as_before || !foreseeing_)) {
    resend_ = false;
    return batch_text(*batch_);
  }
  const std::size_t again = resend_ ? under_way() : 0;
  resend_ = false;
  while (!queue_.empty() && queue_.front().gone) queue_.pop_front();
  if (queue_.empty()) {
    batch_.reset();
    return std::nullopt;
  }
  Batch batch{confirmed_.revision(), {}};
  const std::size_t count = again > 0 ? again : std::min(queue_.size(), kBatch);
  for (std::size_t i = 0; i < std::min(count, queue_.size()); ++i) {
    if (!queue_[i].gone) batch.operations.push_back(queue_[i].operation);
  }
  std::erase_if(queue_, [](const Queued& q) { return q.gone; });
  batch_ = std::move(batch);
  return batch_text(*batch_);
}

void Replica::take(std::string_view message) {
  const json::Value value = json::parse(message);
  const json::Object& object = value.as_object();
  const std::string_view kind = text_of(object, "t");
  if (kind == "welcome") welcome(object);
  if (kind == "ack") answer(object);
  if (kind == "error") error(object);
  if (kind != "ops") return;
  for (const auto& stored : list_of(object, "operations")) arrive(stored, false);
  advance();
}

void Replica::welcome(const json::Object& message) {
  welcome_ = true;
  const auto id = json::read<UserId>(message.at("user").at("id"));
  if (user_ != UserId{} && user_ != id) problem("welcomed as somebody else");
  user_ = id;
  if (const auto* snapshot = message.if_contains("snapshot")) {
    document::Document fresh(json::read<document::Snapshot>(*snapshot));
    if (fresh.revision() < confirmed_.revision()) problem("welcomed with an older document");
    if (!queue_.empty() && fresh.revision() > confirmed_.revision()) foreseeing_ = false;
    confirmed_ = std::move(fresh);
    steps_.clear();
    show();
  }
  for (const auto& stored : list_of(message, "operations")) arrive(stored, false);
  advance();
  const std::int64_t revision = number_of(message, "revision");
  if (confirmed_.revision() != revision) {
    problem(fmt::format("welcomed to revision {}, given what leads to {}", revision,
                        confirmed_.revision()));
  }
}

void Replica::answer(const json::Object& message) {
  if (!batch_ || number_of(message, "n") != number_) return problem("an answer to nothing");
  awaited_ = false;
  const std::size_t sent = batch_->operations.size();
  for (const auto& stored : list_of(message, "stored")) arrive(stored, true);
  for (const auto& dropped : list_of(message, "dropped")) {
    ++dropped_[std::string(text_of(dropped.as_object(), "code"))];
    drop(json::read<OperationId>(dropped.at("id")));
  }
  const std::size_t count = list_of(message, "dropped").size() + list_of(message, "stored").size();
  if (count != sent) problem("an answer to a part of a batch");
  advance();
  if (under_way() > 0 && arrived_.empty()) problem("operations without an answer");
}

void Replica::error(const json::Object& message) {
  const std::string code(text_of(message, "code"));
  if (!batch_ || number_of(message, "n") != number_) return problem("error: " + code);
  awaited_ = false;
  if (code == "rate_limited" || code == "unavailable") {
    ++refused_;
    resend_ = true;
    return;
  }
  problem("refused: " + code + " " + std::string(text_of(message, "detail")));
  const Batch refused = *batch_;
  for (const auto& operation : refused.operations) drop(operation.id);
}

void Replica::drop(OperationId id) {
  const auto at = std::find_if(queue_.begin(), queue_.end(),
                               [&](const Queued& q) { return q.operation.id == id; });
  // What stands behind it was transformed as if it would be stored.
  if (at != queue_.end() && !at->gone) foreseeing_ = false;
  std::erase_if(queue_, [&](const Queued& q) { return q.operation.id == id; });
  show();
  finish_batch();
}

void Replica::finish_batch() {
  if (!awaited_ && !resend_ && under_way() == 0) batch_.reset();
}

void Replica::acknowledge(OperationId id, std::int64_t revision) {
  const auto [place, fresh] = places_.emplace(id, revision);
  if (fresh) acknowledged_.push_back({id, revision});
  if (place->second != revision) problem("acknowledged at two revisions: " + id.str());
}

// `answered`: as an answer has it, which leaves out operations that are as they were sent.
void Replica::arrive(const json::Value& stored, bool answered) {
  const json::Object& object = stored.as_object();
  const std::int64_t revision = number_of(object, "revision");
  const auto id = json::read<OperationId>(object.at("id"));
  const Operation* sent = nullptr;
  for (std::size_t i = 0; batch_ && i < batch_->operations.size(); ++i) {
    if (batch_->operations[i].id == id) sent = &batch_->operations[i];
  }
  if (sent != nullptr) acknowledge(id, revision);
  if (revision <= confirmed_.revision()) {
    if (!answered) problem(fmt::format("revision {} came again", revision));
    drop(id);
    return;
  }
  if (sent == nullptr && answered) return problem("acknowledged, but never sent: " + id.str());
  Arrived arrived{{}, sent != nullptr};
  arrived.operation = object.contains("op") ? read_stored(stored).operation : *sent;
  if (!arrived_.emplace(revision, std::move(arrived)).second && !answered) {
    problem(fmt::format("revision {} came twice", revision));
  }
}

void Replica::advance() {
  for (auto next = arrived_.begin();
       next != arrived_.end() && next->first == confirmed_.revision() + 1;
       next = arrived_.erase(next)) {
    const Operation& operation = next->second.operation;
    const auto result = confirmed_.apply(operation.change);
    if (!result.ok) {
      problem("does not apply (" + result.code + "): " + document::write_operation(operation));
      confirmed_.set_revision(next->first);
    }
    if (next->second.own)
      take_own(operation);
    else
      take_foreign(operation);
  }
  show();
  finish_batch();
  if (queue_.empty()) foreseeing_ = true;
}

void Replica::take_foreign(const Operation& operation) {
  std::vector<Change> mine;
  for (const Queued& queued : queue_) {
    if (!queued.gone) mine.push_back(queued.operation.change);
  }
  std::vector<Change> over{operation.change};
  auto merges = ot::transform_all(mine, over, ot::Side::later);
  auto merge = merges.begin();
  for (Queued& queued : queue_) {
    if (queued.gone) continue;
    if (merge->change)
      queued.operation.change = std::move(*merge->change);
    else
      queued.gone = true;
    ++merge;
  }
  take_back_over(over);
}

void Replica::take_own(const Operation& operation) {
  const auto own = std::find_if(queue_.begin(), queue_.end(),
                                [&](const Queued& q) { return q.operation.id == operation.id; });
  if (own == queue_.end()) return;  // its answer came before
  foresee(*own, operation);
  queue_.erase(own);
}

void Replica::foresee(const Queued& foreseen, const Operation& stored) {
  if (!foreseeing_) return;
  if (!foreseen.gone &&
      without_filling(foreseen.operation.change) == without_filling(stored.change)) {
    return;
  }
  problem("foreseen " +
          (foreseen.gone ? "nothing" : document::write_operation(foreseen.operation)) +
          " but stored " + document::write_operation(stored));
}

}  // namespace aa::live
