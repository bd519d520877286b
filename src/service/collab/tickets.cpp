#include "service/collab/tickets.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/hash.hpp"
#include "service/collab/statements.hpp"

namespace aa::collab {
namespace {

constexpr std::size_t kTicketBytesMax = 2'048;

Error refused(std::string slug, std::string message) {
  return {ErrorCode::unauthenticated, std::move(slug), std::move(message)};
}

}  // namespace

std::string Tickets::mac(std::string_view text) const {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  const auto key = key_.reveal();
  const auto* done =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), out, &size);
  if (done == nullptr) throw internal_error("HMAC failed");
  return to_base64url({reinterpret_cast<const char*>(out), size});
}

std::string Tickets::sign(const Ticket& ticket) const {
  const std::string payload = to_base64url(json::write(ticket));
  return payload + "." + mac(payload);
}

Ticket Tickets::verify(std::string_view text) const {
  const auto dot = text.find('.');
  const bool plausible = text.size() <= kTicketBytesMax && dot != std::string_view::npos;
  if (!plausible || !equal_constant_time(mac(text.substr(0, dot)), text.substr(dot + 1))) {
    throw refused("invalid_ticket", "The ticket is not valid: ask for a new one.");
  }
  const auto payload = from_base64url(text.substr(0, dot));
  if (!payload) throw refused("invalid_ticket", "The ticket is not valid: ask for a new one.");
  auto ticket = json::read<Ticket>(json::parse(*payload));
  if (ticket.expires <= clock_.now().micros) {
    throw refused("ticket_expired", "The ticket has expired: ask for a new one.");
  }
  return ticket;
}

runtime::Task<> Tickets::use(Ticket ticket) {
  const auto values = db::args(ticket.id, ticket.organization, ticket.expires);
  bool used = false;
  try {
    co_await database_.write(db::Scope::tenant(ticket.organization), sql::use_ticket, values);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::already_exists) throw;
    used = true;
  }
  if (used) throw refused("ticket_used", "The ticket was used already: ask for a new one.");
}

// A minute later than need be: clocks of instances differ.
runtime::Task<> Tickets::prune() {
  const Timestamp before{(clock_.now() + -std::chrono::minutes(1)).micros};
  co_await database_.write(db::Scope::system(), sql::prune_tickets, db::args(before));
}

}  // namespace aa::collab
