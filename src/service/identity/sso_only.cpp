// Organisations that take a provider's word alone.
#include "service/identity/identity.hpp"
#include "service/identity/policies.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

constexpr std::size_t kDoorsTold = 10;

}  // namespace

Task<Error> Identity::sso_required(OrganizationId organization) {
  std::vector<SsoDoor> doors;
  if (gate_ != nullptr) doors = co_await gate_->doors(organization);
  std::vector<ErrorDetail> where;
  for (std::size_t i = 0; i < doors.size() && i < kDoorsTold; ++i) {
    where.push_back({"/providers/" + std::to_string(i), doors[i].start_url});
  }
  co_return Error(ErrorCode::permission_denied, "sso_required",
                  "The organization lets its members in by its identity provider alone.",
                  std::move(where));
}

// The wished one, else the first that takes a password; the first when none does, so that its
// refusal tells where to go.
Task<std::optional<OrganizationView>> Identity::entered_organization(
    UserId user, std::optional<OrganizationId> wished) {
  const auto found = co_await database_.query(db::Scope::system(), sql::entered_organization,
                                              db::args(user, wished));
  auto first = found.first<OrganizationView>();
  if (!first || wished) co_return first;
  auto policy = co_await policy_of(database_, first->id);
  if (!wants_provider(policy, first->role, SignInMethod::password)) co_return first;
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::list_organizations, db::args(user));
  for (auto& organization : rows.as<OrganizationView>()) {
    policy = co_await policy_of(database_, organization.id);
    if (!wants_provider(policy, organization.role, SignInMethod::password)) {
      co_return std::move(organization);
    }
  }
  co_return first;
}

// A letter must not be a way around the provider.
Task<bool> Identity::may_set_password(UserId user) {
  const auto found =
      co_await database_.query(db::Scope::system(), sql::find_password, db::args(user));
  if (found.empty() || !found[0].get<std::string>("password_hash").empty()) co_return true;
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::policies_of_user, db::args(user));
  for (const auto& row : rows) {
    if (read_policy(row.get<std::string>("policy")).sso_only) co_return false;
  }
  co_return true;
}

}  // namespace aa::identity
