// SCIM 2.0 (RFC 7643, 7644): an organisation's directory makes, changes and ends its people's
// accounts here, and gives them roles by the groups they are in.
//
// A token reaches one organisation and nothing but this. Its holder makes nobody an owner, cannot
// take over an account that is known elsewhere, and is not told whose it is. `active` is whether
// the person is a member: who is not loses his sessions within seconds and comes back as the same
// person. Roles come from groups that an administrator has given one: of several the one that
// allows most; who leaves the last of them is a viewer; whoever never was in one keeps his.
//
// Each change is one transaction with its entries of the trail.
//
// Thread rule: shared by all coroutines.
// Errors: those of errors.hpp; not_found; already_exists "uniqueness"; conflict "last_owner";
// precondition_failed "version_differs"; unauthenticated "invalid_token".
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/public_url.hpp"
#include "service/identity/access.hpp"
#include "service/identity/cut.hpp"
#include "service/scim/filter.hpp"
#include "service/scim/resource.hpp"
#include "service/scim/scim_types.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::scim {

using runtime::Task;

struct ScimParts {
  db::Database& database;
  audit::Trail& trail;
  identity::Members& members;
  identity::Directory& directory;
  const Clock& clock;
  IdSource& ids;
};

// By what the account's directory is known.
inline constexpr std::string_view kProvider = "scim";
inline constexpr std::string_view kTokenPrefix = "scim_";

class ScimTokens {
 public:
  explicit ScimTokens(ScimParts parts) : parts_(std::move(parts)) {}

  Task<std::vector<ScimToken>> list(tenancy::Tenant tenant);
  Task<IssuedScimToken> create(tenancy::Tenant tenant, NewScimToken wanted);
  Task<> revoke(tenancy::Tenant tenant, ScimTokenId id);
  // Who holds it: someone who may nothing in the organisation. Throws "invalid_token".
  Task<tenancy::Principal> authenticate(std::string token);

 private:
  ScimParts parts_;
};

// From the first, at most so many.
struct Window {
  std::int64_t start = 1;
  std::int64_t count = kPageMax;
};
template <class T>
struct Listed {
  std::int64_t total = 0;
  std::vector<T> items;
};

struct StoredUser {
  ScimUserId id;
  std::optional<UserId> account;
  User user;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t revision = 0;

  std::string version() const;  // an ETag
};

class People {
 public:
  explicit People(ScimParts parts) : parts_(std::move(parts)) {}

  Task<Listed<StoredUser>> list(OrganizationId organization, UserFilter filter, Window window);
  Task<StoredUser> get(OrganizationId organization, ScimUserId id);
  Task<StoredUser> create(audit::Actor actor, User user);
  Task<StoredUser> replace(audit::Actor actor, ScimUserId id, std::optional<std::string> if_match,
                           User user);
  Task<StoredUser> patch(audit::Actor actor, ScimUserId id, std::optional<std::string> if_match,
                         json::Value body);
  Task<> remove(audit::Actor actor, ScimUserId id, std::optional<std::string> if_match);
  // For administrators.
  Task<std::vector<ScimPerson>> page(tenancy::Tenant tenant, std::optional<ScimUserId> after,
                                     int limit);

 private:
  Task<std::optional<StoredUser>> find(db::Transaction& transaction, OrganizationId organization,
                                       ScimUserId id);
  Task<std::vector<StoredUser>> candidates(OrganizationId organization, UserFilter filter);
  Task<StoredUser> locked(db::Transaction& transaction, OrganizationId organization, ScimUserId id,
                          std::optional<std::string> if_match);
  Task<StoredUser> update(std::unique_ptr<db::Transaction> transaction, audit::Actor actor,
                          StoredUser before, User after);
  Task<UserId> let_in(db::Transaction& transaction, audit::Actor actor, ScimUserId id, User user);
  Task<> write_emails(db::Transaction& transaction, OrganizationId organization, ScimUserId id,
                      User user);

  ScimParts parts_;
};

struct StoredGroup {
  ScimGroupId id;
  std::string display_name;
  std::string external_id;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t revision = 0;
  std::optional<std::vector<Member>> members;  // where they were asked for

  std::string version() const;
};

class Groups {
 public:
  explicit Groups(ScimParts parts) : parts_(std::move(parts)) {}

  Task<Listed<StoredGroup>> list(OrganizationId organization, GroupFilter filter, Window window,
                                 bool with_members);
  Task<StoredGroup> get(OrganizationId organization, ScimGroupId id, bool with_members);
  Task<StoredGroup> create(audit::Actor actor, GroupBody body);
  Task<StoredGroup> replace(audit::Actor actor, ScimGroupId id, std::optional<std::string> if_match,
                            GroupBody body);
  Task<StoredGroup> patch(audit::Actor actor, ScimGroupId id, std::optional<std::string> if_match,
                          GroupEdit edit);
  Task<> remove(audit::Actor actor, ScimGroupId id, std::optional<std::string> if_match);

  // For administrators: nobody gives or takes a role that allows more than he may himself.
  Task<std::vector<ScimGroupView>> page(tenancy::Tenant tenant, std::optional<ScimGroupId> after,
                                        int limit);
  Task<ScimGroupView> give_role(tenancy::Tenant tenant, ScimGroupId id,
                                std::optional<std::string> role);

 private:
  Task<std::vector<StoredGroup>> candidates(OrganizationId organization, GroupFilter filter);
  Task<StoredGroup> locked(db::Transaction& transaction, OrganizationId organization,
                           ScimGroupId id, std::optional<std::string> if_match);
  Task<std::set<ScimUserId>> member_ids(db::Transaction& transaction, OrganizationId organization,
                                        ScimGroupId id);
  Task<> require_known(db::Transaction& transaction, OrganizationId organization,
                       std::vector<ScimUserId> ids);
  Task<StoredGroup> update(std::unique_ptr<db::Transaction> transaction, audit::Actor actor,
                           StoredGroup before, GroupEdit edit);
  Task<> settle(db::Transaction& transaction, audit::Actor actor, std::vector<ScimUserId> ids,
                bool lost_one);
  Task<bool> gives_role(db::Transaction& transaction, OrganizationId organization, ScimGroupId id);
  Task<std::vector<Member>> members_of(OrganizationId organization, ScimGroupId id);

  ScimParts parts_;
};

// All of it: what the routes are given.
struct Scim {
  Scim(ScimParts parts, const config::PublicUrl& public_url)
      : tokens(parts), people(parts), groups(parts), url(public_url) {}

  // Where its resources stand.
  std::string base() const { return url.link("/scim/v2"); }

  ScimTokens tokens;
  People people;
  Groups groups;
  const config::PublicUrl& url;
};

// Throws "version_differs" unless the ETags of If-Match name the version.
void require_version(const std::optional<std::string>& if_match, const std::string& version);

}  // namespace aa::scim
