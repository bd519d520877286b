// Walks a whole chain, and the addresses beside it.
#include <map>

#include "service/audit/audit_trail.hpp"
#include "service/audit/statements.hpp"

namespace aa::audit {
namespace {

constexpr int kPage = 4'000;

struct OriginRow {
  std::string id;
  std::string salt;
  std::string ip;
  std::string user_agent;
};
BOOST_DESCRIBE_STRUCT(OriginRow, (), (id, salt, ip, user_agent))

class Walk {
 public:
  Walk(OrganizationId organization, std::vector<std::pair<std::int64_t, std::string>> known)
      : organization_(organization.str()), known_(known.begin(), known.end()) {}

  // False at the first bad one.
  bool step(const Link& link) {
    const auto number = verdict.entries + 1;
    if (link.sequence != number) return bad(number, "is missing");
    if (link.hash != hash_of(previous, organization_, link)) {
      return bad(number, "does not have the hash that follows from it and the one before");
    }
    if (link.at < at_) return bad(number, "is earlier than the one before");
    const auto expected = known_.find(number);
    if (expected != known_.end() && expected->second != link.hash) {
      return bad(number, "is another than the one that was signed");
    }
    previous = link.hash;
    at_ = link.at;
    verdict.entries = number;
    return true;
  }
  bool bad(std::int64_t number, std::string problem) {
    verdict.first_bad = number;
    verdict.problem = std::move(problem);
    return false;
  }
  std::int64_t last_known() const { return known_.empty() ? 0 : known_.rbegin()->first; }

  Verdict verdict;
  std::string previous = kNoHash;

 private:
  std::string organization_;
  std::map<std::int64_t, std::string> known_;
  Timestamp at_{std::numeric_limits<std::int64_t>::min()};
};

// What must be true of the end once all entries were seen.
void check_end(Walk& walk, const std::optional<Head>& head) {
  const auto entries = walk.verdict.entries;
  if (!head && entries > 0) {
    walk.bad(entries + 1, "cannot be told to be the last: the head is gone");
  } else if (std::max(head ? head->sequence : 0, walk.last_known()) > entries) {
    walk.bad(entries + 1, "is missing, and all that came after it");
  }
}

}  // namespace

Task<Verdict> Trail::verify(OrganizationId organization,
                            std::vector<std::pair<std::int64_t, std::string>> known) {
  const auto scope = db::Scope::tenant(organization);
  Walk walk(organization, std::move(known));
  // The head is read before the page that must reach it: others may go on appending meanwhile.
  while (true) {
    const auto heads = co_await database_.query(scope, sql::head, db::args(organization));
    const auto head = heads.first<Head>();
    const auto rows = co_await database_.query(scope, sql::chain_page,
                                               db::args(organization, walk.verdict.entries, kPage));
    for (const auto& row : rows) {
      const auto link = row.as<Link>();
      if (!walk.step(link)) co_return walk.verdict;
      if (head && head->sequence == link.sequence && head->hash != link.hash) {
        walk.bad(link.sequence, "is another than the head says");
        co_return walk.verdict;
      }
    }
    if (rows.size() == kPage) continue;
    check_end(walk, head);
    break;
  }
  std::string after;
  while (!walk.verdict.first_bad) {
    const auto rows =
        co_await database_.query(scope, sql::page_origins, db::args(organization, after, kPage));
    for (const auto& origin : rows.as<OriginRow>()) {
      if (origin.id != origin_of(origin.salt, origin.ip, origin.user_agent)) {
        const auto first = co_await database_.query(scope, sql::first_of_origin,
                                                    db::args(organization, origin.id));
        walk.bad(first.empty() ? 0 : first[0].get<std::int64_t>("sequence"),
                 "came from another address than the one beside the chain");
        break;
      }
      after = origin.id;
    }
    if (rows.size() < kPage) break;
  }
  co_return walk.verdict;
}

}  // namespace aa::audit
