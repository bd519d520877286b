#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "driver/vector_index/vector_index.hpp"
#include "kernel/learning/similarity.hpp"

namespace aa::vector_index {
namespace {

constexpr double kUnitSlack = 1e-3;

class ExactIndex final : public VectorIndex {
 public:
  explicit ExactIndex(std::size_t dimensions) : dimensions_(dimensions) {}

  std::size_t dimensions() const override { return dimensions_; }
  std::size_t size() const override { return values_.size() / dimensions_; }
  std::size_t bytes() const override { return values_.capacity() * sizeof(float); }

  std::uint32_t add(std::span<const float> unit) override {
    check_vector(*this, unit);
    values_.insert(values_.end(), unit.begin(), unit.end());
    return static_cast<std::uint32_t>(size() - 1);
  }

  std::vector<float> vector(std::uint32_t number) const override {
    const auto* from = values_.data() + std::size_t{number} * dimensions_;
    return {from, from + dimensions_};
  }

  std::vector<Neighbour> search(std::span<const float> unit, std::size_t count) const override {
    check_vector(*this, unit);
    std::vector<Neighbour> all(size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i] = {static_cast<std::uint32_t>(i),
                learning::dot(values_.data() + i * dimensions_, unit.data(), dimensions_)};
    }
    const auto kept = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
    std::ranges::partial_sort(all, kept, std::ranges::greater{}, &Neighbour::similarity);
    all.erase(kept, all.end());
    return all;
  }

 private:
  std::size_t dimensions_;
  std::vector<float> values_;
};

}  // namespace

void check_vector(const VectorIndex& index, std::span<const float> unit) {
  if (unit.size() != index.dimensions()) {
    throw invalid("bad_vector", "A vector of " + std::to_string(unit.size()) +
                                    " numbers meets an index of " +
                                    std::to_string(index.dimensions()) + ".");
  }
  const float length = learning::dot(unit.data(), unit.data(), unit.size());
  if (!(std::abs(length - 1) < kUnitSlack)) {
    throw invalid("bad_vector", "A vector is not of length 1.");
  }
  if (index.size() >= kVectorsMax) {
    throw too_large("index_full",
                    "An index holds " + std::to_string(kVectorsMax) + " vectors at most.");
  }
}

std::unique_ptr<VectorIndex> make_exact_index(std::size_t dimensions) {
  if (dimensions == 0 || dimensions > kDimensionsMax) {
    throw invalid("bad_vector", "Vectors have 1 to " + std::to_string(kDimensionsMax) +
                                    " numbers, not " + std::to_string(dimensions) + ".");
  }
  return std::make_unique<ExactIndex>(dimensions);
}

}  // namespace aa::vector_index
