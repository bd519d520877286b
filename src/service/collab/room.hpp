// A room: the members who have one asset open on this instance, and the document they edit.
//
// Operations are appended to the asset's log before they are acknowledged. Those that arrive while
// an append is under way go into the next: a busy room costs one transaction a round, an idle one
// answers at once. What other writers append enters by grew(), from whatever side that is known.
// When the database fails, what was sent is refused as `unavailable` and stays the client's; the
// document is opened again, and members are told what they missed.
//
// Thread rule: every call from any thread; all work on the room's strand. Errors: none.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "service/collab/lock_table.hpp"
#include "service/collab/pace.hpp"
#include "service/collab/presence_board.hpp"
#include "service/collab/room_context.hpp"
#include "service/collab/round.hpp"

namespace aa::collab {

class Room : public std::enable_shared_from_this<Room> {
 public:
  using Someone = std::shared_ptr<Member>;
  // Asked when nobody has been here for a while; true: forgotten, nobody will come any more.
  using Forget = std::function<bool(Room&)>;

  Room(std::shared_ptr<RoomContext> context, OrganizationId organization, AssetId asset,
       Forget forget);

  AssetId asset() const { return asset_; }
  OrganizationId organization() const { return organization_; }
  std::int64_t revision() const { return told_; }  // what members were told
  void start();

  // One more will enter(): the room stays. Called by those who find it.
  void expect_one() { ++expected_; }
  bool expects_someone() const { return expected_ > 0; }

  void enter(Someone member);
  void hello(Someone member, std::optional<std::int64_t> revision);
  void submit(Someone member, Operations batch);
  void show(Someone member, Presence shown);
  void lock(Someone member, AnnotationId target, bool held);
  void leave(Someone member);

  void grew(std::int64_t revision);
  void threads_grew(std::int64_t revision);
  void hear(std::string message);  // from the bus
  void close_all(Close code, std::string reason);
  // Answers what is under way, then closes everybody with 1001 and calls `done`.
  void drain(std::function<void()> done);

 private:
  struct Waiting {
    Someone member;
    std::int64_t n = 0;
    std::int64_t base = 0;
    std::vector<document::Operation> operations;
  };
  struct Join {
    Someone member;
    std::optional<std::int64_t> revision;
  };

  // room_work.cpp
  void wake();
  bool has_work() const;
  bool behind() const;
  bool threads_behind() const;
  runtime::Task<> work();
  runtime::Task<> do_work();
  runtime::Task<> open_document();
  runtime::Task<> catch_up();
  runtime::Task<> tell_threads();
  runtime::Task<> welcome(Join join);
  runtime::Task<> append_round();
  std::vector<Waiting> take_round();
  void tell_round(annotation::Appended appended, std::int64_t before, std::vector<Waiting>& round);
  void tell_foreign(const std::vector<annotation::StoredOperation>& stored);
  void send_round(Round& round);
  void failed(const Error& error);
  void refuse(const Waiting& waiting, std::string_view code, std::string_view detail);
  void resync_all(std::string_view reason);
  void finish_drain();

  // room_presence.cpp
  void tell_soon();
  void tell_at(Pace::Time when);
  void tell_presence();
  void send_presence();
  void tell_locks();
  void publish(std::string message);
  void publish_all();
  void hear_now(const std::string& message);
  void hear_presence(const json::Object& message);
  void hear_locks(const json::Object& message);

  void submit_now(Waiting waiting);
  void leave_now(const Someone& member);
  void plan_end();

  const std::shared_ptr<RoomContext> context_;
  const OrganizationId organization_;
  const AssetId asset_;
  const Forget forget_;
  const boost::asio::strand<runtime::Executor> strand_;
  std::atomic<int> expected_ = 0;
  std::atomic<std::int64_t> known_ = 0;  // the log reaches at least so far
  std::atomic<std::int64_t> told_ = 0;
  std::atomic<std::int64_t> known_threads_ = 0;

  // On the strand:
  std::unique_ptr<bus::Subscription> subscription_;
  std::unique_ptr<annotation::LiveDocument> document_;
  std::map<Uuid, Someone> members_;
  std::vector<Join> joins_;
  std::vector<Waiting> queue_;
  std::vector<Waiting> round_;  // being appended
  std::int64_t told_threads_ = 0;
  bool working_ = false;
  bool pausing_ = false;  // after a failure
  std::chrono::milliseconds pause_{};
  std::function<void()> drained_;
  boost::asio::steady_timer pause_timer_;
  boost::asio::steady_timer end_timer_;

  PresenceBoard presence_;
  LockTable locks_;
  bool locks_changed_ = false;
  bool own_locks_changed_ = false;
  Pace pace_;
  boost::asio::steady_timer tell_timer_;
  std::optional<Pace::Time> telling_at_;
  Pace::Time published_all_at_{};
};

}  // namespace aa::collab
