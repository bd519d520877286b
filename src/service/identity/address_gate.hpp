// Whether someone may come from where he comes from: the organisation's address ranges, asked at
// every request.
//
// Ranges are remembered for five seconds, so that a change is felt everywhere within that time.
//
// Thread rule: shared by all coroutines.
// Errors: permission_denied "address_refused".
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "driver/http/address_rules.hpp"
#include "service/identity/policies.hpp"

namespace aa::identity {

class AddressGate {
 public:
  AddressGate(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Task<> require(OrganizationId organization, boost::asio::ip::address address);

 private:
  using Ranges = std::shared_ptr<const std::vector<http::AddressBlock>>;
  struct Known {
    Ranges ranges;
    Timestamp at;
  };
  Task<Ranges> ranges_of(OrganizationId organization);
  Ranges recall(OrganizationId organization);

  db::Database& database_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<OrganizationId, Known> known_;
};

}  // namespace aa::identity
