#include <algorithm>
#include <array>
#include <limits>

#include "kernel/graph/op_table.hpp"

namespace aa::graph {
namespace {

using Range = GraphBuilder::Range;

constexpr std::int64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kBeforeFront = std::numeric_limits<std::int64_t>::min();

// What a StridedSlice asks of one axis of its input.
struct AxisCut {
  std::optional<std::int64_t> begin;  // absent where its mask bit says "all"
  std::optional<std::int64_t> end;
  std::int64_t step = 1;
  bool shrink = false;
};

Range to_range(const OpContext& op, std::size_t axis, const AxisCut& cut, std::int64_t dim) {
  const bool forward = cut.step > 0;
  if (dim == kUnknownDim) {  // ONNX counts negative positions from the end and clamps by itself
    const std::int64_t begin = cut.begin.value_or(forward ? 0 : kToTheEnd);
    if (cut.shrink) return {axis, begin, begin == -1 ? kToTheEnd : begin + 1, 1, 1};
    return {axis, begin, cut.end.value_or(forward ? kToTheEnd : kBeforeFront), cut.step,
            kUnknownDim};
  }
  const auto place = [&](std::int64_t at) {
    const std::int64_t from_front = at < 0 ? at + dim : at;
    return forward ? std::clamp<std::int64_t>(from_front, 0, dim)
                   : std::clamp<std::int64_t>(from_front, -1, dim - 1);
  };
  if (cut.shrink) {
    const std::int64_t at = cut.begin.value_or(0);
    const std::int64_t begin = at < 0 ? at + dim : at;
    if (begin < 0 || begin >= dim) op.fail("it takes an index outside its input.");
    return {axis, begin, begin + 1, 1, 1};
  }
  const std::int64_t begin = cut.begin ? place(*cut.begin) : (forward ? 0 : dim - 1);
  const std::int64_t end = cut.end ? place(*cut.end) : (forward ? dim : -1);
  const std::int64_t span = forward ? end - begin : begin - end;
  const std::int64_t stride = forward ? cut.step : -cut.step;
  return {axis, begin, end, cut.step, std::max<std::int64_t>(0, (span + stride - 1) / stride)};
}

bool is_whole(const Range& range, std::int64_t dim) {
  if (range.step != 1 || range.begin != 0) return false;
  return dim == kUnknownDim ? range.end == kToTheEnd : range.size == dim;
}

struct SlicePlan {
  std::vector<AxisCut> cuts;        // one per input axis
  std::vector<std::size_t> shrunk;  // input axes that vanish
  std::vector<std::size_t> added;   // result axes of size 1
};

SlicePlan plan_strided(const OpContext& op, std::size_t rank) {
  const auto begin = op.ints(1);
  const auto end = op.ints(2);
  const auto step = op.has_input(3) ? op.ints(3) : std::vector<std::int64_t>(begin.size(), 1);
  if (end.size() != begin.size() || step.size() != begin.size() || begin.size() > 2 * kRankMax) {
    op.fail("begin, end and strides differ in length.");
  }
  const auto bit = [&](std::string_view mask, std::size_t i) {
    return ((op.node.integer(mask, 0) >> i) & 1) != 0;
  };
  std::size_t real = 0;
  for (std::size_t i = 0; i < begin.size(); ++i) {
    real += bit("ellipsis_mask", i) || bit("new_axis_mask", i) ? 0 : 1;
  }
  if (real > rank) op.fail("it slices more axes than its input has.");
  SlicePlan plan;
  std::size_t result_axis = 0;
  const auto keep_all = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, ++result_axis) plan.cuts.emplace_back();
  };
  for (std::size_t i = 0; i < begin.size(); ++i) {
    if (bit("ellipsis_mask", i)) {
      keep_all(rank - real);
      real = rank;
      continue;
    }
    if (bit("new_axis_mask", i)) {
      plan.added.push_back(result_axis++);
      continue;
    }
    AxisCut cut{.step = step[i], .shrink = bit("shrink_axis_mask", i)};
    if (!bit("begin_mask", i) || cut.shrink) cut.begin = begin[i];
    if (!bit("end_mask", i)) cut.end = end[i];
    if (cut.step == 0 || std::abs(cut.step) > kToTheEnd / 2) op.fail("a stride is out of range.");
    if (cut.shrink)
      plan.shrunk.push_back(plan.cuts.size());
    else
      ++result_axis;
    plan.cuts.push_back(cut);
  }
  keep_all(rank - plan.cuts.size());
  return plan;
}

void push_slices(OpContext& op, Value x, std::size_t axis, std::span<const std::int64_t> sizes) {
  std::int64_t begin = 0;
  for (const std::int64_t size : sizes) {
    op.push(op.graph.slice(x, std::array{Range{axis, begin, begin + size, 1, size}}));
    begin += size;
  }
}

}  // namespace

void convert_slice(OpContext& op) {
  const Value x = op.input(0);
  const Dims dims = op.graph.dims(x);
  const auto begin = op.ints(1);
  const auto size = op.ints(2);
  if (begin.size() != dims.size() || size.size() != dims.size()) {
    op.fail("begin and size need one number per axis.");
  }
  std::vector<Range> ranges;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    AxisCut cut{.begin = begin[i]};
    const std::int64_t length = std::max<std::int64_t>(size[i], 0);
    const std::int64_t dim = dims[i] == kUnknownDim ? kToTheEnd : dims[i];
    const bool in_range =
        begin[i] >= 0 && size[i] >= -1 && begin[i] <= dim && length <= dim - begin[i];
    if (!in_range) op.fail("it reaches outside its input " + to_text(dims) + ".");
    if (size[i] >= 0) cut.end = begin[i] + size[i];
    const Range range = to_range(op, i, cut, dims[i]);
    if (!is_whole(range, dims[i])) ranges.push_back(range);
  }
  op.push(op.graph.slice(x, ranges));
}

void convert_strided_slice(OpContext& op) {
  const Value x = op.input(0);
  const Dims dims = op.graph.dims(x);
  const SlicePlan plan = plan_strided(op, dims.size());
  std::vector<Range> ranges;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const Range range = to_range(op, i, plan.cuts[i], dims[i]);
    if (!is_whole(range, dims[i])) ranges.push_back(range);
  }
  const Value cut = op.graph.squeeze(op.graph.slice(x, ranges), plan.shrunk);
  op.push(plan.added.empty() ? cut : op.graph.unsqueeze(cut, plan.added));
}

void convert_unpack(OpContext& op) {
  const Value x = op.input(0);
  const std::size_t axis = op.axis(op.node.integer("axis", 0), op.graph.rank(x));
  std::int64_t count = op.graph.dims(x)[axis];
  if (count == kUnknownDim) count = op.node.integer("num", -1);
  if (count < 0 || count > 10'000) op.fail("it unpacks an axis of unknown or absurd length.");
  push_slices(op, x, axis, std::vector<std::int64_t>(static_cast<std::size_t>(count), 1));
  for (Value& value : op.outputs) value = op.graph.squeeze(value, std::array{axis});
}

void convert_split(OpContext& op) {
  const Value x = op.input(1);
  const std::size_t axis = op.axis(op.integer(0), op.graph.rank(x));
  const std::int64_t count = op.node.integer("num_split", 1);
  const std::int64_t dim = op.graph.dims(x)[axis];
  if (dim == kUnknownDim || count < 1 || count > 10'000 || dim % count != 0) {
    op.fail("it cannot split " + to_text(op.graph.dims(x)) + " evenly.");
  }
  push_slices(op, x, axis, std::vector<std::int64_t>(static_cast<std::size_t>(count), dim / count));
}

void convert_split_sizes(OpContext& op) {
  const Value x = op.input(0);
  const std::size_t axis = op.axis(op.integer(2), op.graph.rank(x));
  auto sizes = op.ints(1);
  const std::int64_t dim = op.graph.dims(x)[axis];
  std::int64_t rest = dim;
  if (dim == kUnknownDim || sizes.size() > 10'000) op.fail("it splits an axis of unknown length.");
  for (const std::int64_t size : sizes) {
    if (size < -1 || size > dim) op.fail("its sizes do not fit its input.");
    rest -= std::max<std::int64_t>(size, 0);
  }
  const auto open = std::find(sizes.begin(), sizes.end(), -1);
  if (open != sizes.end()) *open = std::exchange(rest, 0);
  const bool fits =
      rest == 0 && std::all_of(sizes.begin(), sizes.end(), [](auto s) { return s >= 0; });
  if (!fits) op.fail("its sizes do not add up to its input.");
  push_slices(op, x, axis, sizes);
}

void convert_reverse(OpContext& op) {
  const Value x = op.input(0);
  std::vector<Range> ranges;
  for (const std::int64_t number : op.ints(1)) {
    const std::size_t axis = op.axis(number, op.graph.rank(x));
    ranges.push_back(to_range(op, axis, AxisCut{.step = -1}, op.graph.dims(x)[axis]));
  }
  op.push(op.graph.slice(x, ranges));
}

void convert_pad(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  const Layout layout = op.layout(x);
  const std::size_t rank = graph.rank(x);
  const auto amounts = op.ints(1);
  if (amounts.size() != 2 * rank) op.fail("it needs two amounts per axis.");
  Dims to = graph.dims(x);
  std::vector<std::int64_t> pads(2 * rank);
  for (std::size_t i = 0; i < rank; ++i) {
    if (amounts[2 * i] < 0 || amounts[2 * i + 1] < 0) op.fail("an amount is negative.");
    element_count({amounts[2 * i] + 1});
    element_count({amounts[2 * i + 1] + 1});
    pads[axis_in(layout, i)] = amounts[2 * i];
    pads[rank + axis_in(layout, i)] = amounts[2 * i + 1];
    if (to[i] != kUnknownDim) to[i] += amounts[2 * i] + amounts[2 * i + 1];
  }
  if (is_known(to)) element_count(to);
  std::string mode = "constant";
  if (op.node.op == "MirrorPad") {
    if (op.node.text("mode", "REFLECT") != "REFLECT") op.fail("only mode REFLECT is taken.");
    mode = "reflect";
  }
  std::vector<std::string> inputs{graph.name(x, layout), graph.name(graph.int64s(pads))};
  if (op.node.op == "PadV2") inputs.push_back(graph.name(op.input(2)));
  op.push(graph.emit("Pad", std::move(inputs), {graph.dtype(x), std::move(to), layout},
                     {{"mode", mode}}));
}

}  // namespace aa::graph
