#include "service/identity/preferences.hpp"

#include <algorithm>

#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

using runtime::Task;

struct Preference {
  std::string name;
  std::string value;
};
BOOST_DESCRIBE_STRUCT(Preference, (), (name, value))

struct Changes {
  json::Object put;  // name to the JSON text of its value
  std::vector<std::string> drop;
};

bool fits(std::string_view name) {
  const auto printable = [](char c) { return static_cast<unsigned char>(c) >= ' '; };
  return !name.empty() && name.size() <= kPreferenceNameBytes &&
         std::ranges::all_of(name, printable);
}

Changes read_changes(const json::Object& given) {
  Changes out;
  for (const auto& [name, value] : given) {
    if (!fits(name)) {
      throw invalid("invalid_preferences", "Names of preferences have 1 to " +
                                               std::to_string(kPreferenceNameBytes) +
                                               " bytes, none of them a control character.");
    }
    if (value.is_null()) {
      out.drop.emplace_back(name);
    } else {
      out.put[name] = json::to_text(value);
    }
  }
  return out;
}

json::Object as_object(const db::Rows& rows) {
  json::Object out;
  for (const auto& preference : rows.as<Preference>()) {
    out[preference.name] = json::parse(preference.value);
  }
  return out;
}

}  // namespace

Task<json::Object> preferences_of(db::Database& database, UserId user) {
  const auto rows =
      co_await database.query(db::Scope::system(), sql::list_preferences, db::args(user));
  co_return as_object(rows);
}

Task<json::Object> merge_preferences(db::Database& database, UserId user, json::Object changes,
                                     Timestamp now) {
  const auto parts = read_changes(changes);
  const std::string put = json::to_text(parts.put);
  const std::string drop = json::write(parts.drop);
  auto transaction = co_await database.begin(db::Scope::system());
  co_await transaction->exec(sql::put_preferences, db::args(user, put, now));
  co_await transaction->exec(sql::drop_preferences, db::args(user, drop));
  const auto size = co_await transaction->exec(sql::size_of_preferences, db::args(user));
  if (size.one().get<std::size_t>("size") > kPreferencesBytes) {
    throw Error(ErrorCode::too_large, "preferences_too_large",
                "Preferences take up to " + std::to_string(kPreferencesBytes) + " bytes.");
  }
  const auto rows = co_await transaction->exec(sql::list_preferences, db::args(user));
  co_await transaction->commit();
  co_return as_object(rows);
}

}  // namespace aa::identity
