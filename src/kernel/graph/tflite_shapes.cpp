#include <array>

#include "kernel/graph/tflite_ops.hpp"

namespace aa::graph {
namespace {

// What SPACE_TO_BATCH_ND and its inverse are told: blocks and amounts of height and width.
struct Blocks {
  std::array<std::int64_t, 2> block{1, 1};
  std::array<std::int64_t, 4> amounts{};  // before and after height, before and after width
};

Blocks read_blocks(const TfliteContext& op) {
  constexpr std::int64_t kMost = 1 << 16;
  const auto block = op.graph.ints(op.input(1));
  const auto amounts = op.graph.ints(op.input(2));
  Blocks out;
  if (op.graph.rank(op.input(0)) != 4 || !block || block->size() != out.block.size() || !amounts ||
      amounts->size() != out.amounts.size()) {
    op.fail("only height and width of images, by constant blocks, are taken.");
  }
  std::ranges::copy(*block, out.block.begin());
  std::ranges::copy(*amounts, out.amounts.begin());
  for (const std::int64_t size : out.block) {
    if (size < 1 || size > kMost) op.fail("a block's size is out of range.");
  }
  for (const std::int64_t amount : out.amounts) {
    if (amount < 0 || amount > kMost) op.fail("an amount is out of range.");
  }
  return out;
}

Dims known_dims(const TfliteContext& op, Value value) {
  if (!is_known(op.graph.dims(value))) op.fail("its input's dims must be known.");
  return op.graph.dims(value);
}

}  // namespace

void convert_tflite_reshape(TfliteContext& op) {
  constexpr unsigned kNewShape = 0;
  if (op.has_input(1)) {
    op.outputs = op.tensorflow("Reshape", {op.input(0), op.input(1)});
    return;
  }
  Dims to;
  if (op.node.options) {
    const auto shape = op.node.options->numbers<std::int32_t>(kNewShape, kRankMax);
    to.assign(shape.begin(), shape.end());
  }
  op.outputs = op.tensorflow("Reshape", {op.input(0), op.graph.int64s(to)});
}

void convert_concatenation(TfliteContext& op) {
  constexpr unsigned kAxis = 0;
  auto operands = op.given();
  operands.push_back(op.graph.scalar(DType::int32, op.option(kAxis, 0)));
  op.outputs = op.tensorflow(op.row.tensorflow, std::move(operands));
}

void convert_tflite_gather(TfliteContext& op) {
  constexpr unsigned kAxis = 0, kBatchDims = 1;
  if (op.option(kBatchDims, 0) != 0) op.fail("batch_dims other than 0 are not taken.");
  if (op.graph.dtype(op.input(1)) == DType::float32) op.fail("its indices are no integers.");
  const Value axis = op.graph.scalar(DType::int32, op.option(kAxis, 0));
  op.outputs = op.tensorflow(op.row.tensorflow, {op.input(0), op.input(1), axis});
}

void convert_mirror_pad(TfliteContext& op) {
  constexpr unsigned kMode = 0;
  TfAttributes attributes;
  attributes.text("mode", op.small_option(kMode) == 0 ? "REFLECT" : "SYMMETRIC");
  op.outputs = op.tensorflow(op.row.tensorflow, op.given(), attributes);
}

void convert_tflite_slice(TfliteContext& op) {
  constexpr unsigned kOffset = 5;
  if (op.small_option(kOffset) != 0) op.fail("ends given as offsets are not taken.");
  convert_as_tensorflow(op);
}

// [n, h, w, c] padded, cut into blocks whose places become images of the batch, the first place
// first.
void convert_space_to_batch(TfliteContext& op) {
  GraphBuilder& graph = op.graph;
  const Blocks by = read_blocks(op);
  const auto [h, w] = by.block;
  const auto [top, bottom, left, right] = by.amounts;
  const std::array<std::int64_t, 8> amounts{0, 0, top, bottom, left, right, 0, 0};
  const Value pads = graph.constant(ints_tensor(DType::int64, {4, 2}, amounts));
  const Value padded = op.tensorflow("Pad", {op.input(0), pads}).at(0);
  const Dims in = known_dims(op, padded);
  if (in[1] % h != 0 || in[2] % w != 0) op.fail("its blocks do not divide its input.");
  const Value cut = graph.reshape(padded, {in[0], in[1] / h, h, in[2] / w, w, in[3]});
  constexpr std::array<std::size_t, 6> kPlacesFirst{2, 4, 0, 1, 3, 5};
  const Value turned = graph.transpose(cut, kPlacesFirst);
  op.push(graph.reshape(turned, {h * w * in[0], in[1] / h, in[2] / w, in[3]}));
}

void convert_batch_to_space(TfliteContext& op) {
  GraphBuilder& graph = op.graph;
  const Blocks by = read_blocks(op);
  const auto [h, w] = by.block;
  const auto [top, bottom, left, right] = by.amounts;
  const Dims in = known_dims(op, op.input(0));
  if (in[0] % (h * w) != 0) op.fail("its blocks do not divide its batch.");
  const std::int64_t images = in[0] / (h * w);
  const Value split = graph.reshape(op.input(0), {h, w, images, in[1], in[2], in[3]});
  constexpr std::array<std::size_t, 6> kPlacesIn{2, 3, 0, 4, 1, 5};
  const Value joined =
      graph.reshape(graph.transpose(split, kPlacesIn), {images, in[1] * h, in[2] * w, in[3]});
  const std::array<std::int64_t, 4> begin{0, top, left, 0};
  const std::array<std::int64_t, 4> size{-1, in[1] * h - top - bottom, in[2] * w - left - right,
                                         -1};
  op.outputs = op.tensorflow("Slice", {joined, graph.int64s(begin), graph.int64s(size)});
}

}  // namespace aa::graph
