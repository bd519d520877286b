// The sets that are searched, in memory by least use, each brought up to date with its table before
// it is handed out.
//
// One coroutine loads a set, others wait for it. A graph is built on the compute executor while
// searches go on exactly; the coroutine that builds holds the index, not the shelf.
//
// Limits: `memory_bytes` in all, but always the set asked for last. Thread rule: shared by all
// coroutines. Errors: those of the table; cancelled.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "core/runtime/event.hpp"
#include "core/runtime/executors.hpp"
#include "service/search/project_index.hpp"

namespace aa::search {

class IndexShelf {
 public:
  IndexShelf(EmbeddingTable& table, runtime::Executors& executors, std::size_t memory_bytes)
      : table_(table), executors_(executors), memory_bytes_(memory_bytes) {}

  Task<std::shared_ptr<ProjectIndex>> current(OrganizationId organization, SetKey set);
  std::size_t sets() const;  // in memory

 private:
  struct Shelved {
    SetKey set;
    std::shared_ptr<ProjectIndex> index;
    std::shared_ptr<runtime::Event> loading;
  };
  std::shared_ptr<runtime::Event> claim(const SetKey& set, std::shared_ptr<ProjectIndex>& index);
  void release(const SetKey& set);
  void make_room();
  Task<> load(OrganizationId organization, SetKey set, std::shared_ptr<ProjectIndex> index);

  EmbeddingTable& table_;
  runtime::Executors& executors_;
  std::size_t memory_bytes_;
  mutable std::mutex mutex_;
  std::list<Shelved> by_use_;  // most recent first
};

}  // namespace aa::search
