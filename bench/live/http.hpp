// HTTP/1.1 to the server under load, one request after the other over a connection that is kept.
//
// Blocking, ten seconds at most for any read. Thread rule: one owner. Errors: std::runtime_error
// when the server cannot be reached or does not answer in HTTP; a status is no error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aa::live {

struct Answer {
  int status = 0;
  std::string body;
};

class Http {
 public:
  explicit Http(std::uint16_t port) : port_(port) {}
  ~Http() { disconnect(); }
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  // `target` below /api/v1. A connection that the server closed meanwhile is made anew once.
  Answer ask(std::string_view method, std::string_view target, std::string_view token,
             std::string_view body = {});
  // As ask(); throws unless the status is 200 or 201.
  std::string expect(std::string_view method, std::string_view target, std::string_view token,
                     std::string_view body = {});

 private:
  void connect_now();
  void disconnect();
  bool send_all(std::string_view bytes);
  bool read_some();
  bool read_answer(Answer& out);
  bool read_chunks(std::size_t from, Answer& out);

  std::uint16_t port_;
  int fd_ = -1;
  std::string buffer_;
};

}  // namespace aa::live
