// Answers kept for POSTs that carry an Idempotency-Key: the same request again gets the same
// answer and has no effect; another request under the same key is refused.
//
// Thread rule: shared by all coroutines. Errors: invalid_argument "idempotency_key_reused";
// conflict "request_in_progress".
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "driver/db/database.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::tenancy {

using runtime::Task;

struct KeptAnswer {
  KeptAnswer(int code, std::string text) : status(code), body(std::move(text)) {}
  int status = 0;
  std::string body;
};

class Idempotency {
 public:
  Idempotency(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Claims the key; an answer when the request was done before. Keys live for 24 hours.
  Task<std::optional<KeptAnswer>> claim(Tenant tenant, std::string key, std::string request_hash);
  Task<> keep(Tenant tenant, std::string key, KeptAnswer answer);
  Task<> release(Tenant tenant, std::string key);  // the request failed: it may be tried again

 private:
  db::Database& database_;
  const Clock& clock_;
};

}  // namespace aa::tenancy
