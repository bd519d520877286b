// Requests at a steady rate over keep-alive connections, each latency counted from the moment the
// request was due, so that a server that falls behind cannot hide it.
//
// usage: bench_load PORT CONNECTIONS RATE SECONDS FILE
//   FILE holds one request a line: WEIGHT NAME METHOD TARGET TOKEN [BODY]. "{uuid}" in a body
//   becomes a new UUIDv7 each time; "@" for the token sends none. Lines of one name count
//   together.
// Prints JSON: {"seconds", "sent", "errors", "late", "p50_ms", "p99_ms", "max_ms",
//   "kinds": {NAME: {"count", "p50_ms", "p99_ms", "max_ms", "statuses": {"200": n}}}}.
#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <deque>
#include <fstream>
#include <map>
#include <netinet/tcp.h>
#include <poll.h>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

namespace {

using Clock = std::chrono::steady_clock;

struct Kind {
  int weight = 0;
  std::string name;
  std::string method;
  std::string target;
  std::string token;
  std::string body;
};

struct Tally {
  std::vector<double> ms;
  std::map<int, int> statuses;
};

class Uuids {
 public:
  std::string next() {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    const std::uint64_t a = random_();
    const std::uint64_t b = random_();
    return fmt::format("{:08x}-{:04x}-7{:03x}-{:x}{:03x}-{:012x}",
                       static_cast<std::uint64_t>(now) >> 16,
                       static_cast<std::uint64_t>(now) & 0xffff, a & 0xfff, 8 + ((a >> 12) & 3),
                       (a >> 14) & 0xfff, b & 0xffffffffffffULL);
  }

 private:
  std::mt19937_64 random_{std::random_device{}()};
};

std::vector<Kind> read_kinds(const char* file) {
  std::vector<Kind> out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    Kind kind;
    words >> kind.weight >> kind.name >> kind.method >> kind.target >> kind.token;
    std::getline(words >> std::ws, kind.body);
    out.push_back(std::move(kind));
  }
  if (out.empty()) throw std::runtime_error("no requests given");
  return out;
}

std::string request_text(const Kind& kind, Uuids& uuids) {
  std::string body = kind.body;
  for (auto at = body.find("{uuid}"); at != std::string::npos; at = body.find("{uuid}", at)) {
    body.replace(at, 6, uuids.next());
  }
  std::string out = kind.method + " " + kind.target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (kind.token != "@") out += "Authorization: Bearer " + kind.token + "\r\n";
  if (!body.empty()) {
    out +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return out + "\r\n" + body;
}

class Connection {
 public:
  explicit Connection(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
    const int one = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  ~Connection() { close(fd_); }
  Connection(const Connection&) = delete;

  int fd() const { return fd_; }
  bool busy() const { return kind_ >= 0; }
  int kind() const { return kind_; }
  Clock::time_point due() const { return due_; }

  void send(int kind, Clock::time_point due, const std::string& text) {
    kind_ = kind;
    due_ = due;
    buffer_.clear();
    wanted_ = std::string::npos;
    for (std::size_t at = 0; at < text.size();) {
      const auto count = ::send(fd_, text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (count <= 0) throw std::runtime_error("the server closed a connection");
      at += static_cast<std::size_t>(count);
    }
  }

  // The status once the whole answer is here, otherwise 0.
  int receive() {
    char bytes[64 * 1024];
    const auto count = recv(fd_, bytes, sizeof bytes, 0);
    if (count <= 0) throw std::runtime_error("the server closed a connection");
    buffer_.append(bytes, static_cast<std::size_t>(count));
    if (wanted_ == std::string::npos) find_end();
    if (wanted_ == std::string::npos || buffer_.size() < wanted_) return 0;
    kind_ = -1;
    return std::stoi(buffer_.substr(9, 3));
  }

 private:
  void find_end() {
    const auto head = buffer_.find("\r\n\r\n");
    if (head == std::string::npos) return;
    const auto length = buffer_.find("Content-Length: ");
    if (length != std::string::npos && length < head) {
      wanted_ = head + 4 + std::stoul(buffer_.substr(length + 16, 12));
    } else if (buffer_.find("Transfer-Encoding: chunked") < head) {
      if (buffer_.ends_with("0\r\n\r\n")) wanted_ = buffer_.size();
    } else {
      wanted_ = head + 4;
    }
  }

  int fd_;
  int kind_ = -1;
  Clock::time_point due_;
  std::string buffer_;
  std::size_t wanted_ = std::string::npos;
};

class Run {
 public:
  Run(std::uint16_t port, int connections, double rate, double seconds, std::vector<Kind> kinds)
      : rate_(rate), seconds_(seconds), kinds_(std::move(kinds)) {
    for (int i = 0; i < connections; ++i) connections_.emplace_back(port);
    std::vector<int> weights;
    for (const auto& kind : kinds_) weights.push_back(kind.weight);
    choose_ = std::discrete_distribution<int>(weights.begin(), weights.end());
  }

  void go() {
    const auto total = static_cast<std::size_t>(rate_ * seconds_);
    const auto from = Clock::now();
    while (finished_ < total) {
      if (started_ < total) start_due(from, total);
      wait(started_ < total ? due_of(from, started_) : Clock::now() + std::chrono::seconds(10));
    }
    wall_ = std::chrono::duration<double>(Clock::now() - from).count();
  }

  void print() {
    std::vector<double> all;
    std::string kinds;
    std::size_t errors = 0;
    for (auto& [name, tally] : tallies_) {
      all.insert(all.end(), tally.ms.begin(), tally.ms.end());
      std::string statuses;
      for (const auto& [status, count] : tally.statuses) {
        if (status >= 400) errors += static_cast<std::size_t>(count);
        statuses += fmt::format("{}\"{}\":{}", statuses.empty() ? "" : ",", status, count);
      }
      kinds += fmt::format(R"({}"{}":{{{},"statuses":{{{}}}}})", kinds.empty() ? "" : ",", name,
                           summary(tally.ms), statuses);
    }
    fmt::print(R"({{"seconds":{:.3f},"errors":{},"late":{},{},"kinds":{{{}}}}})", wall_, errors,
               late_, summary(all), kinds);
  }

 private:
  static std::string summary(std::vector<double>& ms) {
    std::sort(ms.begin(), ms.end());
    const auto at = [&](double share) {
      if (ms.empty()) return 0.0;
      const auto rank = static_cast<std::size_t>(share * static_cast<double>(ms.size()));
      return ms[std::min(ms.size() - 1, rank)];
    };
    return fmt::format(R"("count":{},"p50_ms":{:.3f},"p99_ms":{:.3f},"max_ms":{:.3f})", ms.size(),
                       at(0.5), at(0.99), ms.empty() ? 0.0 : ms.back());
  }

  Clock::time_point due_of(Clock::time_point from, std::size_t number) const {
    return from + std::chrono::duration_cast<Clock::duration>(
                      std::chrono::duration<double>(static_cast<double>(number) / rate_));
  }

  void start_due(Clock::time_point from, std::size_t total) {
    for (auto& connection : connections_) {
      if (started_ == total || due_of(from, started_) > Clock::now()) return;
      if (connection.busy()) continue;
      const int kind = choose_(random_);
      const auto due = due_of(from, started_);
      if (Clock::now() - due > std::chrono::milliseconds(5)) ++late_;
      connection.send(kind, due, request_text(kinds_[static_cast<std::size_t>(kind)], uuids_));
      ++started_;
    }
  }

  void wait(Clock::time_point until) {
    std::vector<pollfd> list;
    bool idle = false;
    for (const auto& connection : connections_) {
      idle = idle || !connection.busy();
      list.push_back({connection.fd(), static_cast<short>(connection.busy() ? POLLIN : 0), 0});
    }
    const auto left = idle ? std::max(Clock::duration::zero(), until - Clock::now())
                           : Clock::duration(std::chrono::seconds(10));
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
    const timespec time{static_cast<time_t>(nanoseconds / 1'000'000'000),
                        static_cast<long>(nanoseconds % 1'000'000'000)};
    if (ppoll(list.data(), list.size(), &time, nullptr) <= 0) return;
    std::size_t i = 0;
    for (auto& connection : connections_) {
      if ((list[i++].revents & (POLLIN | POLLHUP | POLLERR)) == 0 || !connection.busy()) continue;
      auto& tally = tallies_[kinds_[static_cast<std::size_t>(connection.kind())].name];
      if (const int status = connection.receive(); status != 0) {
        tally.ms.push_back(
            std::chrono::duration<double, std::milli>(Clock::now() - connection.due()).count());
        ++tally.statuses[status];
        ++finished_;
      }
    }
  }

  double rate_;
  double seconds_;
  std::vector<Kind> kinds_;
  std::map<std::string, Tally> tallies_;
  std::deque<Connection> connections_;
  std::discrete_distribution<int> choose_;
  std::mt19937 random_{7};
  Uuids uuids_;
  std::size_t started_ = 0;
  std::size_t finished_ = 0;
  std::size_t late_ = 0;
  double wall_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: bench_load PORT CONNECTIONS RATE SECONDS FILE\n");
    return 2;
  }
  try {
    Run run(static_cast<std::uint16_t>(std::stoi(argv[1])), std::stoi(argv[2]), std::stod(argv[3]),
            std::stod(argv[4]), read_kinds(argv[5]));
    run.go();
    run.print();
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_load: {}\n", e.what());
    return 1;
  }
  return 0;
}
