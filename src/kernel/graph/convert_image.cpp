#include <array>

#include "kernel/graph/op_table.hpp"

namespace aa::graph {
namespace {

// ONNX Resize with given sizes; the coordinate rules are named so that both runtimes sample the
// same points (TensorFlow: align_corners, half_pixel_centers, or neither).
void emit_resize(OpContext& op, std::string_view mode, std::vector<OnnxAttribute> attributes) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  op.need_images(x);
  const auto size = op.ints(1);
  const Dims in = graph.dims(x);
  if (size.size() != 2) op.fail("its size needs height and width.");
  Dims out{in[0], size[0], size[1], in[3]};
  element_count({1, out[1], out[2], out[3] == kUnknownDim ? 1 : out[3]});
  attributes.push_back({"mode", std::string(mode)});
  std::string sizes;
  if (in[0] != kUnknownDim && in[3] != kUnknownDim) {
    sizes = graph.name(graph.int64s(Dims{in[0], in[3], size[0], size[1]}));
  } else {
    const std::string first = graph.name(x, Layout::channels_first);
    const Value head = graph.emit("Shape", {first}, {DType::int64, {2}},
                                  {{"start", std::int64_t{0}}, {"end", std::int64_t{2}}});
    sizes = graph.name(graph.concat(std::array{head, graph.int64s(size)}, 0));
  }
  std::vector<std::string> inputs{graph.name(x, Layout::channels_first), "", "", sizes};
  op.push(graph.emit("Resize", std::move(inputs),
                     {DType::float32, std::move(out), Layout::channels_first},
                     std::move(attributes)));
}

}  // namespace

void convert_resize_bilinear(OpContext& op) {
  std::string rule = "asymmetric";
  if (op.node.boolean("align_corners", false))
    rule = "align_corners";
  else if (op.node.boolean("half_pixel_centers", false))
    rule = "half_pixel";
  emit_resize(op, "linear", {{"coordinate_transformation_mode", rule}});
}

void convert_resize_nearest(OpContext& op) {
  std::string rule = "asymmetric";
  std::string nearest = "floor";
  if (op.node.boolean("align_corners", false)) {
    rule = "align_corners";
    nearest = "round_prefer_ceil";
  } else if (op.node.boolean("half_pixel_centers", false)) {
    // floor((i + 0.5) * scale): ONNX takes 0.5 off before rounding, so rounding halves up is it.
    rule = "half_pixel";
    nearest = "round_prefer_ceil";
  }
  emit_resize(op, "nearest", {{"coordinate_transformation_mode", rule}, {"nearest_mode", nearest}});
}

void convert_depth_space(OpContext& op) {
  GraphBuilder& graph = op.graph;
  const Value x = op.input(0);
  op.need_images(x);
  const Dims in = graph.dims(x);
  const std::int64_t block = op.node.integer("block_size", 0);
  if (block < 1 || block > 4096 || !is_known({in[1], in[2], in[3]})) op.fail("unknown block size.");
  const bool grow = op.onnx == "DepthToSpace";
  const bool fits = grow ? in[3] % (block * block) == 0 : in[1] % block == 0 && in[2] % block == 0;
  if (!fits) op.fail("its block size does not divide its input " + to_text(in) + ".");
  Dims out = grow ? Dims{in[0], in[1] * block, in[2] * block, in[3] / (block * block)}
                  : Dims{in[0], in[1] / block, in[2] / block, in[3] * block * block};
  std::vector<OnnxAttribute> attributes{{"blocksize", block}};
  if (grow) attributes.push_back({"mode", std::string("DCR")});
  op.push(graph.emit(op.onnx, {graph.name(x, Layout::channels_first)},
                     {graph.dtype(x), std::move(out), Layout::channels_first},
                     std::move(attributes)));
}

}  // namespace aa::graph
