// The features of one set in memory, ready to be searched: exact while they are few, in a graph
// from kGraphFrom on, which grow_graph() builds beside the other.
//
// What was embedded anew gets a new number; its old one is passed over. What is gone from the
// project is known to the database alone: whoever shows hits asks there.
//
// Thread rule: any thread; searches run at once. Errors: those of driver/vector_index.
#pragma once

#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "driver/vector_index/vector_index.hpp"
#include "service/search/embedding_table.hpp"

namespace aa::search {

struct Hit {
  Uuid subject;
  AssetId asset;
  double similarity = 0;
};

// Two images that may show the same.
struct Likeness {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  float similarity = 0;
};

class ProjectIndex {
 public:
  static constexpr std::size_t kGraphFrom = 4'000;

  // Rows ascending; those that were applied before are passed over.
  void apply(std::span<const StoredEmbedding> rows);
  std::int64_t head() const;
  std::size_t size() const;
  std::size_t bytes() const;

  // At most `count`, most similar first; `unit` is of length 1.
  std::vector<Hit> search(std::span<const float> unit, std::size_t count) const;
  std::optional<std::vector<float>> vector_of(const Uuid& subject) const;

  // Compares at most `budget` images that were not compared yet with their neighbours; how many
  // are left.
  std::size_t compare(std::size_t budget);
  // Pairs at least as similar as told, those of the same bytes and of the same fingerprint among
  // them.
  std::vector<Likeness> likenesses(double min_similarity) const;
  Hit subject(std::uint32_t number) const;

  bool in_graph() const;
  // True once for whoever shall build the graph.
  bool wants_graph();
  // Puts up to `budget` vectors into the graph; false when it is done and in use.
  bool grow_graph(std::size_t budget);

 private:
  struct Entry {
    Uuid subject;
    AssetId asset;
    std::string content;
    std::uint64_t picture_hash = 0;
    bool retired = false;
  };
  void add(const StoredEmbedding& row);
  std::vector<vector_index::Neighbour> near(std::span<const float> unit, std::size_t count) const;

  mutable std::shared_mutex mutex_;
  std::vector<Entry> entries_;
  std::unordered_map<Uuid, std::uint32_t> numbers_;
  std::size_t retired_ = 0;
  std::unique_ptr<vector_index::VectorIndex> vectors_;
  std::unique_ptr<vector_index::VectorIndex> growing_;  // touched by the one who builds
  bool graph_begun_ = false;
  std::int64_t head_ = 0;
  std::size_t compared_ = 0;
  std::vector<Likeness> likenesses_;
};

}  // namespace aa::search
