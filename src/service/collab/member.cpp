#include "service/collab/member.hpp"

#include <array>

namespace aa::collab {
namespace {

// Strong enough for white text on them and told apart on photos.
constexpr std::array<std::string_view, 12> kColors = {"#d6336c", "#1c7ed6", "#2b8a3e", "#e8590c",
                                                      "#7048e8", "#0c8599", "#a61e4d", "#5c940d",
                                                      "#c2255c", "#364fc7", "#b35309", "#862e9c"};

}  // namespace

std::string color_of(UserId user) {
  return std::string(kColors[std::hash<UserId>{}(user) % kColors.size()]);
}

Member::Member(Uuid id, Person who, tenancy::Tenant in, std::shared_ptr<Link> to)
    : session(id),
      person(std::move(who)),
      person_json(json::write(person)),
      tenant(std::move(in)),
      link(std::move(to)),
      may_write(tenant.principal().may(tenancy::Permission::annotation_write)) {}

annotation::Author Member::author() const {
  return {tenant.actor(), tenant.user(), document::Source::manual};
}

void Member::send(const http::Frame& frame) {
  if (!expelled && !link->send(frame)) expelled = true;
}

void Member::expel(Close code, std::string reason) {
  if (!expelled.exchange(true)) link->close(code, std::move(reason));
}

}  // namespace aa::collab
