// The client's side of docs/live-protocol.md over kernel documents, without a socket: what the
// server confirmed, what is under way, what waits, and undo.
//
// Text of messages goes in and out, so the same replica meets a simulated network and a real one.
// Besides keeping the document it checks: revisions come once and without a gap, an operation keeps
// the revision it was acknowledged with, and what was foreseen here by transforming is what the
// server stored. Thread rule: one owner. Errors: none thrown for a server that keeps the protocol;
// what it breaks is told by problems().
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/live/record.hpp"
#include "kernel/ot/ot.hpp"

namespace aa::live {

class Replica {
 public:
  Replica(IdSource& ids, AssetId asset) : ids_(&ids), asset_(asset) {}

  const document::Document& confirmed() const { return confirmed_; }
  const document::Document& shown() const { return shown_; }  // with what is not confirmed yet
  UserId user() const { return user_; }
  bool settled() const { return queue_.empty() && arrived_.empty(); }
  bool connected() const { return welcome_; }

  // The person changes what is shown; the changes are one step.
  void edit(const std::vector<document::Change>& changes);
  bool undo();  // the last step of one's own that can be; false when there is none

  std::string hello() const;  // of a new connection
  // Operations to send now, if there are any and none are under way. After a new connection, those
  // whose answer was lost come again: as they were with `as_before`, else as they are by now.
  std::optional<std::string> next_batch(bool as_before);
  void take(std::string_view message);
  void disconnected();

  const std::vector<Acknowledged>& acknowledged() const { return acknowledged_; }
  const std::map<std::string, std::size_t>& dropped() const { return dropped_; }  // by code
  const std::vector<std::string>& problems() const { return problems_; }
  std::size_t refused_batches() const { return refused_; }  // for going too fast

 private:
  struct Queued {
    document::Operation operation;  // as it is by now
    bool gone = false;              // nothing is left of it; the server will say so
  };
  struct Arrived {
    document::Operation operation;
    bool own = false;
  };
  struct Step {
    StepId id;
    std::vector<document::Change> inverse;  // on what is left without later steps
  };
  struct Batch {
    std::int64_t base = 0;
    std::vector<document::Operation> operations;  // as sent
  };

  void welcome(const json::Object& message);
  void answer(const json::Object& message);
  void error(const json::Object& message);
  void arrive(const json::Value& stored, bool answered);
  void advance();
  void take_foreign(const document::Operation& operation);
  void take_own(const document::Operation& operation);
  void foresee(const Queued& foreseen, const document::Operation& stored);
  void take_back_over(std::vector<document::Change> over);
  void acknowledge(OperationId id, std::int64_t revision);
  void drop(OperationId id);
  void finish_batch();
  void show();
  void problem(std::string text);
  std::string batch_text(const Batch& batch);
  std::size_t under_way() const;  // how many of queue_

  IdSource* ids_;
  AssetId asset_;
  UserId user_;
  document::Document confirmed_;
  document::Document shown_;
  std::deque<Queued> queue_;  // in order; those of batch_ first
  std::optional<Batch> batch_;
  bool awaited_ = false;  // the answer to batch_ is
  bool resend_ = false;   // the answer to batch_ was lost with its connection
  bool welcome_ = false;
  bool foreseeing_ = true;  // false after a snapshot, over which nothing can be transformed
  std::int64_t number_ = 0;
  std::map<std::int64_t, Arrived> arrived_;
  std::deque<Step> steps_;
  std::map<OperationId, std::int64_t> places_;
  std::vector<Acknowledged> acknowledged_;
  std::map<std::string, std::size_t> dropped_;
  std::size_t refused_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace aa::live
