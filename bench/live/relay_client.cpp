// Rooms full of members of a relay: its memory for each, and how much it delivers.
//
// In each room one message is under way: when all others have it, the next member speaks. So the
// server is never idle and nothing piles up, and the run is the same each time. Each delivery is
// checked against what was said.
//
// usage: bench_relay_client ws|socketio PORT PID ROOMS MEMBERS BYTES SECONDS
// Prints JSON: {"connections", "deliveries", "seconds", "cpu_seconds", "deliveries_per_cpu_second",
//   "bytes_per_connection", "rss_mib"}, processor time and memory of the server PID.
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "bench/live/process_meter.hpp"
#include "bench/live/socket.hpp"

namespace {

using namespace aa::live;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::chrono::seconds kSettle{3};
constexpr std::size_t kJoiningAtOnce = 50;
constexpr double kWarmUp = 1;  // seconds

// Socket.IO's protocol 5 over Engine.IO's 4, WebSocket alone: a digit each for what a packet is.
constexpr std::string_view kEventHead = R"(42["m",")";
constexpr std::string_view kEventTail = R"("])";

struct Member {
  Socket socket;
  std::size_t room = 0;
  bool joined = false;
};

struct Room {
  std::vector<std::size_t> members;
  std::size_t speaker = 0;
  std::size_t missing = 0;  // deliveries of what was said last
  std::string said;
};

class Run {
 public:
  Run(bool socketio, std::uint16_t port, int pid, std::size_t bytes)
      : socketio_(socketio), port_(port), bytes_(bytes), meter_(pid), epoll_(epoll_create1(0)) {}

  void join(std::size_t rooms, std::size_t members) {
    std::this_thread::sleep_for(kSettle);
    const double before = meter_.rss_mib();
    rooms_.resize(rooms);
    members_.resize(rooms * members);
    for (std::size_t i = 0; i < members_.size(); ++i) {
      open(i, i / members);
      while (i + 1 - joined_ >= kJoiningAtOnce) work();
    }
    while (joined_ < members_.size()) work();
    const auto end = Clock::now() + kSettle;
    while (Clock::now() < end) work();
    bytes_each_ = (meter_.rss_mib() - before) * 1024 * 1024 / static_cast<double>(members_.size());
  }

  void talk(double seconds) {
    for (auto& room : rooms_) speak(room);
    run_for(kWarmUp);
    const double cpu = meter_.cpu_seconds();
    const auto from = Clock::now();
    delivered_ = 0;
    run_for(seconds);
    seconds_ = Seconds(Clock::now() - from).count();
    cpu_seconds_ = meter_.cpu_seconds() - cpu;
  }

  void print() const {
    fmt::print(R"({{"connections":{},"deliveries":{},"seconds":{:.2f},"cpu_seconds":{:.2f},)"
               R"("deliveries_per_cpu_second":{:.0f},"bytes_per_connection":{:.0f},)"
               R"("rss_mib":{:.1f}}})"
               "\n",
               members_.size(), delivered_, seconds_, cpu_seconds_,
               static_cast<double>(delivered_) / cpu_seconds_, bytes_each_, meter_.rss_mib());
  }

 private:
  void open(std::size_t index, std::size_t room) {
    const std::string target =
        socketio_ ? fmt::format("/socket.io/?EIO=4&transport=websocket&room={}", room)
                  : fmt::format("/relay?room={}", room);
    auto& member = members_[index];
    member.socket = Socket(port_, target);
    member.room = room;
    rooms_[room].members.push_back(index);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, member.socket.fd(), &event);
  }

  void run_for(double seconds) {
    const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(Seconds(seconds));
    while (Clock::now() < end) work();
  }

  void work() {
    epoll_event events[256];
    const int count = epoll_wait(epoll_, events, 256, 10);
    for (int i = 0; i < count; ++i) {
      auto& member = members_[events[i].data.u64];
      const auto on_text = [&](std::string_view text) { hear(member, text); };
      if (!member.socket.receive(on_text)) {
        throw std::runtime_error(
            fmt::format("the server ended a connection: {}", member.socket.reason()));
      }
      if (!socketio_ && member.socket.open()) note_joined(member);
    }
  }

  void note_joined(Member& member) {
    joined_ += member.joined ? 0 : 1;
    member.joined = true;
  }

  void hear(Member& member, std::string_view text) {
    if (!socketio_) return deliver(member, text);
    if (text.starts_with(kEventHead) && text.ends_with(kEventTail)) {
      text.remove_prefix(kEventHead.size());
      text.remove_suffix(kEventTail.size());
      deliver(member, text);
    } else if (text.starts_with("40")) {
      note_joined(member);
    } else if (text.starts_with("0")) {
      member.socket.send_text("40");
    } else if (text == "2") {
      member.socket.send_text("3");
    } else {
      throw std::runtime_error("not understood: " + std::string(text));
    }
  }

  void deliver(const Member& member, std::string_view text) {
    auto& room = rooms_[member.room];
    if (text != room.said) throw std::runtime_error("something else than was said arrived");
    ++delivered_;
    if (--room.missing == 0) speak(room);
  }

  void speak(Room& room) {
    room.speaker = (room.speaker + 1) % room.members.size();
    room.missing = room.members.size() - 1;
    room.said = fmt::format("{:x<{}}", fmt::format("{} says {} ", room.speaker, ++said_), bytes_);
    auto& socket = members_[room.members[room.speaker]].socket;
    if (!socketio_) return socket.send_text(room.said);
    socket.send_text(std::string(kEventHead) + room.said + std::string(kEventTail));
  }

  bool socketio_;
  std::uint16_t port_;
  std::size_t bytes_;
  ProcessMeter meter_;
  int epoll_;
  std::vector<Member> members_;
  std::vector<Room> rooms_;
  std::size_t joined_ = 0;
  std::size_t said_ = 0;
  std::size_t delivered_ = 0;
  double seconds_ = 0;
  double cpu_seconds_ = 0;
  double bytes_each_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    fmt::print(stderr,
               "usage: bench_relay_client ws|socketio PORT PID ROOMS MEMBERS BYTES SECONDS\n");
    return 2;
  }
  try {
    Run run(std::string_view(argv[1]) == "socketio", static_cast<std::uint16_t>(std::stoi(argv[2])),
            std::stoi(argv[3]), std::stoul(argv[6]));
    run.join(std::stoul(argv[4]), std::stoul(argv[5]));
    run.talk(std::stod(argv[7]));
    run.print();
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_relay_client: {}\n", e.what());
    return 1;
  }
  return 0;
}
