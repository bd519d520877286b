#include "bench/live/socket.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/tcp.h>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace aa::live {
namespace {

// The sample of RFC 6455, section 1.3: this side has nothing to keep from proxies.
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kHeadBytesMax = 16 * 1024;
enum Opcode : int { kContinuation = 0, kText = 1, kClose = 8, kPing = 9, kPong = 10 };

int connect_to(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    const std::string why = std::strerror(errno);
    if (fd >= 0) close(fd);
    throw std::runtime_error("cannot connect to port " + std::to_string(port) + ": " + why);
  }
  const int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

std::uint64_t big_endian(const char* bytes, int count) {
  std::uint64_t out = 0;
  for (int i = 0; i < count; ++i) out = out << 8 | static_cast<std::uint8_t>(bytes[i]);
  return out;
}

struct Head {
  int opcode = 0;
  bool last = false;
  std::size_t head = 0;
  std::size_t payload = 0;
};

// Of the frame that begins here; nullopt while its header is not whole.
std::optional<Head> read_head(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  Head out{bytes[0] & 15, (bytes[0] & 0x80) != 0, 2, static_cast<std::size_t>(bytes[1] & 127)};
  if (out.payload < 126) return out;
  const int width = out.payload == 126 ? 2 : 8;
  out.head += static_cast<std::size_t>(width);
  if (bytes.size() < out.head) return std::nullopt;
  out.payload = big_endian(bytes.data() + 2, width);
  return out;
}

}  // namespace

Socket::Socket(std::uint16_t port, std::string_view target, std::string_view headers)
    : fd_(connect_to(port)) {
  unsent_ = "GET " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
            "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
            "Sec-WebSocket-Key: " + std::string(kKey) + "\r\n" + std::string(headers) + "\r\n";
  flush();
}

Socket& Socket::operator=(Socket&& other) noexcept {
  drop();
  fd_ = std::exchange(other.fd_, -1);
  open_ = std::exchange(other.open_, false);
  more_ = std::exchange(other.more_, false);
  reason_ = other.reason_;
  unsent_ = std::move(other.unsent_);
  rest_ = std::move(other.rest_);
  message_ = std::move(other.message_);
  return *this;
}

void Socket::drop(bool reset) {
  if (fd_ < 0) return;
  const linger now{1, 0};
  if (reset) setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(std::exchange(fd_, -1));
  open_ = false;
}

void Socket::send_text(std::string_view text) { send_frame(kText, text); }

void Socket::send_frame(int opcode, std::string_view payload) {
  const std::uint32_t mask = static_cast<std::uint32_t>(payload.size()) * 2654435761U ^ 0x5bd1e995U;
  char key[4];
  std::memcpy(key, &mask, sizeof key);
  unsent_ += static_cast<char>(0x80 | opcode);
  if (payload.size() < 126) {
    unsent_ += static_cast<char>(0x80 | payload.size());
  } else {
    const int width = payload.size() < 65536 ? 2 : 8;
    unsent_ += static_cast<char>(0x80 | (width == 2 ? 126 : 127));
    for (int i = width - 1; i >= 0; --i) unsent_ += static_cast<char>(payload.size() >> (8 * i));
  }
  unsent_.append(key, sizeof key);
  const std::size_t from = unsent_.size();
  unsent_ += payload;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    unsent_[from + i] = static_cast<char>(unsent_[from + i] ^ key[i & 3]);
  }
  flush();
}

void Socket::flush() {
  if (fd_ < 0) return;
  std::size_t sent = 0;
  while (sent < unsent_.size()) {
    const auto count =
        ::send(fd_, unsent_.data() + sent, unsent_.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count <= 0) break;  // a cut shows when reading
    sent += static_cast<std::size_t>(count);
  }
  unsent_.erase(0, sent);
  if (unsent_.empty()) unsent_.shrink_to_fit();
}

bool Socket::receive(const OnText& on_text) {
  thread_local std::vector<char> scratch(kReadBytes);
  more_ = false;
  if (fd_ < 0) return false;
  const auto count = recv(fd_, scratch.data(), scratch.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (count <= 0) return false;
  std::string_view bytes(scratch.data(), static_cast<std::size_t>(count));
  more_ = bytes.size() == scratch.size();
  if (open_ && rest_.empty()) return read_frames(bytes, on_text);
  rest_ += bytes;
  if (!open_ && !read_upgrade()) return reason_ == 0;
  const std::string whole = std::exchange(rest_, {});
  return read_frames(whole, on_text);
}

// True when the answer is whole and a 101.
bool Socket::read_upgrade() {
  const auto end = rest_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (rest_.size() > kHeadBytesMax) reason_ = -1;
    return false;
  }
  open_ = rest_.starts_with("HTTP/1.1 101") && rest_.find(kAccept) < end;
  if (open_)
    rest_.erase(0, end + 4);
  else
    reason_ = rest_.size() > 12 ? std::atoi(rest_.c_str() + 9) : -1;
  return open_;
}

bool Socket::read_frames(std::string_view bytes, const OnText& on_text) {
  while (true) {
    const auto head = read_head(bytes);
    if (!head || bytes.size() - head->head < head->payload) break;
    const auto payload = bytes.substr(head->head, head->payload);
    bytes.remove_prefix(head->head + head->payload);
    if (!take_frame(head->opcode, head->last, payload, on_text)) return false;
    if (fd_ < 0) return true;  // its owner dropped it meanwhile
  }
  keep(bytes);
  return true;
}

void Socket::keep(std::string_view rest) { rest_.assign(rest); }

bool Socket::take_frame(int opcode, bool last, std::string_view payload, const OnText& on_text) {
  if (opcode == kPing) {
    send_frame(kPong, payload);
  } else if (opcode == kClose) {
    if (payload.size() >= 2) reason_ = static_cast<int>(big_endian(payload.data(), 2));
    return false;
  } else if (opcode == kText && last) {
    on_text(payload);
  } else if (opcode == kText || opcode == kContinuation) {
    message_ += payload;
    if (last) on_text(std::exchange(message_, {}));
  }
  return true;
}

}  // namespace aa::live
