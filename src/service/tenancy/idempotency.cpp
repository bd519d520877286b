#include "service/tenancy/idempotency.hpp"

#include "service/tenancy/statements.hpp"

namespace aa::tenancy {
namespace {

constexpr std::chrono::hours kLife{24};

struct KeyRow {
  std::string request_hash;
  std::optional<std::int64_t> status;
  std::optional<std::string> body;
};
BOOST_DESCRIBE_STRUCT(KeyRow, (), (request_hash, status, body))

}  // namespace

Task<std::optional<KeptAnswer>> Idempotency::claim(Tenant tenant, std::string key,
                                                   std::string request_hash) {
  const auto now = clock_.now();
  auto transaction = co_await database_.begin(tenant.scope());
  co_await transaction->exec(sql::delete_old_key, db::args(tenant.organization(), tenant.user(),
                                                           key, Timestamp{now.micros} + -kLife));
  const auto claimed = co_await transaction->exec(
      sql::insert_key, db::args(tenant.organization(), tenant.user(), key, request_hash, now));
  const auto rows =
      co_await transaction->exec(sql::get_key, db::args(tenant.organization(), tenant.user(), key));
  co_await transaction->commit();
  const auto row = rows.one().as<KeyRow>();
  if (row.request_hash != request_hash) {
    throw invalid("idempotency_key_reused",
                  "This Idempotency-Key was used for another request. Make a new one.");
  }
  if (claimed.affected() > 0) co_return std::nullopt;
  if (!row.status) {
    throw conflict("request_in_progress", "The same request is being worked on.");
  }
  co_return KeptAnswer{static_cast<int>(*row.status), row.body.value_or("")};
}

Task<> Idempotency::keep(Tenant tenant, std::string key, KeptAnswer answer) {
  co_await database_.write(
      tenant.scope(), sql::keep_answer,
      db::args(tenant.organization(), tenant.user(), key, answer.status, answer.body));
}

Task<> Idempotency::release(Tenant tenant, std::string key) {
  co_await database_.write(tenant.scope(), sql::delete_key,
                           db::args(tenant.organization(), tenant.user(), key));
}

}  // namespace aa::tenancy
