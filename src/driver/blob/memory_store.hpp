// The blob store's in-memory twin, for tests of what stands on blobs. Fails on demand.
//
// Thread rule: may be shared.
#pragma once

#include <map>
#include <memory>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "driver/blob/store.hpp"

namespace aa::blob {

class MemoryStore final : public Store {
 public:
  MemoryStore(const Clock& clock, IdSource& ids);
  ~MemoryStore() override;

  // The n-th write or commit from now on (from 1) throws `error`; 0 never.
  void fail_at(long n, Error error);

  std::unique_ptr<Writer> create(const Key& key) override;
  std::unique_ptr<Reader> open(const Key& key, const std::optional<std::string>& version) override;
  std::vector<Version> versions(const Key& key) override;
  Version restore(const Key& key, const std::string& version) override;
  void remove(const Key& key) override;
  void destroy_organization(OrganizationId organization) override;
  std::vector<OrganizationId> organizations() override;
  std::vector<std::string> names(OrganizationId organization, const std::string& folder) override;

 private:
  struct Contents;
  class MemoryWriter;
  class MemoryReader;
  std::shared_ptr<Contents> contents_;
};

}  // namespace aa::blob
