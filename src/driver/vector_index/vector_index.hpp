// Nearest neighbours among many vectors of unit length, by cosine.
//
// Two twins behind one interface: exact (looks at every vector; what the other is judged by, and
// faster for a few thousand) and graph (hnswlib: a hierarchical navigable small world, which looks
// at a few thousand of a million and finds nearly all of the true neighbours).
// Numbers are given out from 0 in the order of adding; nothing is taken out: whoever owns the index
// passes over what is gone.
//
// Limits: kVectorsMax vectors, kDimensionsMax numbers each. Memory: 4 bytes a number, the graph 150
// more a vector. Thread rule: searches may run at once; add() alone.
// Errors: invalid_argument "bad_vector" (another length, not finite, not of unit length); too_large
// "index_full".
// Source: Malkov and Yashunin, arXiv:1603.09320.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace aa::vector_index {

inline constexpr std::size_t kVectorsMax = 2'000'000;
inline constexpr std::size_t kDimensionsMax = 4096;

struct Neighbour {
  std::uint32_t number = 0;
  float similarity = 0;  // cosine, -1 to 1
};

class VectorIndex {
 public:
  virtual ~VectorIndex() = default;
  virtual std::size_t dimensions() const = 0;
  virtual std::size_t size() const = 0;
  virtual std::size_t bytes() const = 0;
  virtual std::uint32_t add(std::span<const float> unit) = 0;
  virtual std::vector<float> vector(std::uint32_t number) const = 0;
  // At most `count`, most similar first.
  virtual std::vector<Neighbour> search(std::span<const float> unit, std::size_t count) const = 0;
};

struct GraphSettings {
  std::size_t links = 16;       // of a vector in each layer (M)
  std::size_t effort = 100;     // candidates looked at when adding (efConstruction)
  std::size_t breadth = 128;    // candidates looked at in a search (ef)
  std::size_t capacity = 1024;  // room at first; it grows
};

std::unique_ptr<VectorIndex> make_exact_index(std::size_t dimensions);
std::unique_ptr<VectorIndex> make_graph_index(std::size_t dimensions,
                                              const GraphSettings& settings = {});

// Throws "bad_vector" or "index_full". Private to the module.
void check_vector(const VectorIndex& index, std::span<const float> unit);

}  // namespace aa::vector_index
