#include "service/collab/room.hpp"

#include <boost/asio/post.hpp>

#include "core/observe/log.hpp"
#include "service/collab/server_message.hpp"

namespace aa::collab {

std::string channel_of(AssetId asset) { return "live:" + asset.str(); }

Room::Room(std::shared_ptr<RoomContext> context, OrganizationId organization, AssetId asset,
           Forget forget)
    : context_(std::move(context)),
      organization_(organization),
      asset_(asset),
      forget_(std::move(forget)),
      strand_(boost::asio::make_strand(context_->io)),
      pause_timer_(strand_),
      end_timer_(strand_),
      tell_timer_(strand_) {}

void Room::start() {
  auto listener = [weak = weak_from_this(),
                   own = R"("i":")" + context_->instance + '"'](const std::string& message) {
    if (message.find(own) != std::string::npos) return;  // one's own
    if (const auto room = weak.lock()) room->hear(message);
  };
  subscription_ = context_->bus.subscribe(channel_of(asset_), std::move(listener));
  if (context_->several) publish(R"({"k":"who","i":")" + context_->instance + R"("})");
}

void Room::enter(Someone member) {
  boost::asio::post(strand_, [self = shared_from_this(), member = std::move(member)] {
    --self->expected_;
    if (self->members_.size() >= self->context_->limits.members_max) {
      member->expel(Close::limit, "This image has too many people already.");
    } else if (self->drained_) {
      member->expel(Close::going_away, "The server goes away.");
    }
    if (member->expelled) {
      self->plan_end();
      return;
    }
    self->end_timer_.cancel();
    self->members_[member->session] = member;
    ++self->context_->counters.members;
  });
}

void Room::hello(Someone member, std::optional<std::int64_t> revision) {
  boost::asio::post(strand_, [self = shared_from_this(), member = std::move(member), revision] {
    if (!self->members_.contains(member->session)) return;
    self->joins_.push_back({member, revision});
    self->wake();
  });
}

void Room::submit(Someone member, Operations batch) {
  Waiting waiting{std::move(member), batch.n, batch.base, std::move(batch.operations)};
  boost::asio::post(strand_, [self = shared_from_this(), waiting = std::move(waiting)]() mutable {
    self->submit_now(std::move(waiting));
  });
}

void Room::submit_now(Waiting waiting) {
  auto& author = *waiting.member;
  if (author.expelled || !author.welcomed) return;
  ++author.under_way;
  if (!author.may_write) {
    refuse(waiting, "permission_denied", "You may look at this image, not change it.");
  } else if (author.under_way > context_->limits.batches_under_way) {
    refuse(waiting, "rate_limited", "Too many batches are under way: wait for answers.");
  } else if (pausing_ || drained_) {
    refuse(waiting, "unavailable", "Changes cannot be stored at the moment.");
  } else {
    queue_.push_back(std::move(waiting));
    wake();
  }
}

void Room::leave(Someone member) {
  boost::asio::post(strand_, [self = shared_from_this(), member = std::move(member)] {
    self->leave_now(member);
  });
}

// What the member sent before is still stored.
void Room::leave_now(const Someone& member) {
  member->expelled = true;
  if (members_.erase(member->session) == 0) return;
  --context_->counters.members;
  std::erase_if(joins_, [&](const Join& join) { return join.member == member; });
  presence_.leave(member->session);
  if (locks_.release_all(member->session)) locks_changed_ = own_locks_changed_ = true;
  tell_soon();
  plan_end();
}

void Room::plan_end() {
  if (!members_.empty()) return;
  end_timer_.expires_after(context_->limits.linger);
  end_timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
    if (cancelled || !self->members_.empty()) return;
    if (self->working_ || !self->forget_(*self)) {
      self->plan_end();
      return;
    }
    self->tell_presence();  // who left, to other instances
    self->subscription_.reset();
    self->document_.reset();
    self->pause_timer_.cancel();
    self->tell_timer_.cancel();
  });
}

void Room::close_all(Close code, std::string reason) {
  boost::asio::post(strand_, [self = shared_from_this(), code, reason = std::move(reason)] {
    for (const auto& [session, one] : self->members_) one->expel(code, reason);
  });
}

void Room::drain(std::function<void()> done) {
  boost::asio::post(strand_, [self = shared_from_this(), done = std::move(done)] {
    self->drained_ = done;
    if (!self->working_) self->finish_drain();
  });
}

void Room::finish_drain() {
  for (const auto& [session, member] : members_) {
    member->expel(Close::going_away, "The server goes away; connect again.");
  }
  std::exchange(drained_, [] {})();
}

}  // namespace aa::collab
