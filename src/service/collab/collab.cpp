#include "service/collab/collab.hpp"

namespace aa::collab {
namespace {

using runtime::Task;

std::shared_ptr<RoomContext> make_context(const CollabParts& parts, ThreadSource& threads,
                                          const CollabSettings& settings) {
  return std::shared_ptr<RoomContext>(new RoomContext{
      .io = parts.io,
      .log = parts.log,
      .bus = parts.bus,
      .threads = &threads,
      .clock = parts.clock,
      .metrics = parts.metrics,
      .instance = parts.ids.next().str(),
      .several = settings.several,
      .limits = settings.room,
      .counters = {},
  });
}

Error going_away() {
  return unavailable("draining", "The server goes away; try again.")
      .with_retry_after(std::chrono::seconds(1));
}

}  // namespace

Collab::Collab(CollabParts parts, CollabSettings settings)
    : parts_(std::move(parts)),
      settings_(std::move(settings)),
      tickets_(parts_.database, parts_.clock, settings_.ticket_key),
      roster_(settings_.connections_per_user),
      threads_(parts_.comments),
      context_(make_context(parts_, threads_, settings_)),
      rooms_(context_, settings_.rooms_max),
      watch_(std::make_shared<Watch>(
          WatchParts{parts_.database, parts_.identity, rooms_, roster_, tickets_, context_,
                     parts_.database.engine() == db::Engine::postgres})) {}

Collab::~Collab() = default;

Task<IssuedTicket> Collab::issue(tenancy::Tenant tenant, AssetId asset) {
  if (draining_) throw going_away();
  const auto found = co_await parts_.assets.get_for(tenant.organization(), asset);
  tenant = tenant.in(found.project_id);
  tenant.require(tenancy::Permission::annotation_read);
  co_await parts_.projects.require(tenant, found.project_id);
  const auto me = co_await parts_.identity.me(tenant.principal());
  Ticket ticket;
  ticket.id = parts_.ids.next_as<TicketId>();
  ticket.organization = tenant.organization();
  ticket.user = tenant.user();
  ticket.name = me.user.name;
  ticket.session = tenant.principal().session;
  ticket.project = found.project_id;
  ticket.asset = asset;
  ticket.expires = (parts_.clock.now() + kTicketLife).micros;
  co_return IssuedTicket(tickets_.sign(ticket), kTicketLife.count());
}

// The session is asked again: it may have ended, or lost rights, since the ticket was given.
Task<Admission> Collab::admit(std::string text, std::string ip, std::string request_id) {
  if (draining_) throw going_away();
  const auto ticket = tickets_.verify(text);
  auto place = roster_.take(ticket.user);
  std::vector<SessionId> session{ticket.session};
  auto standing = co_await parts_.identity.standing(std::move(session));
  const auto found = standing.find(ticket.session);
  if (found == standing.end()) {
    throw Error(ErrorCode::unauthenticated, "session_ended",
                "The session has ended; sign in again.");
  }
  const tenancy::Tenant tenant(found->second.in(ticket.project), std::move(ip),
                               std::move(request_id));
  tenant.require(tenancy::Permission::annotation_read);
  co_await tickets_.use(ticket);
  Person person{ticket.user, ticket.name, color_of(ticket.user)};
  co_return Admission(tenant, std::move(person), ticket.project, ticket.asset, std::move(place));
}

Collab::Seat Collab::enter(const Admission& admission, std::shared_ptr<Link> link) {
  auto member = std::make_shared<Member>(parts_.ids.next(), admission.person, admission.tenant,
                                         std::move(link));
  member->project = admission.project;
  auto room = rooms_.expect(admission.tenant.organization(), admission.asset);
  roster_.add(member);
  room->enter(member);
  return {std::move(room), std::move(member)};
}

void Collab::leave(const Seat& seat) {
  roster_.remove(*seat.member);
  seat.room->leave(seat.member);
}

void Collab::start() { watch_->start(); }

Task<> Collab::drain(std::chrono::milliseconds grace) {
  draining_ = true;
  watch_->stop();
  co_await rooms_.drain(grace);
}

}  // namespace aa::collab
