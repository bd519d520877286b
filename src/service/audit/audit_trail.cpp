#include "service/audit/audit_trail.hpp"

#include "base/hash.hpp"
#include "service/audit/statements.hpp"

namespace aa::audit {
namespace {

struct Head {
  std::int64_t sequence = 0;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(Head, (), (sequence, hash))

// The bytes that are hashed: every column, in a fixed order, as JSON text.
std::string canonical(OrganizationId organization, const Record& record) {
  return organization.str() + json::write(record);
}

std::string chain(const std::string& previous, OrganizationId organization, Record record) {
  record.hash.clear();
  return to_hex(sha256(previous + canonical(organization, record)));
}

}  // namespace

Task<> Trail::append(db::Transaction& transaction, Actor actor, Entry entry) {
  co_await write(transaction, std::move(actor), std::move(entry), "done");
}

Task<> Trail::denied(Actor actor, Entry entry) {
  auto transaction = co_await database_.begin(db::Scope::tenant(actor.organization));
  co_await write(*transaction, std::move(actor), std::move(entry), "denied");
  co_await transaction->commit();
}

Task<> Trail::write(db::Transaction& transaction, Actor actor, Entry entry, std::string outcome) {
  // Raising the head first takes its row lock, so that writers of one organisation queue here.
  const auto raised = co_await transaction.exec(sql::raise_head, db::args(actor.organization));
  const auto head = raised.one().as<Head>();
  Record record{.sequence = head.sequence,
                .at = clock_.now(),
                .actor_id = actor.user,
                .ip = actor.ip,
                .request_id = actor.request_id,
                .action = entry.action,
                .object_type = entry.object_type,
                .object_id = entry.object_id,
                .outcome = outcome,
                .detail = entry.detail,
                .hash = {}};
  record.hash = chain(head.hash, actor.organization, record);
  co_await transaction.exec(
      sql::insert_entry, db::args(actor.organization, record.sequence, record.at, record.actor_id,
                                  record.ip, record.request_id, record.action, record.object_type,
                                  record.object_id, record.outcome, record.detail, record.hash));
  co_await transaction.exec(sql::set_head_hash, db::args(actor.organization, record.hash));
}

Task<std::vector<Record>> Trail::list(OrganizationId organization,
                                      std::optional<std::int64_t> before, int limit) {
  const auto rows = co_await database_.query(
      db::Scope::tenant(organization), sql::list_entries,
      db::args(organization, before.value_or(std::numeric_limits<std::int64_t>::max()), limit));
  co_return rows.as<Record>();
}

Task<Verdict> Trail::verify(OrganizationId organization) {
  constexpr int kPage = 1000;
  Verdict verdict;
  std::string previous;
  // The head is read before the page that must reach it: others may go on appending meanwhile.
  while (true) {
    const auto heads = co_await database_.query(db::Scope::tenant(organization), sql::head,
                                                db::args(organization));
    const auto head = heads.first<Head>();
    const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::page_entries,
                                               db::args(organization, verdict.entries, kPage));
    for (const auto& record : rows.as<Record>()) {
      const auto number = verdict.entries + 1;
      const bool right = record.sequence == number &&
                         record.hash == chain(previous, organization, record) &&
                         (!head || head->sequence != number || head->hash == record.hash);
      if (!right) {
        verdict.first_bad = number;
        co_return verdict;
      }
      previous = record.hash;
      verdict.entries = number;
    }
    if (rows.size() == kPage) continue;
    if (!head ? verdict.entries > 0 : head->sequence > verdict.entries) {
      verdict.first_bad = verdict.entries + 1;
    }
    co_return verdict;
  }
}

}  // namespace aa::audit
