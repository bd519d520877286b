// The face that remote models show to whoever runs models: implemented above (modelregistry), since
// their rows belong to organisations.
//
// A remote model's key is "remote:ORGANIZATION:ID" (catalogue.hpp tells of keys).
// Thread rule: shared by all coroutines. Errors: not_found; those of RemoteClient.
#pragma once

#include <optional>
#include <string>

#include "kernel/decode/finding.hpp"
#include "service/modelzoo/vision.hpp"

namespace aa::modelzoo {

struct RemoteKey {
  OrganizationId organization;
  std::string id;

  std::string str() const { return std::string(kPrefix) + organization.str() + ":" + id; }
  // Of a key that is one.
  static std::optional<RemoteKey> parse(std::string_view key) {
    if (!key.starts_with(kPrefix)) return std::nullopt;
    key.remove_prefix(kPrefix.size());
    const auto colon = key.find(':');
    const auto organization = OrganizationId::parse(key.substr(0, colon));
    if (colon == std::string_view::npos || !organization) return std::nullopt;
    return RemoteKey{*organization, std::string(key.substr(colon + 1))};
  }
  static constexpr std::string_view kPrefix = "remote:";
};

struct RemoteLook {
  std::string version;
  decode::Reading reading;
};

class RemoteModels {
 public:
  virtual ~RemoteModels() = default;
  virtual Task<bool> knows(RemoteKey key) = 0;
  virtual Task<RemoteLook> look(RemoteKey key, Pixels image) = 0;
};

}  // namespace aa::modelzoo
