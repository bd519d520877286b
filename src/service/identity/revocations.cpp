#include "service/identity/revocations.hpp"

#include "service/identity/statements.hpp"

namespace aa::identity {

using runtime::Task;

Task<> note_revocation(db::Transaction& transaction, Revocation revocation) {
  co_await transaction.exec(sql::insert_revocation,
                            db::args(revocation.id, revocation.organization_id, revocation.user_id,
                                     revocation.session_id, revocation.created_at));
}

Task<std::vector<Revocation>> revoked_since(db::Database& database, Timestamp time) {
  const auto rows =
      co_await database.query(db::Scope::system(), sql::revoked_since, db::args(time));
  co_return rows.as<Revocation>();
}

Task<> prune_revocations(db::Database& database, Timestamp before) {
  co_await database.write(db::Scope::system(), sql::prune_revocations, db::args(before));
}

}  // namespace aa::identity
