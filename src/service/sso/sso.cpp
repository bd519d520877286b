#include "service/sso/sso.hpp"

namespace aa::sso {

Sso::Sso(SsoParts parts)
    : providers({parts.database, parts.trail, parts.identity, parts.access.directory, parts.keys,
                 parts.clock, parts.ids, parts.executors}),
      flows(parts.database, parts.keys, parts.clock, parts.executors),
      sign_in(parts.database, parts.trail, parts.identity, parts.access.directory) {}

}  // namespace aa::sso
