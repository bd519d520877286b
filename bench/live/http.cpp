#include "bench/live/http.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace aa::live {
namespace {

constexpr timeval kPatience{10, 0};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace

void Http::connect_now() {
  disconnect();
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    disconnect();
    throw std::runtime_error("cannot connect to port " + std::to_string(port_));
  }
  const int one = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
}

void Http::disconnect() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
  buffer_.clear();
}

bool Http::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool Http::read_some() {
  char bytes[64 * 1024];
  const auto count = recv(fd_, bytes, sizeof bytes, 0);
  if (count <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

Answer Http::ask(std::string_view method, std::string_view target, std::string_view token,
                 std::string_view body) {
  std::string request = std::string(method) + " /api/v1" + std::string(target) +
                        " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                        std::string(token) + "\r\n";
  if (!body.empty()) {
    request +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  request += "\r\n";
  request += body;
  Answer out;
  const bool kept = fd_ >= 0;
  if (kept && send_all(request) && read_answer(out)) return out;
  connect_now();
  if (send_all(request) && read_answer(out)) return out;
  disconnect();
  throw std::runtime_error("no answer to " + std::string(method) + " " + std::string(target));
}

std::string Http::expect(std::string_view method, std::string_view target, std::string_view token,
                         std::string_view body) {
  Answer out = ask(method, target, token, body);
  if (out.status == 200 || out.status == 201) return std::move(out.body);
  throw std::runtime_error(std::string(method) + " " + std::string(target) + ": " +
                           std::to_string(out.status) + " " + out.body.substr(0, 300));
}

bool Http::read_answer(Answer& out) {
  buffer_.clear();
  std::size_t end = std::string::npos;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_some()) return false;
  }
  const std::string head = lower(buffer_.substr(0, end));
  if (!head.starts_with("http/1.1 ")) return false;
  out.status = std::stoi(head.substr(9, 3));
  const std::size_t from = end + 4;
  bool good = true;
  if (const auto length = head.find("content-length: "); length != std::string::npos) {
    const std::size_t size = std::stoul(head.substr(length + 16));
    while (buffer_.size() < from + size && good) good = read_some();
    if (good) out.body = buffer_.substr(from, size);
  } else if (head.find("transfer-encoding: chunked") != std::string::npos) {
    good = read_chunks(from, out);
  }
  if (!good || head.find("connection: close") != std::string::npos) disconnect();
  return good;
}

bool Http::read_chunks(std::size_t from, Answer& out) {
  out.body.clear();
  while (true) {
    std::size_t line = std::string::npos;
    while ((line = buffer_.find("\r\n", from)) == std::string::npos) {
      if (!read_some()) return false;
    }
    const std::size_t size = std::stoul(buffer_.substr(from, line - from), nullptr, 16);
    while (buffer_.size() < line + 4 + size) {
      if (!read_some()) return false;
    }
    if (size == 0) return true;
    out.body.append(buffer_, line + 2, size);
    from = line + 4 + size;
  }
}

}  // namespace aa::live
