// Image embeddings, kept in memory by least use and, compressed, in the blob-like store given.
//
// One computation is shared by all who ask for the same key while it runs; it goes on when the
// first of them leaves. On disk an embedding is half-precision floats under zlib. Encoders that
// give several tensors (SAM 2) have the others in `more`.
//
// Thread rule: shared by all coroutines.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "core/runtime/event.hpp"
#include "core/runtime/executors.hpp"

namespace aa::modelzoo {

using runtime::Task;

struct EmbeddingPart {
  std::string name;  // of the encoder's output
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

struct Embedding {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
  std::string name = {};  // of the encoder's output; empty: it was the only one
  std::vector<EmbeddingPart> more = {};

  std::size_t bytes() const;
};
using SharedEmbedding = std::shared_ptr<const Embedding>;

// Whose image, which bytes. Content of one organisation is never shared with another.
struct EmbeddingKey {
  EmbeddingKey(std::optional<OrganizationId> whose, std::string what)
      : organization(whose), content(std::move(what)) {}
  std::optional<OrganizationId> organization;  // empty: the command line
  std::string content;                         // SHA-256 of the file, hex
  auto operator<=>(const EmbeddingKey&) const = default;
};

// Where compressed embeddings rest. Both block; called on the blocking executor.
struct EmbeddingShelf {
  std::function<std::optional<std::string>(const EmbeddingKey&, const std::string& model)> load;
  std::function<void(const EmbeddingKey&, const std::string& model, std::string bytes)> store;
};

std::string pack(const Embedding& embedding);
std::optional<Embedding> unpack(std::string_view bytes);  // nullopt when damaged

class EmbeddingCache {
 public:
  using Compute = std::function<Task<SharedEmbedding>()>;

  EmbeddingCache(runtime::Executors& executors, std::size_t memory_bytes, EmbeddingShelf shelf);

  bool holds(const EmbeddingKey& key, const std::string& model) const;
  Task<SharedEmbedding> get(EmbeddingKey key, std::string model, Compute compute);

 private:
  using Id = std::pair<EmbeddingKey, std::string>;
  struct Pending;
  Task<> fill(Id id, std::shared_ptr<Pending> pending, Compute compute);
  void keep(const Id& id, SharedEmbedding embedding);
  SharedEmbedding recall(const Id& id);

  runtime::Executors& executors_;
  std::size_t memory_bytes_;
  EmbeddingShelf shelf_;
  mutable std::mutex mutex_;
  std::list<std::pair<Id, SharedEmbedding>> by_use_;  // most recent first
  std::map<Id, std::list<std::pair<Id, SharedEmbedding>>::iterator> index_;
  std::size_t used_bytes_ = 0;
  std::map<Id, std::shared_ptr<Pending>> pending_;
};

}  // namespace aa::modelzoo
