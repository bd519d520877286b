// Bodies as directories send them, into what is kept, and back: RFC 7643's User and Group in the
// dialects of Entra (booleans as text, members to remove as a value, paths as keys) and of Okta
// (changes without a path).
//
// Attributes of RFC 7643 that are not kept are read over; anything else is refused.
//
// Thread rule: pure functions. Errors: malformed "invalid_syntax", "invalid_path", "invalid_value",
// "mutability", "too_many".
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "service/scim/filter.hpp"
#include "service/scim/scim_types.hpp"

namespace aa::scim {

// Throws "invalid_syntax" unless the body is an object that names the schema.
const json::Object& checked_body(const json::Value& body, std::string_view schema);

User read_user(const json::Value& body);
// A PATCH of a person.
void patch_user(User& user, const json::Value& body);
// Throws "invalid_value" for a person without a userName or an address.
void check_user(const User& user);

struct GroupBody {
  std::string display_name;
  std::string external_id;
  std::vector<ScimUserId> members;
};
GroupBody read_group(const json::Value& body);
GroupEdit read_group_patch(const json::Value& body);
// The members after the edit; throws "too_many".
std::set<ScimUserId> members_after(std::set<ScimUserId> present, const GroupEdit& edit);

// Which address is the account's: the primary one, that for work, the first, or the userName.
std::string address_of(const User& user);
// How people read the name; may be empty.
std::string name_of(const User& user);

// ?attributes= and ?excludedAttributes=: attributes as a whole; id and schemas always stay.
class Selection {
 public:
  Selection() = default;
  Selection(const std::optional<std::string>& wanted, const std::optional<std::string>& unwanted);
  bool has(std::string_view attribute) const;
  json::Object of(json::Object resource) const;

 private:
  std::set<std::string> wanted_;
  std::set<std::string> unwanted_;
};

struct ResourceMeta {
  std::string id;
  std::string type;      // "User"
  std::string location;  // absolute
  std::string version;   // as an ETag
  Timestamp created;
  Timestamp modified;
};
json::Object write_user(const User& user, const ResourceMeta& meta);

struct Member {
  ScimUserId id;
  std::string display;
};
json::Object write_group(const std::string& display_name, const std::string& external_id,
                         const std::optional<std::vector<Member>>& members,
                         const ResourceMeta& meta, const std::string& users_location);

}  // namespace aa::scim
