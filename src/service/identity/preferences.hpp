// What people have chosen about the look and the keys, by name, as JSON. The last who writes a name
// wins; names that a write leaves out stay as they are.
//
// Thread rule: any coroutine.
// Errors: invalid_argument "invalid_preferences"; too_large "preferences_too_large".
#pragma once

#include "driver/db/database.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::identity {

// Names and values of one person together, in bytes.
inline constexpr std::size_t kPreferencesBytes = 64 * 1024;
inline constexpr std::size_t kPreferenceNameBytes = 100;

runtime::Task<json::Object> preferences_of(db::Database& database, UserId user);
// A null takes the name away. Answers with all preferences as they are then.
runtime::Task<json::Object> merge_preferences(db::Database& database, UserId user,
                                              json::Object changes, Timestamp now);

}  // namespace aa::identity
