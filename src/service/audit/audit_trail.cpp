#include "service/audit/audit_trail.hpp"

#include "base/hash.hpp"
#include "service/audit/head_row.hpp"
#include "service/audit/statements.hpp"

namespace aa::audit {
namespace {

constexpr std::size_t kOriginsMax = 20'000;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSaltDigits = 32;

std::string key_of(const Actor& actor) {
  return actor.organization.str() + (actor.user ? actor.user->str() : std::string(36, '-')) +
         actor.ip + '\n' + actor.user_agent;
}

db::Args filter_args(OrganizationId organization, std::int64_t from, int limit,
                     const Filter& filter) {
  return db::args(organization, from, limit, filter.actor, filter.action, filter.object_type,
                  filter.object_id, filter.outcome, filter.from, filter.until);
}

}  // namespace

Trail::Trail(db::Database& database, const Clock& clock)
    : database_(database), clock_(clock), process_secret_(random_bytes(kSecretBytes)) {}

struct Trail::Origin {
  std::string key;
  std::optional<std::string> id;  // none: of no address
  std::optional<db::Args> row;    // to be written
};

// An entry until its transaction is committed.
class Trail::Pending final : public db::Ending {
 public:
  Pending(Trail& trail, OrganizationId organization, Link link, Origin origin)
      : trail_(trail),
        organization_(organization),
        link_(std::move(link)),
        origin_(std::move(origin)) {}

  std::vector<db::Step> steps() override {
    std::vector<db::Step> out;
    if (trail_.listener_ != nullptr && trail_.is_watched(organization_)) return out;
    const std::int64_t unheard =
        trail_.listener_ == nullptr ? std::numeric_limits<std::int64_t>::max() : 0;
    const auto now = trail_.clock_.now();
    out.emplace_back(
        sql::append,
        db::args(organization_, now, now.str(), link_.actor_id, link_.action, link_.object_type,
                 link_.object_id, link_.outcome, link_.request_id, link_.origin, link_.detail,
                 rest_of_entry(organization_.str(), link_), unheard),
        true);
    if (origin_.row) out.emplace_back(sql::insert_origin, *origin_.row);
    return out;
  }
  Task<> write(db::Transaction& transaction) override {
    return trail_.write(transaction, organization_, std::move(link_), std::move(origin_));
  }

 private:
  Trail& trail_;
  const OrganizationId organization_;
  Link link_;
  Origin origin_;
};

Task<> Trail::append(db::Transaction& transaction, Actor actor, Entry entry) {
  co_await add(transaction, std::move(actor), std::move(entry), "done");
}

Task<> Trail::denied(Actor actor, Entry entry) {
  auto transaction = co_await database_.begin(db::Scope::tenant(actor.organization));
  co_await add(*transaction, std::move(actor), std::move(entry), "denied");
  co_await transaction->commit();
}

Task<> Trail::add(db::Transaction& transaction, Actor actor, Entry entry, std::string outcome) {
  Link link;
  link.actor_id = actor.user ? std::optional(actor.user->str()) : std::nullopt;
  link.action = std::move(entry.action);
  link.object_type = std::move(entry.object_type);
  link.object_id = std::move(entry.object_id);
  link.outcome = std::move(outcome);
  link.request_id = actor.request_id;
  link.detail = json::write(entry.detail);
  auto origin = origin_of_actor(actor);
  link.origin = origin.id;
  remember(transaction, origin);
  auto pending =
      std::make_shared<Pending>(*this, actor.organization, std::move(link), std::move(origin));
  co_await transaction.write_last(std::move(pending));
}

bool Trail::is_watched(OrganizationId organization) {
  const std::lock_guard lock(mutex_);
  return watched_.contains(organization.str());
}

void Trail::note_watched(OrganizationId organization, bool watched) {
  const std::lock_guard lock(mutex_);
  if (watched) {
    watched_.insert(organization.str());
  } else {
    watched_.erase(organization.str());
  }
}

// Writers of one organisation queue here.
Task<Trail::HeadRow> Trail::lock_head(db::Transaction& transaction, OrganizationId organization) {
  const auto rows = co_await transaction.exec(sql::lock_head, db::args(organization));
  if (!rows.empty()) co_return rows[0].as<HeadRow>();
  co_await transaction.exec(sql::open_head, db::args(organization, kNoHash));
  const auto opened = co_await transaction.exec(sql::lock_head, db::args(organization));
  co_return opened.one().as<HeadRow>();
}

Task<> Trail::add_watchers(db::Transaction& transaction, OrganizationId organization, int change) {
  co_await lock_head(transaction, organization);
  co_await transaction.exec(sql::add_watchers, db::args(organization, change));
}

Task<> Trail::insert(db::Transaction& transaction, OrganizationId organization, Link link) {
  co_await transaction.exec(
      sql::insert_entry,
      db::args(organization, link.sequence, link.at, link.actor_id, link.action, link.object_type,
               link.object_id, link.outcome, link.request_id, link.origin, link.detail, link.hash));
}

// One row serves all entries of one person from one address by one program, while this process
// lives. It is written with the head locked, so that two who write the same row cannot wait for
// each other.
Trail::Origin Trail::origin_of_actor(const Actor& actor) {
  Origin out;
  if (actor.ip.empty() && actor.user_agent.empty()) return out;
  out.key = key_of(actor);
  {
    const std::lock_guard lock(mutex_);
    const auto known = origins_.find(out.key);
    if (known != origins_.end()) {
      out.id = known->second;
      return out;
    }
  }
  const auto salt =
      to_hex(sha256(process_secret_ + std::to_string(erasures_) + out.key)).substr(0, kSaltDigits);
  out.id = origin_of(salt, actor.ip, actor.user_agent);
  out.row = db::args(actor.organization, *out.id, actor.user, salt, actor.ip, actor.user_agent,
                     clock_.now());
  return out;
}

void Trail::remember(db::Transaction& transaction, const Origin& origin) {
  if (!origin.row) return;
  transaction.on_commit([this, key = origin.key, id = *origin.id] {
    const std::lock_guard lock(mutex_);
    if (origins_.size() >= kOriginsMax) origins_.clear();
    origins_[key] = id;
  });
}

Task<std::optional<std::string>> Trail::note_origin(db::Transaction& transaction, Actor actor) {
  const auto origin = origin_of_actor(actor);
  remember(transaction, origin);
  if (origin.row) co_await transaction.exec(sql::insert_origin, *origin.row);
  co_return origin.id;
}

Task<> Trail::write(db::Transaction& transaction, OrganizationId organization, Link link,
                    Origin origin) {
  const auto head = co_await lock_head(transaction, organization);
  if (origin.row) co_await transaction.exec(sql::insert_origin, *origin.row);
  link.sequence = head.sequence + 1;
  link.at = std::max(clock_.now(), head.at);
  link.hash = hash_of(head.hash, organization.str(), link);
  co_await insert(transaction, organization, link);
  const bool watched = head.watchers > 0;
  note_watched(organization, watched);
  if (watched && listener_ != nullptr) {
    co_await listener_->entry_written(transaction, organization, std::move(link));
  }
}

Task<std::vector<Record>> Trail::list(OrganizationId organization,
                                      std::optional<std::int64_t> before, int limit) {
  Filter all;
  co_return co_await search(organization, std::move(all), before, limit);
}

Task<std::vector<Record>> Trail::search(OrganizationId organization, Filter filter,
                                        std::optional<std::int64_t> before, int limit) {
  const auto from = before.value_or(std::numeric_limits<std::int64_t>::max());
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::search_entries,
                                             filter_args(organization, from, limit, filter));
  co_return rows.as<Record>();
}

Task<std::optional<Record>> Trail::find(OrganizationId organization, std::int64_t sequence) {
  const Filter all;
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::export_entries,
                                             filter_args(organization, sequence - 1, 1, all));
  auto record = rows.first<Record>();
  if (record && record->sequence != sequence) record.reset();
  co_return record;
}

Task<std::vector<ExportRow>> Trail::page(OrganizationId organization, Filter filter,
                                         std::int64_t after, int limit) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::export_entries,
                                             filter_args(organization, after, limit, filter));
  co_return rows.as<ExportRow>();
}

Task<Head> Trail::head(OrganizationId organization) {
  const auto rows =
      co_await database_.query(db::Scope::tenant(organization), sql::head, db::args(organization));
  co_return rows.first<Head>().value_or(Head{});
}

Task<std::vector<OrganizationId>> Trail::organizations() {
  const auto rows = co_await database_.query(db::Scope::system(), sql::heads);
  std::vector<OrganizationId> out;
  for (const auto& row : rows) out.push_back(row.get<OrganizationId>("organization_id"));
  co_return out;
}

Task<> Trail::erase_person(db::Transaction& transaction, UserId person) {
  co_await transaction.write_endings();
  co_await transaction.exec(sql::erase_origins, db::args(person));
  transaction.on_commit([this, name = person.str()] {
    const std::lock_guard lock(mutex_);
    ++erasures_;
    std::erase_if(origins_, [&](const auto& known) {
      return known.first.compare(name.size(), name.size(), name) == 0;
    });
  });
}

}  // namespace aa::audit
