// Takes away blobs that nothing refers to: a crash or a failure between storing a blob and writing
// the row that names it leaves one behind.
//
// Each folder of names has an owner, who says which of its entries are in use. An entry that nobody
// uses is removed once its newest version is old enough that no row can still be on its way.
//
// Thread rule: add() before start(); run() by one coroutine at a time.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/runtime/executors.hpp"
#include "driver/blob/store.hpp"

namespace aa::blob {

using runtime::Task;
using Names = std::vector<std::string>;

struct OwnedFolder {
  std::string name;  // "assets": its entries are "assets/ID", the ID a UUID
  Names parts;       // blobs of an entry, "original"; empty: the entry is the blob
  std::function<Task<std::set<std::string>>(OrganizationId, Names)> in_use;
};

class Sweep {
 public:
  Sweep(Store& store, const Clock& clock, runtime::Executors& executors);
  void add(OwnedFolder folder);
  // At once, and again every few minutes until the executors stop.
  void start();
  // Looks at entries whose id was made after `made_after`, and removes those that were complete
  // before `before`; how many.
  Task<std::size_t> run(Timestamp made_after, Timestamp before);

 private:
  Task<> work();
  Task<std::size_t> run_folder(OrganizationId organization, OwnedFolder folder,
                               Timestamp made_after, Timestamp before);
  bool remove_entry(OrganizationId organization, const OwnedFolder& folder, const std::string& name,
                    Timestamp before);

  Store& store_;
  const Clock& clock_;
  runtime::Executors& executors_;
  const Timestamp opened_at_;
  std::vector<OwnedFolder> folders_;
};

}  // namespace aa::blob
