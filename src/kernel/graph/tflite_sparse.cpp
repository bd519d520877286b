#include <algorithm>

#include "kernel/graph/tflite_tensor.hpp"

namespace aa::graph {
namespace {

constexpr std::size_t kLevelsMax = 2 * kRankMax;
constexpr std::uint32_t kValuesMax = 1U << 31;

// One level of the storage tree: a coordinate of the dense tensor, or of a block within it.
struct Level {
  bool dense = true;
  std::int64_t size = 0;    // coordinates run from 0 to it
  std::int64_t stride = 1;  // what a step means in the dense tensor, in elements
  std::vector<std::int64_t> segments;
  std::vector<std::int64_t> indices;
};

template <class T>
std::vector<std::int64_t> widened(const FlatTable& table) {
  const auto values = table.numbers<T>(0, kValuesMax);
  return {values.begin(), values.end()};
}

// A union of vectors of three widths: its kind, then its table.
std::vector<std::int64_t> index_list(const TfliteTensor& tensor, const FlatTable& level,
                                     unsigned kind_field) {
  const auto table = level.table(kind_field + 1);
  if (!table) throw bad_tensor(tensor, "a sparse level lacks its indices.");
  switch (level.number<std::uint8_t>(kind_field, 0)) {
    case 1:
      return widened<std::int32_t>(*table);
    case 2:
      return widened<std::uint16_t>(*table);
    case 3:
      return widened<std::uint8_t>(*table);
    default:
      throw bad_tensor(tensor, "a sparse level's indices are of no known kind.");
  }
}

std::vector<Level> read_levels(const TfliteTensor& tensor, const FlatTables& rows) {
  constexpr unsigned kFormat = 0, kDenseSize = 1, kSegments = 2, kIndices = 4;
  std::vector<Level> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const FlatTable row = rows[i];
    Level level{.dense = row.number<std::int8_t>(kFormat, 0) == 0,
                .size = row.number<std::int32_t>(kDenseSize, 0),
                .segments = {},
                .indices = {}};
    if (!level.dense) {
      level.segments = index_list(tensor, row, kSegments);
      level.indices = index_list(tensor, row, kIndices);
    }
    out.push_back(std::move(level));
  }
  return out;
}

// Which axis of the dense tensor each level walks, and how far a step goes. The first levels walk
// whole blocks of the axes, the last ones walk within a block.
void place_levels(const TfliteTensor& tensor, std::vector<Level>& levels) {
  constexpr unsigned kOrder = 0, kBlockMap = 1;
  const std::size_t rank = tensor.dims.size();
  const auto order = tensor.sparsity->numbers<std::int32_t>(kOrder, kLevelsMax);
  const auto block_map = tensor.sparsity->numbers<std::int32_t>(kBlockMap, kRankMax);
  auto sorted = order;
  std::ranges::sort(sorted);
  bool sound = order.size() == levels.size() && order.size() == rank + block_map.size();
  for (std::size_t i = 0; sound && i < sorted.size(); ++i) {
    const bool leads = static_cast<std::size_t>(order[i]) < rank;
    sound = sorted[i] == static_cast<std::int32_t>(i) && leads == (i < rank);
  }
  for (const std::int32_t axis : block_map) {
    sound = sound && axis >= 0 && static_cast<std::size_t>(axis) < rank;
  }
  if (!sound) throw bad_tensor(tensor, "its sparse levels do not name every axis once.");
  const auto strides = strides_of(tensor.dims);
  std::vector<std::int64_t> blocks(rank, 1);
  for (std::size_t i = rank; i < order.size(); ++i) {
    const auto axis =
        static_cast<std::size_t>(block_map[static_cast<std::size_t>(order[i]) - rank]);
    Level& level = levels[i];
    if (!level.dense || level.size < 1 || blocks[axis] != 1 ||
        tensor.dims[axis] % level.size != 0) {
      throw bad_tensor(tensor, "its blocks do not fit its shape.");
    }
    blocks[axis] = level.size;
    level.stride = strides[axis];
  }
  for (std::size_t i = 0; i < rank; ++i) {
    const auto axis = static_cast<std::size_t>(order[i]);
    const std::int64_t extent = tensor.dims[axis] / blocks[axis];
    if (levels[i].dense && levels[i].size != extent) {
      throw bad_tensor(tensor, "a dense level's size is not that of its axis.");
    }
    levels[i].size = extent;
    levels[i].stride = strides[axis] * blocks[axis];
  }
}

// Places of the children of all nodes of a level. Each place is a different element, so there are
// never more of them than the tensor has.
std::vector<std::int64_t> descend(const TfliteTensor& tensor, const Level& level,
                                  const std::vector<std::int64_t>& nodes) {
  std::vector<std::int64_t> out;
  if (level.dense) {
    for (const std::int64_t node : nodes) {
      for (std::int64_t i = 0; i < level.size; ++i) out.push_back(node + i * level.stride);
    }
    return out;
  }
  if (level.segments.size() != nodes.size() + 1 || level.segments[0] != 0) {
    throw bad_tensor(tensor, "a sparse level's segments do not fit the level above.");
  }
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    const std::int64_t end = level.segments[n + 1];
    std::int64_t last = -1;
    for (std::int64_t p = level.segments[n]; p < end; ++p) {
      const bool there = p >= 0 && static_cast<std::size_t>(p) < level.indices.size();
      const std::int64_t index = there ? level.indices[static_cast<std::size_t>(p)] : -1;
      if (index <= last || index >= level.size) {
        throw bad_tensor(tensor, "a sparse level's indices do not rise within its axis.");
      }
      last = index;
      out.push_back(nodes[n] + index * level.stride);
    }
  }
  return out;
}

}  // namespace

std::vector<std::byte> unfold_sparse(const TfliteTensor& tensor, std::size_t size) {
  constexpr unsigned kLevels = 2;
  const auto count = static_cast<std::size_t>(element_count(tensor.dims));
  auto levels = read_levels(tensor, tensor.sparsity->tables(kLevels, kLevelsMax));
  place_levels(tensor, levels);
  std::vector<std::int64_t> places{0};
  for (const Level& level : levels) places = descend(tensor, level, places);
  if (places.size() * size != tensor.data.size()) {
    throw bad_tensor(tensor, "its sparse values are " + std::to_string(tensor.data.size()) +
                                 " bytes where its levels name " + std::to_string(places.size()) +
                                 " of them.");
  }
  std::vector<std::byte> out(count * size);
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::memcpy(out.data() + static_cast<std::size_t>(places[i]) * size,
                tensor.data.data() + i * size, size);
  }
  return out;
}

}  // namespace aa::graph
