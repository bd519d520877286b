#include "service/collab/collab_fixture.hpp"

#include <algorithm>

namespace aa::collab {
namespace {

constexpr std::chrono::seconds kPatience{20};

}  // namespace

// RFC 6455 section 5.2, without a mask.
std::string payload_of(const http::Frame& frame) {
  const auto length = static_cast<unsigned char>(frame->at(1));
  const std::size_t header = length < 126 ? 2 : length == 126 ? 4 : 10;
  return frame->substr(header);
}

bool KeptLink::send(http::Frame frame) {
  const std::lock_guard lock(mutex_);
  if (closed_ || full_) return false;
  sent_.push_back(payload_of(frame));
  changed_.notify_all();
  return true;
}

bool KeptLink::send_if_idle(http::Frame frame) { return !busy_ && send(std::move(frame)); }

void KeptLink::close(Close code, std::string) {
  const std::lock_guard lock(mutex_);
  closed_ = code;
  changed_.notify_all();
}

std::vector<std::string> KeptLink::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

std::optional<Close> KeptLink::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

std::string KeptLink::next(const std::string& part) {
  std::unique_lock lock(mutex_);
  auto fits = [&](const std::string& text) { return text.find(part) != std::string::npos; };
  auto found = sent_.end();
  changed_.wait_for(lock, kPatience, [&] {
    found = std::ranges::find_if(sent_, fits);
    return found != sent_.end();
  });
  if (found == sent_.end()) return {};
  std::string out = std::move(*found);
  sent_.erase(found);
  return out;
}

std::optional<Close> KeptLink::wait_for_close() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kPatience, [&] { return closed_.has_value(); });
  return closed_;
}

Someone make_member(IdSource& ids, tenancy::Role role, const std::string& name) {
  const auto user = ids.next_as<UserId>();
  const tenancy::Principal principal{user, ids.next_as<OrganizationId>(), ids.next_as<SessionId>(),
                                     role};
  auto link = std::make_shared<KeptLink>();
  auto member = std::make_shared<Member>(ids.next(), Person{user, name, color_of(user)},
                                         tenancy::Tenant(principal, "", ""), link);
  return {std::move(link), std::move(member)};
}

}  // namespace aa::collab
