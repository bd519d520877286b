// Values of bodies. Private to the module. Thread rule: pure functions.
// Errors: malformed "invalid_value".
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "service/scim/scim_types.hpp"

namespace aa::scim {

// null is the empty text.
std::string text_in(const json::Value& value, std::string_view what,
                    std::size_t bytes_max = kTextBytes);
// true, false, and as Entra writes them: "True", "False".
bool truth_in(const json::Value& value, std::string_view what);
std::vector<Email> emails_in(const json::Value& value);
// Of one member of `emails`.
void set_email_part(Email& email, std::string_view part, const json::Value& value);
// [{"value": ID}], or one such object; Error "invalid_value" for what is no id of a person.
std::vector<ScimUserId> members_in(const json::Value& value);
ScimUserId member_id(std::string_view text);

// A member by its name without regard to case.
const json::Value* find_member(const json::Object& object, std::string_view small_name);

}  // namespace aa::scim
