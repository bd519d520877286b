#include "service/identity/identity.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

// Verifies against no password.
constexpr std::string_view kNoPassword = "!";
constexpr int kAtOnce = 500;

}  // namespace

Task<UserView> Identity::insert_newcomer(db::Transaction& transaction, OrganizationId organization,
                                         tenancy::Role role, std::string email, std::string name) {
  const UserView user{ids_.next_as<UserId>(), std::move(email), std::move(name)};
  const auto now = clock_.now();
  co_await transaction.exec(sql::insert_user,
                            db::args(user.id, user.email, user.name, kNoPassword, now, now));
  co_await transaction.exec(sql::insert_membership, db::args(organization, user.id, role, now));
  co_return user;
}

Task<Newcomer> Identity::let_in(db::Transaction& transaction, OrganizationId organization,
                                UserView user, std::chrono::hours life) {
  const auto now = clock_.now();
  const AccessClaims claims{user.id, organization, ids_.next_as<SessionId>(), now, now + life};
  const std::optional<std::string> no_cookie;
  auto row = db::args(claims.session, organization, user.id, no_cookie, now, claims.expires_at, "",
                      "seed-load", SignInMethod::password, FactorProof::none);
  co_await transaction.exec(sql::insert_session, std::move(row));
  const auto keys = co_await keys_.current();
  co_return Newcomer{std::move(user), keys->signer().sign(claims)};
}

Task<Crowd> Identity::make_crowd(std::string organization, int editors, std::chrono::hours life) {
  Crowd out;
  const auto id = ids_.next_as<OrganizationId>();
  const std::string domain = "@" + id.str() + ".load.invalid";
  co_await keys_.current();  // a first key could not be written beside the transaction
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await transaction->exec(sql::insert_organization, db::args(id, organization, clock_.now()));
  const auto owner =
      co_await insert_newcomer(*transaction, id, tenancy::Role::owner, "owner" + domain, "Owner");
  audit::Entry entry{"organization.seed_load", "organization", id.str(), {}};
  entry.detail["editors"] = editors;
  const audit::Actor actor{id, owner.id, "", ""};
  co_await trail_.append(*transaction, actor, std::move(entry));
  out.owner = {owner.id, id, {}, tenancy::Role::owner};
  for (int i = 0; i < editors; ++i) {
    if (i > 0 && i % kAtOnce == 0) {
      co_await transaction->commit();
      transaction = co_await database_.begin(db::Scope::system());
    }
    const std::string number = std::to_string(i);
    auto user = co_await insert_newcomer(*transaction, id, tenancy::Role::annotator,
                                         "editor-" + number + domain, "Editor " + number);
    out.editors.push_back(co_await let_in(*transaction, id, std::move(user), life));
  }
  co_await transaction->commit();
  co_return out;
}

}  // namespace aa::identity
