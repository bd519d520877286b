#include "kernel/graph/graph_builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace aa::graph {
namespace {

constexpr std::int64_t kFoldElementsMax = 1'000'000;

Dims permuted(const Dims& dims, std::span<const std::size_t> permutation) {
  Dims out;
  for (const std::size_t axis : permutation) out.push_back(dims[axis]);
  return out;
}

std::vector<std::int64_t> to_ints(std::span<const std::size_t> axes) {
  return {axes.begin(), axes.end()};
}

bool is_single(const Dims& dims) {
  return std::all_of(dims.begin(), dims.end(), [](std::int64_t d) { return d == 1; });
}

}  // namespace

std::size_t axis_in(Layout layout, std::size_t axis) {
  constexpr std::array<std::size_t, 4> kPlace{0, 2, 3, 1};
  return layout == Layout::channels_first ? kPlace[axis] : axis;
}

Dims broadcast(const Dims& a, const Dims& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  Dims out(rank, 1);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t x = i + a.size() < rank ? 1 : a[i + a.size() - rank];
    const std::int64_t y = i + b.size() < rank ? 1 : b[i + b.size() - rank];
    if (x == y || y == 1)
      out[i] = x;
    else if (x == 1 || x == kUnknownDim)
      out[i] = y;
    else if (y == kUnknownDim)
      out[i] = x;
    else
      throw invalid("tfjs_bad_model",
                    "Shapes " + to_text(a) + " and " + to_text(b) + " cannot be combined.");
  }
  return out;
}

GraphBuilder::GraphBuilder(std::unordered_set<std::string> reserved_names, std::size_t budget_bytes)
    : names_(std::move(reserved_names)), budget_bytes_(budget_bytes) {}

std::optional<std::vector<std::int64_t>> GraphBuilder::ints(Value value) const {
  const Tensor* constant = tensor(value);
  if (constant == nullptr) return std::nullopt;
  std::vector<std::int64_t> out;
  for (const double number : to_doubles(*constant)) {
    constexpr double kMax = 9e18;
    out.push_back(
        static_cast<std::int64_t>(std::clamp(std::isnan(number) ? 0 : number, -kMax, kMax)));
  }
  return out;
}

Value GraphBuilder::add(Info info) {
  values_.push_back(std::move(info));
  return {static_cast<int>(values_.size()) - 1};
}

Value GraphBuilder::input(const std::string& name, DType dtype, Dims dims, Layout physical) {
  if (dims.size() != 4) physical = Layout::as_is;
  const Dims fed = physical == Layout::as_is ? dims : permuted(dims, kToChannelsFirst);
  graph_.inputs.push_back({.name = name, .dtype = dtype, .dims = fed});
  names_.insert(name);
  Info info{.dtype = dtype, .dims = std::move(dims), .names = {}, .tensor = {}};
  info.names[static_cast<std::size_t>(physical)] = name;
  return add(std::move(info));
}

Value GraphBuilder::constant(Tensor tensor) {
  Info info{.dtype = tensor.dtype, .dims = tensor.dims, .names = {}, .tensor = {}};
  info.tensor = std::make_shared<const Tensor>(std::move(tensor));
  return add(std::move(info));
}

Value GraphBuilder::int64s(std::span<const std::int64_t> values) {
  return constant(ints_tensor(DType::int64, {static_cast<std::int64_t>(values.size())}, values));
}

Value GraphBuilder::scalar(DType dtype, double number) {
  return constant(from_doubles(dtype, {}, std::span(&number, 1)));
}

std::string GraphBuilder::fresh_name() {
  if (names_.insert(hint_).second) return hint_;
  for (std::size_t n = 1;; ++n) {
    std::string name = hint_ + "#" + std::to_string(n);
    if (names_.insert(name).second) return name;
  }
}

std::string GraphBuilder::add_initializer(std::shared_ptr<const Tensor> tensor) {
  std::string name = fresh_name();
  graph_.initializers.push_back({.name = name, .tensor = std::move(tensor)});
  return name;
}

Layout GraphBuilder::preferred(std::span<const Value> values) const {
  constexpr auto kFirst = static_cast<std::size_t>(Layout::channels_first);
  bool found = false;
  for (const Value value : values) {
    const Info& v = info(value);
    if (v.dims.size() > 4) return Layout::as_is;
    if (v.tensor) continue;
    if (v.dims.size() == 4)
      found |= !v.names[kFirst].empty();
    else if (!is_single(v.dims))
      return Layout::as_is;
  }
  return found ? Layout::channels_first : Layout::as_is;
}

std::string GraphBuilder::relayout(Value value, Layout layout) {
  const Info& v = info(value);
  const bool first = layout == Layout::channels_first;
  const auto& permutation = first ? kToChannelsFirst : kToChannelsLast;
  const Dims to = first ? permuted(v.dims, kToChannelsFirst) : v.dims;
  const std::string from = v.names[first ? 0 : 1];
  const bool thin = v.dims[3] == 1 || (v.dims[1] == 1 && v.dims[2] == 1);
  OnnxNode node{.op = thin && is_known(to) ? "Reshape" : "Transpose", .inputs = {from}};
  if (node.op == "Reshape")
    node.inputs.push_back(name(int64s(to)));
  else
    node.attributes = {{"perm", to_ints(permutation)}};
  node.outputs = {fresh_name()};
  graph_.nodes.push_back(node);
  return node.outputs[0];
}

std::string GraphBuilder::name(Value value, Layout layout) {
  const auto slot = static_cast<std::size_t>(layout);
  if (!info(value).names[slot].empty()) return info(value).names[slot];
  std::string made;
  if (info(value).tensor) {
    auto tensor = info(value).tensor;
    if (layout == Layout::channels_first) {
      spend(tensor->bytes.size());
      tensor = std::make_shared<const Tensor>(transposed(*tensor, kToChannelsFirst));
    }
    made = add_initializer(std::move(tensor));
  } else {
    made = relayout(value, layout);
  }
  info(value).names[slot] = made;
  return made;
}

std::string GraphBuilder::operand(Value value, Layout layout) {
  if (layout == Layout::as_is || is_single(dims(value))) return name(value);
  if (rank(value) == 4) return name(value, layout);
  Dims padded(4 - rank(value), 1);
  padded.insert(padded.end(), dims(value).begin(), dims(value).end());
  return name(reshape(value, padded), layout);
}

Value GraphBuilder::emit(std::string_view op, std::vector<std::string> inputs, ResultInfo result,
                         std::vector<OnnxAttribute> attributes) {
  return emit_many(op, std::move(inputs), {std::move(result)}, std::move(attributes))[0];
}

std::vector<Value> GraphBuilder::emit_many(std::string_view op, std::vector<std::string> inputs,
                                           std::vector<ResultInfo> results,
                                           std::vector<OnnxAttribute> attributes) {
  OnnxNode node{.op = std::string(op),
                .inputs = std::move(inputs),
                .outputs = {},
                .attributes = std::move(attributes)};
  std::vector<Value> out;
  for (ResultInfo& result : results) {
    Info info{.dtype = result.dtype, .dims = std::move(result.dims), .names = {}, .tensor = {}};
    node.outputs.push_back(fresh_name());
    info.names[static_cast<std::size_t>(result.layout)] = node.outputs.back();
    out.push_back(add(std::move(info)));
  }
  graph_.nodes.push_back(std::move(node));
  return out;
}

bool GraphBuilder::may_fold(const Dims& dims) {
  return is_known(dims) && element_count(dims) <= kFoldElementsMax;
}

void GraphBuilder::spend(std::size_t bytes) {
  if (bytes > budget_bytes_) {
    throw too_large("tfjs_too_large", "The model's constants unfold to far more than its weights.");
  }
  budget_bytes_ -= bytes;
}

Value GraphBuilder::folded(Tensor tensor) {
  spend(tensor.bytes.size());
  return constant(std::move(tensor));
}

Value GraphBuilder::cast(Value value, DType to) {
  const DType from = dtype(value);
  if (from == to) return value;
  if (const Tensor* c = tensor(value); c != nullptr && may_fold(c->dims)) {
    return folded(from_doubles(to, c->dims, to_doubles(*c)));
  }
  constexpr std::array<std::int64_t, 4> kOnnx{1, 6, 7, 9};
  const Layout layout = preferred(std::span(&value, 1));
  return emit("Cast", {name(value, layout)}, {to, dims(value), layout},
              {{"to", kOnnx[static_cast<std::size_t>(to)]}});
}

Value GraphBuilder::unary(std::string_view op, Value value) {
  if (const Tensor* c = tensor(value); c != nullptr && may_fold(c->dims)) {
    if (auto result = fold_unary(op, *c)) return folded(std::move(*result));
  }
  const Layout layout = preferred(std::span(&value, 1));
  return emit(op, {name(value, layout)}, {dtype(value), dims(value), layout});
}

Value GraphBuilder::binary(std::string_view op, Value a, Value b) {
  Dims result = broadcast(dims(a), dims(b));
  const Tensor* x = tensor(a);
  const Tensor* y = tensor(b);
  const bool divides = op == "Div" || op == "Mod";
  if (divides && dtype(b) != DType::float32 && y != nullptr) {
    const auto values = *ints(b);
    if (std::find(values.begin(), values.end(), 0) != values.end()) {
      throw invalid("tfjs_bad_model", "An integer division by a constant zero.");
    }
  }
  if (x != nullptr && y != nullptr && may_fold(result)) {
    if (auto out = fold_binary(op, *x, *y)) return folded(std::move(*out));
  }
  const Layout layout = preferred(std::array{a, b});
  return emit(op, {operand(a, layout), operand(b, layout)}, {dtype(a), std::move(result), layout});
}

Value GraphBuilder::compare(std::string_view op, Value a, Value b) {
  return as_boolean(binary(op, a, b));
}

Value GraphBuilder::as_boolean(Value value) {
  info(value).dtype = DType::boolean;
  return value;
}

void GraphBuilder::add_output(const std::string& output, Value value) {
  std::string tensor_name = name(value);
  const auto is_made = [&](const auto& entry) { return entry.first == tensor_name; };
  const bool shared = info(value).tensor ||
                      std::any_of(outputs_.begin(), outputs_.end(), is_made) ||
                      std::any_of(graph_.inputs.begin(), graph_.inputs.end(),
                                  [&](const TensorInfo& i) { return i.name == tensor_name; });
  if (shared) tensor_name = name(emit("Identity", {tensor_name}, {dtype(value), dims(value)}));
  outputs_.emplace_back(tensor_name, output);
  graph_.outputs.push_back({.name = output, .dtype = dtype(value), .dims = dims(value)});
}

void GraphBuilder::sweep() {
  std::unordered_set<std::string> needed;
  for (const auto& [tensor_name, output] : outputs_) needed.insert(tensor_name);
  std::vector<OnnxNode> kept;
  for (auto node = graph_.nodes.rbegin(); node != graph_.nodes.rend(); ++node) {
    const bool used = std::any_of(node->outputs.begin(), node->outputs.end(),
                                  [&](const std::string& n) { return needed.contains(n); });
    if (!used) continue;
    needed.insert(node->inputs.begin(), node->inputs.end());
    kept.push_back(std::move(*node));
  }
  std::reverse(kept.begin(), kept.end());
  graph_.nodes = std::move(kept);
  std::erase_if(graph_.initializers,
                [&](const OnnxInitializer& i) { return !needed.contains(i.name); });
}

OnnxGraph GraphBuilder::finish(std::string graph_name) {
  sweep();
  const std::unordered_map<std::string, std::string> renames(outputs_.begin(), outputs_.end());
  const auto rename = [&](std::string& tensor_name) {
    const auto found = renames.find(tensor_name);
    if (found != renames.end()) tensor_name = found->second;
  };
  for (OnnxNode& node : graph_.nodes) {
    for (std::string& tensor_name : node.inputs) rename(tensor_name);
    for (std::string& tensor_name : node.outputs) rename(tensor_name);
  }
  graph_.name = std::move(graph_name);
  return std::move(graph_);
}

}  // namespace aa::graph
