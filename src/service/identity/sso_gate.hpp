// What is asked of an organisation's identity providers, which service/sso keeps.
//
// Thread rule: shared by all coroutines.
#pragma once

#include <string>
#include <vector>

#include "base/id.hpp"
#include "core/runtime/task.hpp"

namespace aa::identity {

// A provider that is switched on.
struct SsoDoor {
  SsoDoor() = default;
  SsoDoor(std::string who, std::string called, std::string where)
      : provider(std::move(who)), name(std::move(called)), start_url(std::move(where)) {}
  std::string provider;  // by which id accounts are linked
  std::string name;
  std::string start_url;  // a path of ours; empty when the password is asked for here
};

class SsoGate {
 public:
  virtual ~SsoGate() = default;
  virtual runtime::Task<std::vector<SsoDoor>> doors(OrganizationId organization) = 0;
};

}  // namespace aa::identity
