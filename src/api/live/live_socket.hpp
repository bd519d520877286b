// A live connection: reads what its client sends and hands it to the room. What is wrong or too
// fast is answered with an error, and at last with the end of the connection.
//
// Thread rule: the socket's strand. Errors: none leave.
#pragma once

#include "driver/http/websocket.hpp"
#include "service/collab/client_message.hpp"
#include "service/collab/collab.hpp"

namespace aa::api {

class LiveSocket final : public http::WebSocketHandler {
 public:
  LiveSocket(collab::Collab& collab, collab::Admission admission);

  void on_open(std::shared_ptr<http::WebSocket> socket) override;
  void on_text(std::string message) override;
  void on_close(std::uint16_t code) override;

 private:
  void take(collab::Hello message);
  void take(collab::Operations message);
  void take(collab::Presence message);
  void take(collab::Lock message);
  void take(collab::Unlock message);
  void take(collab::Ping message);
  void take_unreadable(const std::string& message, const Error& error);
  bool may_send_other();
  void tell_error(std::optional<std::int64_t> n, std::string_view code, std::string_view detail,
                  std::chrono::milliseconds retry = {});
  collab::TokenBucket::Time now() const { return collab_.clock().steady(); }

  collab::Collab& collab_;
  collab::Admission admission_;
  collab::Allowance allowance_;
  std::optional<collab::Collab::Seat> seat_;
  bool greeted_ = false;
};

}  // namespace aa::api
