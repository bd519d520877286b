// The same relay on Boost.Beast's WebSocket, as one writes it with a strand and a queue for each
// socket: what our own framing is measured against (docs/adr/0006-own-websocket-framing.md).
//
// usage: bench_relay_beast   prints its port; /relay?room=NAME; ends with its input
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using Error = boost::system::error_code;
using Message = std::shared_ptr<const std::string>;

class Member;

struct Room {
  std::mutex mutex;
  std::vector<std::shared_ptr<Member>> members;
};

struct Rooms {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<Room>> by_name;
};

class Member : public std::enable_shared_from_this<Member> {
 public:
  Member(tcp::socket socket, Rooms& rooms) : stream_(std::move(socket)), rooms_(rooms) {}

  void run() {
    beast::http::async_read(stream_.next_layer(), buffer_, request_,
                            [self = shared_from_this()](Error error, std::size_t) {
                              if (!error) self->accept();
                            });
  }

  void send(Message message) {
    asio::post(stream_.get_executor(), [self = shared_from_this(), message] {
      self->waiting_.push_back(message);
      if (self->waiting_.size() == 1) self->write();
    });
  }

 private:
  void accept() {
    auto options = beast::websocket::stream_base::timeout::suggested(beast::role_type::server);
    stream_.set_option(options);
    stream_.next_layer().set_option(tcp::no_delay(true));
    stream_.async_accept(request_, [self = shared_from_this()](Error error) {
      if (error) return;
      self->enter();
      self->read();
    });
  }

  void enter() {
    {
      const std::lock_guard lock(rooms_.mutex);
      auto& room = rooms_.by_name[std::string(request_.target())];
      if (!room) room = std::make_shared<Room>();
      room_ = room;
    }
    request_ = {};
    stream_.text(true);
    const std::lock_guard lock(room_->mutex);
    room_->members.push_back(shared_from_this());
  }

  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](Error error, std::size_t) {
      if (error) return self->leave();
      self->tell_others();
      self->read();
    });
  }

  void tell_others() {
    const auto message =
        std::make_shared<const std::string>(beast::buffers_to_string(buffer_.data()));
    buffer_.consume(buffer_.size());
    const std::lock_guard lock(room_->mutex);
    for (const auto& member : room_->members) {
      if (member.get() != this) member->send(message);
    }
  }

  void write() {
    stream_.async_write(asio::buffer(*waiting_.front()),
                        [self = shared_from_this()](Error error, std::size_t) {
                          if (error) return;
                          self->waiting_.pop_front();
                          if (!self->waiting_.empty()) self->write();
                        });
  }

  void leave() {
    const std::lock_guard lock(room_->mutex);
    std::erase(room_->members, shared_from_this());
  }

  beast::websocket::stream<tcp::socket> stream_;
  Rooms& rooms_;
  std::shared_ptr<Room> room_;
  beast::flat_buffer buffer_;
  beast::http::request<beast::http::string_body> request_;
  std::deque<Message> waiting_;
};

void accept_all(asio::io_context& io, tcp::acceptor& acceptor, Rooms& rooms) {
  acceptor.async_accept(asio::make_strand(io), [&](Error error, tcp::socket socket) {
    if (error) return;
    std::make_shared<Member>(std::move(socket), rooms)->run();
    accept_all(io, acceptor, rooms);
  });
}

}  // namespace

int main() {
  Rooms rooms;
  asio::io_context io(2);
  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  acceptor.listen(4096);
  std::printf("%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  accept_all(io, acceptor, rooms);
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back([&io] { io.run(); });
  for (std::string line; std::getline(std::cin, line);) {
  }
  std::_Exit(0);
}
