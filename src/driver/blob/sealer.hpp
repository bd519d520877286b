// Seals small byte strings (tokens, webhook secrets) under an organisation's data key with
// AES-256-GCM. What is sealed for one organisation and purpose opens for no other.
//
// Thread rule: may be shared. Blocks on disk at an organisation's first use.
// Errors: internal "sealed_damaged" when the bytes were altered, are another organisation's or
// another purpose's; not_found when the organisation was destroyed.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "driver/blob/key_ring.hpp"

namespace aa::blob {

class Sealer {
 public:
  explicit Sealer(std::shared_ptr<KeyRing> keys) : keys_(std::move(keys)) {}

  // `purpose` names the place of use ("webhook_secret/<id>").
  std::string seal(OrganizationId organization, std::string_view purpose, const Secret& plain);
  Secret open(OrganizationId organization, std::string_view purpose, std::string_view sealed);

 private:
  std::shared_ptr<KeyRing> keys_;
};

}  // namespace aa::blob
