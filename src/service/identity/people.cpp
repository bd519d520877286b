#include "service/identity/identity.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

std::map<UserId, std::string> by_id(const db::Rows& rows) {
  std::map<UserId, std::string> out;
  for (auto& person : rows.as<Person>()) out.emplace(person.id, std::move(person.name));
  return out;
}

}  // namespace

Task<std::map<UserId, std::string>> Identity::names_for(std::vector<UserId> ids) {
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::names, db::args(json::write(ids)));
  co_return by_id(rows);
}

Task<std::map<UserId, std::string>> Identity::members_of(OrganizationId organization,
                                                         std::vector<UserId> ids) {
  const auto rows = co_await database_.query(db::Scope::system(), sql::members_named,
                                             db::args(organization, json::write(ids)));
  co_return by_id(rows);
}

}  // namespace aa::identity
