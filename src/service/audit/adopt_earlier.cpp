// Chains of versions before 0020_audit, whose entries held addresses inside, are chained anew.
// What they were stands in one entry behind them: how many entries, their last hash, and the first
// that did not fit, if any.
#include "base/hash.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/audit/head_row.hpp"
#include "service/audit/statements.hpp"

namespace aa::audit {
namespace {

constexpr int kPage = 1'000;

// As it was hashed then: every member, in this order.
struct EarlierEntry {
  std::int64_t sequence = 0;
  Timestamp at;
  std::optional<UserId> actor_id;
  std::string ip;
  std::string request_id;
  std::string action;
  std::string object_type;
  std::string object_id;
  std::string outcome;
  json::Object detail;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(EarlierEntry, (),
                      (sequence, at, actor_id, ip, request_id, action, object_type, object_id,
                       outcome, detail, hash))

std::string earlier_hash(const std::string& previous, OrganizationId organization,
                         EarlierEntry entry) {
  entry.hash.clear();
  return to_hex(sha256(previous + organization.str() + json::write(entry)));
}

Link link_of(const EarlierEntry& entry) {
  Link link;
  link.at = entry.at;
  if (entry.actor_id) link.actor_id = entry.actor_id->str();
  link.action = entry.action;
  link.object_type = entry.object_type;
  link.object_id = entry.object_id;
  link.outcome = entry.outcome;
  link.request_id = entry.request_id;
  link.detail = json::write(entry.detail);
  return link;
}

}  // namespace

Task<> Trail::adopt_earlier() {
  const auto rows = co_await database_.query(db::Scope::system(), sql::old_heads);
  for (const auto& row : rows) co_await adopt(row.get<OrganizationId>("organization_id"));
}

Task<> Trail::adopt(OrganizationId organization) {
  auto transaction = co_await database_.begin(db::Scope::tenant(organization));
  const auto old = co_await transaction->exec(sql::old_head, db::args(organization));
  if (old.empty()) co_return;  // another instance was quicker
  json::Object detail;
  std::string previous;
  std::int64_t seen = 0;
  while (true) {
    const auto rows =
        co_await transaction->exec(sql::old_entries, db::args(organization, seen, kPage));
    for (const auto& entry : rows.as<EarlierEntry>()) {
      const bool right = entry.hash == earlier_hash(previous, organization, entry);
      if (!right && !detail.contains("first_bad")) detail["first_bad"] = entry.sequence;
      Link link = link_of(entry);
      Actor actor(organization, entry.actor_id, entry.ip, entry.request_id);
      const auto head = co_await lock_head(*transaction, organization);
      link.origin = co_await note_origin(*transaction, std::move(actor));
      link.sequence = head.sequence + 1;
      link.at = std::max(link.at, head.at);
      link.hash = hash_of(head.hash, organization.str(), link);
      co_await insert(*transaction, organization, std::move(link));
      previous = entry.hash;
      seen = entry.sequence;
    }
    if (rows.size() < kPage) break;
  }
  detail["entries"] = old.one().get<std::int64_t>("sequence");
  detail["head"] = old.one().get<std::string>("hash");
  co_await transaction->exec(sql::drop_old_entries, db::args(organization));
  co_await transaction->exec(sql::drop_old_head, db::args(organization));
  Entry entry{"audit.adopt", "audit", organization.str(), std::move(detail)};
  co_await append(*transaction, Actor(organization, std::nullopt, "", ""), std::move(entry));
  co_await transaction->commit();
}

}  // namespace aa::audit
