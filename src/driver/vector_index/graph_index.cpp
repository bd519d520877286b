#include <algorithm>
#include <hnswlib/hnswlib.h>

#include "base/error.hpp"
#include "driver/vector_index/vector_index.hpp"
#include "kernel/learning/similarity.hpp"

namespace aa::vector_index {
namespace {

constexpr unsigned kSeed = 20'260'101;  // of the layers: the same vectors give the same graph
constexpr std::size_t kLinkBytes = 150;

float one_minus_cosine(const void* a, const void* b, const void* dimensions) {
  return 1 - learning::dot(static_cast<const float*>(a), static_cast<const float*>(b),
                           *static_cast<const std::size_t*>(dimensions));
}

// hnswlib's own kernels choose their instructions when compiled; ours does when it starts.
class UnitSpace final : public hnswlib::SpaceInterface<float> {
 public:
  explicit UnitSpace(std::size_t dimensions) : dimensions_(dimensions) {}
  std::size_t get_data_size() override { return dimensions_ * sizeof(float); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return one_minus_cosine; }
  void* get_dist_func_param() override { return &dimensions_; }

 private:
  std::size_t dimensions_;
};

class GraphIndex final : public VectorIndex {
 public:
  GraphIndex(std::size_t dimensions, const GraphSettings& settings)
      : dimensions_(dimensions),
        space_(dimensions),
        graph_(&space_, std::max<std::size_t>(settings.capacity, 1), settings.links,
               settings.effort, kSeed) {
    graph_.setEf(settings.breadth);
  }

  std::size_t dimensions() const override { return dimensions_; }
  std::size_t size() const override { return graph_.cur_element_count; }
  std::size_t bytes() const override {
    return graph_.max_elements_ * (dimensions_ * sizeof(float) + kLinkBytes);
  }

  std::uint32_t add(std::span<const float> unit) override {
    check_vector(*this, unit);
    const std::size_t number = size();
    if (number == graph_.max_elements_) graph_.resizeIndex(std::min(kVectorsMax, 2 * number));
    graph_.addPoint(unit.data(), number);
    return static_cast<std::uint32_t>(number);
  }

  // Internal ids are given in order, as ours are.
  std::vector<float> vector(std::uint32_t number) const override {
    const auto* from = reinterpret_cast<const float*>(graph_.getDataByInternalId(number));
    return {from, from + dimensions_};
  }

  std::vector<Neighbour> search(std::span<const float> unit, std::size_t count) const override {
    check_vector(*this, unit);
    if (size() == 0 || count == 0) return {};
    auto found = graph_.searchKnn(unit.data(), std::min(count, size()));
    std::vector<Neighbour> out(found.size());
    for (auto it = out.rbegin(); it != out.rend(); ++it, found.pop()) {
      *it = {static_cast<std::uint32_t>(found.top().second), 1 - found.top().first};
    }
    return out;
  }

 private:
  std::size_t dimensions_;
  UnitSpace space_;
  hnswlib::HierarchicalNSW<float> graph_;
};

}  // namespace

std::unique_ptr<VectorIndex> make_graph_index(std::size_t dimensions,
                                              const GraphSettings& settings) {
  make_exact_index(dimensions);  // the same limits
  return std::make_unique<GraphIndex>(dimensions, settings);
}

}  // namespace aa::vector_index
