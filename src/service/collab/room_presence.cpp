#include <boost/asio/post.hpp>

#include "service/collab/room.hpp"

namespace aa::collab {
namespace {

using std::chrono::seconds;

constexpr seconds kLook{1};        // for locks and instances that fell silent
constexpr seconds kPublishAll{5};  // so that other instances know we are there

std::optional<Uuid> id_in(const json::Value& value) {
  const auto* text = value.if_string();
  return text != nullptr ? Uuid::parse(*text) : std::nullopt;
}

const json::Array& array_in(const json::Object& message, std::string_view name) {
  static const json::Array kNone;
  const auto* value = message.if_contains(name);
  const auto* array = value != nullptr ? value->if_array() : nullptr;
  return array != nullptr ? *array : kNone;
}

}  // namespace

void Room::show(Someone member, Presence shown) {
  auto json = presence_json(*member, shown);
  boost::asio::post(strand_, [self = shared_from_this(), member = std::move(member),
                              json = std::move(json)]() mutable {
    if (!member->welcomed || member->expelled) return;
    self->presence_.show(member->session, std::move(json));
    self->tell_soon();
  });
}

void Room::lock(Someone member, AnnotationId target, bool held) {
  boost::asio::post(strand_, [self = shared_from_this(), member = std::move(member), target, held] {
    if (!member->welcomed || member->expelled) return;
    const auto now = self->context_->clock.steady();
    if (held)
      self->locks_changed_ |= self->locks_.hold(target, member->session, now);
    else
      self->locks_changed_ |= self->locks_.release(target, member->session);
    self->own_locks_changed_ = true;  // a renewal is news to other instances
    self->tell_soon();
  });
}

void Room::tell_soon() { tell_at(pace_.next(std::chrono::steady_clock::now())); }

void Room::tell_at(Pace::Time when) {
  if (telling_at_ && *telling_at_ <= when) return;
  telling_at_ = when;
  tell_timer_.expires_at(when);
  tell_timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
    if (!cancelled) self->tell_presence();
  });
}

void Room::tell_presence() {
  const auto now = std::chrono::steady_clock::now();
  pace_.came(telling_at_.value_or(now), now);
  telling_at_.reset();
  presence_.expire(context_->clock.steady());
  locks_changed_ |= locks_.expire(context_->clock.steady());
  send_presence();
  if (std::exchange(locks_changed_, false)) tell_locks();
  if (context_->several) {
    if (std::exchange(own_locks_changed_, false)) {
      publish(R"({"k":"locks","i":")" + context_->instance + R"(","locks":)" + locks_.own_json() +
              '}');
    }
    if (!members_.empty() && now - published_all_at_ >= kPublishAll) publish_all();
  }
  const bool look =
      !locks_.empty() || presence_.has_foreign() || (context_->several && !members_.empty());
  if (look) tell_at(now + kLook);
}

void Room::send_presence() {
  const bool changed = presence_.changed();
  http::Frame news;
  http::Frame all;
  if (changed) news = http::text_frame(presence_.changes_message());
  const auto only = presence_.only_about();
  for (const auto& [session, member] : members_) {
    if (!member->welcomed || (!changed && !member->lacks_presence)) continue;
    if (member->lacks_presence && !all) all = http::text_frame(presence_.all_message());
    if (!member->lacks_presence && only == session) continue;
    const bool sent = member->link->send_if_idle(member->lacks_presence ? all : news);
    member->lacks_presence = !sent;
    ++(sent ? context_->counters.presence : context_->counters.presence_dropped);
    if (!sent) tell_at(std::chrono::steady_clock::now() + kLook);
  }
  if (changed && context_->several) {
    auto message = presence_.own_changes(context_->instance);
    if (!message.empty()) publish(std::move(message));
  }
  presence_.told();
}

void Room::tell_locks() {
  const auto frame = http::text_frame(R"({"t":"locks","locks":)" + locks_.json() + '}');
  for (const auto& [session, member] : members_) {
    if (member->welcomed) member->send(frame);
  }
}

void Room::publish(std::string message) {
  context_->bus.publish(channel_of(asset_), std::move(message));
}

void Room::publish_all() {
  published_all_at_ = std::chrono::steady_clock::now();
  publish(presence_.own_all(context_->instance));
}

void Room::hear(std::string message) {
  boost::asio::post(strand_, [self = shared_from_this(), message = std::move(message)] {
    try {
      self->hear_now(message);
    } catch (const std::exception&) {  // of another version, or not one of ours
    }
  });
}

void Room::hear_now(const std::string& message) {
  const auto value = json::parse(message);
  const auto& object = value.as_object();
  const auto& kind = object.at("k").as_string();
  if (kind == "log") {
    grew(object.at("revision").to_number<std::int64_t>());
  } else if (kind == "threads") {
    threads_grew(object.at("revision").to_number<std::int64_t>());
  } else if (kind == "presence") {
    hear_presence(object);
  } else if (kind == "locks") {
    hear_locks(object);
  } else if (kind == "who" && !members_.empty()) {
    publish_all();
    own_locks_changed_ = !locks_.empty();
    tell_soon();
  }
}

void Room::hear_presence(const json::Object& message) {
  std::map<Uuid, std::string> shown;
  for (const auto& item : array_in(message, "members")) {
    if (const auto id = id_in(item.at("s"))) shown[*id] = json::to_text(item);
  }
  std::vector<Uuid> left;
  for (const auto& item : array_in(message, "left")) {
    if (const auto id = id_in(item)) left.push_back(*id);
  }
  presence_.show_foreign(std::string(message.at("i").as_string()), shown, left,
                         message.contains("all"), context_->clock.steady());
  tell_soon();
}

void Room::hear_locks(const json::Object& message) {
  std::map<AnnotationId, Uuid> locks;
  for (const auto& item : array_in(message, "locks")) {
    const auto target = id_in(item.at("target"));
    const auto session = id_in(item.at("s"));
    if (target && session) locks[AnnotationId{*target}] = *session;
  }
  locks_changed_ |= locks_.replace_foreign(std::string(message.at("i").as_string()), locks,
                                           context_->clock.steady());
  tell_soon();
}

}  // namespace aa::collab
