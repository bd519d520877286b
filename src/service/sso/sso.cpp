#include "service/sso/sso.hpp"

namespace aa::sso {

Sso::Sso(SsoParts parts)
    : providers({parts.database, parts.trail, parts.identity, parts.access.directory, parts.keys,
                 parts.clock, parts.ids, parts.executors}),
      flows(parts.database, parts.keys, parts.clock, parts.executors),
      sign_in(parts.database, parts.trail, parts.identity, parts.access.directory),
      oidc({providers, flows, sign_in, parts.identity, parts.access.directory, parts.outbound,
            parts.url, parts.clock}),
      saml({parts.database, providers, flows, sign_in, parts.identity, parts.access.directory,
            parts.outbound, parts.url, parts.keys, parts.clock, parts.executors,
            parts.saml_plugin}),
      ldap({providers, sign_in, parts.access.directory, parts.outbound, parts.clock}) {
  providers.add_kind(oidc);
  providers.add_kind(saml);
  providers.add_kind(ldap);
  parts.identity.set_sso_gate(providers);
  parts.access.policies.set_sso_gate(providers);
}

}  // namespace aa::sso
