// A run of the load generator: editors in rooms over WebSockets in one thread, at a total rate of
// operations that does not wait for the server.
//
// Every member of a room must receive the same operations at the same revisions: what the first
// one hears is kept, the others' is compared with it byte for byte. The room's document is folded
// from that as it arrives, and people draw on it; only a member that is up to date acts.
// Units: seconds on the steady clock; latencies in milliseconds. Thread rule: one owner.
// Errors: std::runtime_error when the server cannot be reached; whatever else goes wrong is
// counted.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "bench/live/hand.hpp"
#include "bench/live/latencies.hpp"
#include "bench/live/process_meter.hpp"
#include "bench/live/record.hpp"
#include "bench/live/socket.hpp"

namespace aa::live {

struct LoadOptions {
  std::uint16_t port = 0;
  std::string seats;
  int server_pid = 0;
  std::size_t rooms = 0;     // 0: all of the file
  std::size_t editors = 0;   // 0: all of those rooms
  double rate = 100;         // operations a second, of all
  double cursor_rate = 0.1;  // of each editor
  double seconds = 10;
  double warm_up = 2;  // at the full rate, not counted
  std::uint64_t seed = 1;
  std::string ledger;  // file; empty: none
};

// An operation on its way to being acknowledged.
struct Sent {
  std::int64_t number = 0;  // of the batch
  std::vector<document::Operation> operations;
  std::vector<Change> inverse;  // what takes them back
  double at = 0;
};

// The last step of an editor that was stored.
struct Undoable {
  StepId step;
  std::int64_t revision = 0;
  std::vector<Change> inverse;
};

struct Editor {
  Socket socket;
  const Seat* seat = nullptr;
  UserId user;
  std::size_t room = 0;
  bool greeted = false;
  bool welcome = false;
  std::int64_t revision = 0;        // everything up to it was received
  std::vector<std::int64_t> ahead;  // received before what comes earlier
  std::int64_t batches = 0;
  std::optional<Sent> sent;
  std::optional<Undoable> undoable;
};

struct Room {
  Canvas canvas;
  std::vector<std::size_t> editors;
  Document document;
  Hand hand;
  std::int64_t first = 0;          // revision at the beginning
  std::vector<std::string> texts;  // of revision first + 1 + i as it was delivered first
  std::map<std::int64_t, document::Operation> waiting;  // for what comes before them
  std::vector<Acknowledged> acknowledged;
  std::vector<std::pair<std::int64_t, document::Operation>> own;  // as their authors have them
};

struct LoadCounts {
  std::size_t sent = 0;
  std::size_t acknowledged = 0;
  std::size_t dropped = 0;
  std::size_t deliveries = 0;
  std::size_t presence_sent = 0;
  std::size_t presence_received = 0;
  std::size_t late = 0;    // sent more than 20 ms after they were due
  std::size_t nobody = 0;  // no member of the room was free and up to date
  std::size_t errors = 0;  // messages of type error
  std::size_t resyncs = 0;
  std::size_t closed = 0;      // sockets that ended
  std::size_t differing = 0;   // deliveries that were not what another member got
  std::size_t disordered = 0;  // revisions that arrived before an earlier one
};

class LoadRun {
 public:
  explicit LoadRun(LoadOptions options);
  ~LoadRun();

  void connect_all();
  void run();
  // True when every operation was acknowledged and has reached every member.
  bool quiesce(double seconds);
  std::vector<std::string> check();
  std::string report(const std::vector<std::string>& problems, bool quiet);

 private:
  void connect_one(std::size_t index);
  void poll(double until);
  void read(std::size_t index);
  void message(std::size_t index, std::string_view text);
  void welcomed(Editor& editor, std::string_view text);
  void acknowledged(Editor& editor, std::string_view text);
  void delivered(Editor& editor, std::string_view text, double now);
  void deliver_one(Editor& editor, std::string_view operation, double now);
  void take_stored(Room& room, Editor& editor, std::string_view stored);
  void received(Editor& editor, std::int64_t revision);
  void fold(Room& room, std::int64_t revision, document::Operation operation);
  bool act(Room& room);
  bool undo(Editor& editor, Room& room);
  void send(Editor& editor, Room& room, std::vector<Change> changes, std::optional<StepId> undoes);
  void show_cursor(Editor& editor);
  void note(std::string problem);

  LoadOptions options_;
  SystemClock clock_;
  IdSource ids_;
  std::vector<RoomSeats> seats_;
  std::vector<Room> rooms_;
  std::deque<Editor> editors_;
  std::unordered_map<Uuid, double> sent_at_;
  int epoll_ = -1;
  bool counting_ = false;
  LoadCounts counts_;
  LoadCounts counts_at_start_;  // of what is counted
  LoadCounts counts_at_end_;
  Latencies ack_;
  Latencies delivery_;
  std::optional<ProcessMeter> server_;
  double counted_s_ = 0;
  double cpu_s_ = 0;
  std::vector<std::string> notes_;
};

}  // namespace aa::live
