// Filters (RFC 7644, section 3.4.2.2) as far as they are taken: ATTRIBUTE eq VALUE, joined by
// `and`. The same grammar stands in the brackets of a path.
//
// Thread rule: pure functions. Errors: malformed "invalid_filter".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aa::scim {

inline constexpr std::size_t kFilterBytes = 2'000;
inline constexpr std::size_t kTermsMax = 10;

// Attribute names are compared without regard to case: they are in small letters here.
struct Term {
  std::string attribute;      // "username", "emails.value", "emails"
  std::string sub;            // after brackets: ".value" is "value"
  std::vector<Term> within;   // in the brackets
  std::string text;           // the value, when it is a string
  std::optional<bool> truth;  // when it is true or false
};

std::string small_letters(std::string_view text);
// Without the URN of its schema: "urn:...:User:userName" is "userName".
std::string_view without_schema(std::string_view attribute);

// The whole text must be one filter.
std::vector<Term> read_filter(std::string_view text);

// What a path names: an attribute, those of its values that fit, a part of them.
struct Path {
  std::string attribute;     // small letters
  std::vector<Term> within;  // empty: all
  std::string sub;           // small letters; empty: the whole
  bool extension = false;    // of the enterprise schema
};
// Throws "invalid_path".
Path read_path(std::string_view text);

// What a list of users is asked for.
struct UserFilter {
  std::optional<std::string> id;
  std::optional<std::string> user_name;  // small letters
  std::optional<std::string> external_id;
  std::optional<std::string> display_name;  // small letters
  std::optional<std::string> email;         // small letters
  std::optional<bool> active;
};
struct GroupFilter {
  std::optional<std::string> id;
  std::optional<std::string> display_name;  // small letters
  std::optional<std::string> external_id;
  std::optional<std::string> member;
};
UserFilter read_user_filter(std::string_view text);
GroupFilter read_group_filter(std::string_view text);

}  // namespace aa::scim
