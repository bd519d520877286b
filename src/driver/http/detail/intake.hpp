// What has arrived from the peer and is not used yet.
//
// A read is always under way unless `kBufferedMax` bytes wait: so the end of the peer is noticed
// while a handler runs, and no more than that is held for a handler that does not read.
// Thread rule: the connection's strand.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include "core/runtime/task.hpp"
#include "driver/http/detail/transport.hpp"

namespace aa::http {

class Intake {
 public:
  static constexpr std::size_t kBufferedMax = 64 * 1024;
  static constexpr std::size_t kSmallRead = 4 * 1024;  // an idle connection holds no more
  static constexpr std::size_t kLargeRead = 64 * 1024;

  struct Events {
    std::function<void(std::size_t)> arrived;
    std::function<void(boost::system::error_code)> ended;
  };
  Intake(boost::asio::any_io_executor executor, Transport& transport, Events events);

  void start(std::weak_ptr<void> owner) { owner_ = std::move(owner); }
  void pump();                    // starts a read where one is due
  void expect(std::size_t size);  // of the next reads: kSmallRead or kLargeRead
  std::string_view data() const { return {held_.data() + used_, held_.size() - used_}; }
  void consume(std::size_t count);  // and pumps
  bool ended() const { return ended_; }
  // Until something arrived, the peer ended, or wake().
  runtime::Task<> wait();
  void wake() { changed_.cancel(); }
  // Ends the read under way; what had arrived is in data(), and the transport is free.
  runtime::Task<> halt();

 private:
  void on_read(boost::system::error_code error, std::size_t count);

  Transport& transport_;
  Events events_;
  std::weak_ptr<void> owner_;
  boost::asio::steady_timer changed_;
  std::vector<char> held_;
  std::size_t used_ = 0;
  std::vector<char> incoming_;
  std::size_t read_size_ = kSmallRead;
  bool reading_ = false;
  bool ended_ = false;
  bool halted_ = false;
};

}  // namespace aa::http
