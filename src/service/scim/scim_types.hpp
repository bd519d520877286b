// What provisioning is made of: tokens and mappings as the API of administrators shows them, people
// and groups as a directory tells of them (RFC 7643).
//
// Thread rule: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace aa::scim {

using ScimTokenId = Id<struct ScimTokenTag>;
using ScimUserId = Id<struct ScimUserTag>;
using ScimGroupId = Id<struct ScimGroupTag>;

inline constexpr std::string_view kUserSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
inline constexpr std::string_view kGroupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";
inline constexpr std::string_view kEnterpriseSchema =
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
inline constexpr std::string_view kPatchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
inline constexpr std::string_view kListSchema =
    "urn:ietf:params:scim:api:messages:2.0:ListResponse";

inline constexpr std::size_t kTextBytes = 400;  // of a name, an address, a foreign id
// What is composed of a first, a middle and a last name.
inline constexpr std::size_t kWholeNameBytes = 3 * kTextBytes + 2;
inline constexpr std::size_t kEmailsMax = 10;          // of a person
inline constexpr std::size_t kOperationsMax = 100;     // of a PATCH
inline constexpr std::size_t kMembersMax = 5'000;      // of a group
inline constexpr std::size_t kUsersMax = 50'000;       // of an organization
inline constexpr std::size_t kGroupsMax = 1'000;       // of an organization
inline constexpr std::int64_t kPageMax = 100;          // resources of an answer
inline constexpr std::size_t kListedMembers = 20'000;  // of all groups in an answer
inline constexpr std::size_t kTokensMax = 10;
inline constexpr int kTokenDays = 365;
inline constexpr int kTokenDaysMax = 730;

// ---- as administrators see it -----------------------------------------------------------------

struct ScimToken {
  ScimTokenId id;
  std::string name;
  std::string hint;  // how the token begins
  UserId created_by;
  Timestamp created_at;
  Timestamp expires_at;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(ScimToken, (),
                      (id, name, hint, created_by, created_at, expires_at, last_used_at))

// With the secret that is shown this once.
struct IssuedScimToken {
  ScimToken token;
  std::string secret;
};
BOOST_DESCRIBE_STRUCT(IssuedScimToken, (), (token, secret))

struct NewScimToken {
  std::string name;
  std::optional<int> expires_in_days;
};
BOOST_DESCRIBE_STRUCT(NewScimToken, (), (name, expires_in_days))
constexpr auto field_rules(const NewScimToken*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 200},
                    json::Field{.name = "expires_in_days", .min = 1, .max = kTokenDaysMax}};
}

// A group with the role that its members have; without one it gives none.
struct ScimGroupView {
  ScimGroupId id;
  std::string display_name;
  std::int64_t members = 0;
  std::optional<std::string> role;       // a built-in one's name, or an id
  std::optional<std::string> role_name;  // in words
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(ScimGroupView, (), (id, display_name, members, role, role_name, updated_at))

struct GroupRole {
  std::optional<std::string> role;
};
BOOST_DESCRIBE_STRUCT(GroupRole, (), (role))
constexpr auto field_rules(const GroupRole*) {
  return std::array{json::Field{
      .name = "role",
      .min_length = 1,
      .max_length = 40,
      .doc = "the name of a built-in role but owner, or the id of a custom one; null: none"}};
}

struct ScimPerson {
  ScimUserId id;
  std::optional<UserId> user_id;
  std::string user_name;
  std::string email;
  std::string name;
  bool active = false;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(ScimPerson, (), (id, user_id, user_name, email, name, active, updated_at))

// ---- as a directory tells of it ---------------------------------------------------------------

struct Email {
  std::string value;
  std::string type;
  std::string display;
  bool primary = false;
  bool operator==(const Email&) const = default;
};
BOOST_DESCRIBE_STRUCT(Email, (), (value, type, display, primary))

struct PersonName {
  std::string formatted;
  std::string given;
  std::string middle;
  std::string family;
  bool operator==(const PersonName&) const = default;
};
BOOST_DESCRIBE_STRUCT(PersonName, (), (formatted, given, middle, family))

// The attributes that are kept; what is empty is absent.
struct User {
  std::string user_name;
  std::string external_id;
  std::string display_name;
  PersonName name;
  std::vector<Email> emails;
  std::optional<bool> active;
};

// A change of a group's members and names, in the order told.
struct GroupEdit {
  enum class Kind { add, remove, replace };
  struct Step {
    Kind kind = Kind::add;
    bool all = false;  // of remove: whoever is in it
    std::vector<ScimUserId> members;
  };
  std::optional<std::string> display_name;
  std::optional<std::string> external_id;
  std::vector<Step> steps;
};

}  // namespace aa::scim
