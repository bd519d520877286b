// Members without a network, for tests: what they are sent is kept as text.
//
// Thread rule: any thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "service/collab/member.hpp"

namespace aa::collab {

std::string payload_of(const http::Frame& frame);

class KeptLink final : public Link {
 public:
  bool send(http::Frame frame) override;
  bool send_if_idle(http::Frame frame) override;
  void close(Close code, std::string reason) override;

  void set_busy(bool busy) { busy_ = busy; }  // something waits to be written
  void set_full(bool full) { full_ = full; }  // the peer does not read
  std::vector<std::string> sent() const;
  std::optional<Close> closed() const;
  // The first message that holds `part`, taken out; waits for it. Empty when none comes.
  std::string next(const std::string& part);
  std::optional<Close> wait_for_close();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> busy_ = false;
  std::atomic<bool> full_ = false;
  std::vector<std::string> sent_;
  std::optional<Close> closed_;
};

struct Someone {
  std::shared_ptr<KeptLink> link;
  std::shared_ptr<Member> member;
};
Someone make_member(IdSource& ids, tenancy::Role role = tenancy::Role::annotator,
                    const std::string& name = "Ann");

}  // namespace aa::collab
