// The ceiling for any relay: one thread, epoll, recv() and as many send() as a room has others.
// Checks nothing and knows one form of frame alone (masked, 126 to 65535 bytes, whole).
//
// usage: bench_relay_bare   prints its port; /relay?room=NUMBER as bench_relay_server; ends with
// its
//                           input
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr char kAnswer[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
constexpr std::size_t kMaskedHeader = 8;
constexpr std::size_t kHeader = 4;

void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(what);
}

class Relay {
 public:
  Relay() : listener_(socket(AF_INET, SOCK_STREAM, 0)), epoll_(epoll_create1(0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "bind");
    require(listen(listener_, 4096) == 0, "listen");
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    watch(listener_);
    watch(STDIN_FILENO);
  }

  void run() {
    std::array<epoll_event, 256> events;
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == STDIN_FILENO) return;
        if (fd == listener_) {
          admit();
        } else {
          serve(fd);
        }
      }
    }
  }

 private:
  void watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  void admit() {
    const int fd = accept(listener_, nullptr, nullptr);
    const int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    room_of_.resize(std::max<std::size_t>(room_of_.size(), static_cast<std::size_t>(fd) + 1), -1);
    room_of_[static_cast<std::size_t>(fd)] = -1;
    watch(fd);
  }

  void enter(int fd, std::string_view request) {
    const auto at = request.find("room=");
    require(at != request.npos && request.ends_with("\r\n\r\n"), "not a whole request");
    const int room = std::atoi(request.data() + at + 5);
    room_of_[static_cast<std::size_t>(fd)] = room;
    rooms_.resize(std::max<std::size_t>(rooms_.size(), static_cast<std::size_t>(room) + 1));
    rooms_[static_cast<std::size_t>(room)].push_back(fd);
    send(fd, kAnswer, sizeof kAnswer - 1, 0);
  }

  void serve(int fd) {
    const auto count = recv(fd, buffer_.data(), buffer_.size(), 0);
    if (count <= 0) {
      close(fd);
      return;
    }
    const int room = room_of_[static_cast<std::size_t>(fd)];
    if (room < 0) return enter(fd, {buffer_.data(), static_cast<std::size_t>(count)});
    std::size_t at = 0;
    while (at < static_cast<std::size_t>(count)) at += relay(fd, room, buffer_.data() + at);
    require(at == static_cast<std::size_t>(count), "not a whole frame");
  }

  // The frame's size.
  std::size_t relay(int fd, int room, char* frame) {
    require((frame[1] & 0x7F) == 126, "a frame of another form");
    const auto size = static_cast<std::size_t>(static_cast<unsigned char>(frame[2])) << 8 |
                      static_cast<unsigned char>(frame[3]);
    char mask[4];
    std::memcpy(mask, frame + 4, sizeof mask);
    char* const payload = frame + kMaskedHeader;
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i & 3]);
    const char header[kHeader] = {frame[0], 126, frame[2], frame[3]};
    char* const out = payload - kHeader;
    std::memcpy(out, header, kHeader);
    for (const int other : rooms_[static_cast<std::size_t>(room)]) {
      if (other != fd) send(other, out, kHeader + size, MSG_NOSIGNAL);
    }
    return kMaskedHeader + size;
  }

  int listener_;
  int epoll_;
  std::vector<int> room_of_;
  std::vector<std::vector<int>> rooms_;
  std::array<char, 65536> buffer_;
};

}  // namespace

int main() {
  try {
    Relay().run();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_relay_bare: %s\n", e.what());
    return 1;
  }
  return 0;
}
