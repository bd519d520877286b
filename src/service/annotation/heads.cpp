#include "service/annotation/heads.hpp"

#include "service/annotation/statements.hpp"

namespace aa::annotation {

runtime::Task<std::vector<Head>> heads_of(db::Database& database, std::vector<AssetId> assets) {
  const auto rows =
      co_await database.query(db::Scope::system(), sql::heads_of, db::args(json::write(assets)));
  co_return rows.as<Head>();
}

}  // namespace aa::annotation
