// TensorFlow op -> ONNX: one row per op, one function per family.
//
// A converter reads its node's inputs and attributes and pushes one Value per output port.
// Errors: Error(unsupported, "tfjs_unsupported_op") from find_op's callers for ops without a row,
// Error(invalid_argument, "tfjs_bad_model") naming the node for rows that cannot take their input.
// Thread rule: the table is constant; a context is local to one import.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "kernel/graph/graph_builder.hpp"
#include "kernel/graph/tf_graph.hpp"

namespace aa::graph {

struct OpContext {
  GraphBuilder& graph;
  const TfNode& node;
  std::string_view onnx;  // of the row: what the family function shall emit
  std::vector<Value> inputs;
  std::vector<Value> outputs;

  Value input(std::size_t index) const;
  bool has_input(std::size_t index) const { return index < inputs.size(); }
  // Of an input that must be constant.
  std::vector<std::int64_t> ints(std::size_t index) const;
  std::int64_t integer(std::size_t index) const;
  // Negative axes count from the end; checked against `rank`.
  std::size_t axis(std::int64_t axis, std::size_t rank) const;
  Layout layout(Value value) const { return graph.preferred(std::span(&value, 1)); }
  // Fails unless the node's data_format is NHWC and the value has rank 4.
  void need_images(Value value) const;
  void push(Value value) { outputs.push_back(value); }
  [[noreturn]] void fail(std::string_view what) const { throw bad_node(node, what); }
};

using Convert = void (*)(OpContext&);

struct OpRow {
  std::string_view tf;
  Convert convert;
  std::string_view onnx = {};
};

const OpRow* find_op(std::string_view tf);
std::span<const OpRow> op_table();

// convert_elementwise.cpp
void convert_alias(OpContext& op);
void convert_cast(OpContext& op);
void convert_unary(OpContext& op);
void convert_activation(OpContext& op);
void convert_clip(OpContext& op);
void convert_square(OpContext& op);
void convert_squared_difference(OpContext& op);
void convert_rsqrt(OpContext& op);
void convert_log1p(OpContext& op);
void convert_binary(OpContext& op);
void convert_compare(OpContext& op);
void convert_not_equal(OpContext& op);
void convert_divide(OpContext& op);
void convert_floor_div(OpContext& op);
void convert_floor_mod(OpContext& op);
void convert_add_n(OpContext& op);
void convert_prelu(OpContext& op);
void convert_select(OpContext& op);
void convert_softmax(OpContext& op);
Value relu6(GraphBuilder& graph, Value value);
Value prelu(GraphBuilder& graph, Value value, Value slope);
Value activation(GraphBuilder& graph, std::string_view onnx, Value value,
                 std::vector<OnnxAttribute> attributes = {});

// convert_convolution.cpp
void convert_conv2d(OpContext& op);
void convert_depthwise(OpContext& op);
void convert_conv_transpose(OpContext& op);
void convert_bias_add(OpContext& op);
void convert_batch_norm(OpContext& op);
void convert_pool(OpContext& op);
void convert_matmul(OpContext& op);
void convert_batch_matmul(OpContext& op);

// convert_shape.cpp
void convert_shape(OpContext& op);
void convert_size(OpContext& op);
void convert_rank(OpContext& op);
void convert_reshape(OpContext& op);
void convert_expand_dims(OpContext& op);
void convert_squeeze(OpContext& op);
void convert_transpose(OpContext& op);
void convert_concat(OpContext& op);
void convert_pack(OpContext& op);
void convert_tile(OpContext& op);
void convert_fill(OpContext& op);
void convert_range(OpContext& op);
void convert_broadcast_to(OpContext& op);
void convert_zeros_like(OpContext& op);
void convert_ones_like(OpContext& op);

// convert_slice.cpp
void convert_slice(OpContext& op);
void convert_strided_slice(OpContext& op);
void convert_unpack(OpContext& op);
void convert_split(OpContext& op);
void convert_split_sizes(OpContext& op);
void convert_reverse(OpContext& op);
void convert_pad(OpContext& op);

// convert_reduce.cpp
void convert_reduce(OpContext& op);
void convert_reduce_boolean(OpContext& op);
void convert_arg(OpContext& op);
void convert_cumsum(OpContext& op);

// convert_image.cpp
void convert_resize_bilinear(OpContext& op);
void convert_resize_nearest(OpContext& op);
void convert_depth_space(OpContext& op);

// convert_gather.cpp
void convert_gather(OpContext& op);
void convert_gather_nd(OpContext& op);
void convert_top_k(OpContext& op);
void convert_nms(OpContext& op);
void convert_where(OpContext& op);
void convert_one_hot(OpContext& op);

}  // namespace aa::graph
