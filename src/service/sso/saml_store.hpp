// What SAML keeps: our key for each provider, assertions that were used, and which session a
// provider knows by which name.
//
// A key is made when it is first asked for, and sealed. An assertion is remembered as long as it
// could come again.
//
// Thread rule: shared by all coroutines.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/executors.hpp"
#include "driver/blob/sealer.hpp"
#include "driver/db/database.hpp"
#include "driver/saml/saml_types.hpp"
#include "driver/saml/service_key.hpp"
#include "service/sso/provider_types.hpp"

namespace aa::sso {

using runtime::Task;

// A session that began by SAML.
struct SamlSession {
  ProviderId provider;
  saml::NameId name;
  std::string index;
};

class SamlStore {
 public:
  SamlStore(db::Database& database, std::shared_ptr<blob::KeyRing> keys, const Clock& clock,
            runtime::Executors& executors)
      : database_(database), sealer_(std::move(keys)), clock_(clock), executors_(executors) {}

  Task<saml::ServiceKey> key(OrganizationId organization, ProviderId provider);

  // Unauthenticated "saml_replayed" when that message was used already.
  Task<> once(OrganizationId organization, ProviderId provider, std::string message,
              Timestamp until);

  Task<> keep_session(OrganizationId organization, SessionId session, SamlSession known);
  Task<std::optional<SamlSession>> session(SessionId session);
  // Of a name at the provider; those of the indexes alone when there are any.
  Task<std::vector<SessionId>> sessions_of(ProviderId provider, std::string name,
                                           std::vector<std::string> indexes);

 private:
  struct KeyRow;
  Task<std::optional<saml::ServiceKey>> stored_key(OrganizationId organization,
                                                   ProviderId provider);

  db::Database& database_;
  blob::Sealer sealer_;
  const Clock& clock_;
  runtime::Executors& executors_;
};

}  // namespace aa::sso
