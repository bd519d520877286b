// Refused attempts on their way into the audit trail: 401, 403 and 404 of what needs a login, and
// every refusal of a public route that signs somebody in or up.
//
// Of a signed-in person they go into the organisation's chain; a foreign id and an unknown one make
// the same entry. Others go into the installation's chain: whose they are is not known. Each actor
// (a person, or an address) has kBurst of them and then one each kPerEntry; what was left out is
// counted in the next. What a service wrote itself
// (audit::Recorded) does not come here.
//
// Thread rule: any coroutine. Errors: none leave; a trail that cannot be written is logged.
#pragma once

#include <map>
#include <mutex>

#include "api/route.hpp"
#include "base/clock.hpp"
#include "service/audit/audit_trail.hpp"

namespace aa::api {

class Denials {
 public:
  static constexpr double kBurst = 60;
  static constexpr std::chrono::seconds kPerEntry{2};

  Denials(audit::Trail& trail, const Clock& clock) : trail_(trail), clock_(clock) {}

  Task<> note(std::shared_ptr<http::Request> request, const Route* route,
              std::optional<tenancy::Tenant> who, Error refusal);

 private:
  struct Allowance {
    double left = kBurst;
    std::chrono::steady_clock::time_point at;
    std::int64_t left_out = 0;
  };
  // How many were left out before this one; nullopt when this one is left out too.
  std::optional<std::int64_t> admit(const std::string& actor);

  audit::Trail& trail_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Allowance> allowances_;
};

}  // namespace aa::api
