#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "kernel/graph/graph_builder.hpp"

namespace aa::graph {
namespace {

std::vector<std::int64_t> to_ints(std::span<const std::size_t> axes) {
  return {axes.begin(), axes.end()};
}

}  // namespace

Value GraphBuilder::reshape(Value value, Dims to) {
  const Dims& from = dims(value);
  const auto unknown = std::count(to.begin(), to.end(), kUnknownDim);
  Dims given = to;
  std::replace(given.begin(), given.end(), kUnknownDim, std::int64_t{1});
  const std::int64_t rest = element_count(given);
  if (unknown == 1 && is_known(from) && rest > 0 && element_count(from) % rest == 0) {
    std::replace(to.begin(), to.end(), kUnknownDim, element_count(from) / rest);
  }
  if (is_known(to) && is_known(from) && element_count(to) != element_count(from)) {
    throw invalid("tfjs_bad_model",
                  "Shape " + to_text(from) + " cannot be reshaped to " + to_text(to) + ".");
  }
  if (to == from && is_known(to)) return value;
  if (const Tensor* c = tensor(value); c != nullptr && is_known(to)) {
    Tensor copy = *c;
    copy.dims = std::move(to);
    return folded(std::move(copy));
  }
  if (unknown > 1) throw invalid("tfjs_bad_model", "A reshape leaves two dims open.");
  const bool empty = std::count(to.begin(), to.end(), 0) > 0;
  std::vector<OnnxAttribute> attributes;
  if (empty) attributes.push_back({"allowzero", std::int64_t{1}});
  std::vector<std::string> inputs{name(value), name(int64s(to))};
  return emit("Reshape", std::move(inputs), {dtype(value), std::move(to)}, std::move(attributes));
}

Value GraphBuilder::squeeze(Value value, std::span<const std::size_t> axes) {
  Dims to;
  for (std::size_t i = 0; i < rank(value); ++i) {
    if (std::find(axes.begin(), axes.end(), i) == axes.end()) to.push_back(dims(value)[i]);
  }
  if (to.size() == rank(value)) return value;
  if (is_known(to) && is_known(dims(value))) return reshape(value, std::move(to));
  std::vector<std::string> inputs{name(value), name(int64s(to_ints(axes)))};
  return emit("Squeeze", std::move(inputs), {dtype(value), std::move(to)});
}

Value GraphBuilder::unsqueeze(Value value, std::span<const std::size_t> axes) {
  Dims to;
  const std::size_t out_rank = rank(value) + axes.size();
  for (std::size_t i = 0, from = 0; i < out_rank; ++i) {
    const bool is_new = std::find(axes.begin(), axes.end(), i) != axes.end();
    to.push_back(is_new ? 1 : dims(value).at(from++));
  }
  if (is_known(to)) return reshape(value, std::move(to));
  std::vector<std::string> inputs{name(value), name(int64s(to_ints(axes)))};
  return emit("Unsqueeze", std::move(inputs), {dtype(value), std::move(to)});
}

Value GraphBuilder::transpose(Value value, std::span<const std::size_t> permutation) {
  Dims to;
  for (const std::size_t axis : permutation) to.push_back(dims(value)[axis]);
  if (const Tensor* c = tensor(value)) return folded(transposed(*c, permutation));
  const bool rank4 = permutation.size() == 4;
  const bool first = rank4 && !info(value).names[1].empty();
  Info result{.dtype = dtype(value), .dims = to, .names = {}, .tensor = {}};
  if (first && std::equal(permutation.begin(), permutation.end(), kToChannelsFirst.begin())) {
    result.names[0] = info(value).names[1];  // the graph spells out what is already in memory
    return add(std::move(result));
  }
  if (rank4 && std::equal(permutation.begin(), permutation.end(), kToChannelsLast.begin())) {
    result.names[1] = name(value);
    return add(std::move(result));
  }
  std::vector<std::int64_t> perm = to_ints(permutation);
  const bool compose = first && info(value).names[0].empty();
  if (compose) {
    for (std::int64_t& axis : perm) {
      axis = static_cast<std::int64_t>(
          axis_in(Layout::channels_first, static_cast<std::size_t>(axis)));
    }
  }
  return emit("Transpose", {name(value, compose ? Layout::channels_first : Layout::as_is)},
              {dtype(value), std::move(to)}, {{"perm", std::move(perm)}});
}

Value GraphBuilder::concat(std::span<const Value> values, std::size_t axis) {
  Dims to = dims(values[0]);
  bool constant = true;
  std::vector<const Tensor*> parts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Dims& part = dims(values[i]);
    if (part.size() != to.size() || axis >= to.size() || dtype(values[i]) != dtype(values[0])) {
      throw invalid("tfjs_bad_model", "Tensors of different rank or type cannot be joined.");
    }
    parts.push_back(tensor(values[i]));
    constant &= parts.back() != nullptr;
    for (std::size_t d = 0; d < to.size() && i > 0; ++d) {
      if (d != axis) {
        if (to[d] == kUnknownDim)
          to[d] = part[d];
        else if (part[d] != kUnknownDim && part[d] != to[d]) {
          throw invalid("tfjs_bad_model",
                        "Shapes " + to_text(to) + " and " + to_text(part) + " cannot be joined.");
        }
      } else if (to[d] != kUnknownDim) {
        to[d] = part[d] == kUnknownDim ? kUnknownDim : to[d] + part[d];
      }
    }
  }
  if (values.size() == 1) return values[0];
  if (constant && may_fold(to)) return folded(fold_concat(parts, axis));
  const Layout layout = preferred(values);
  std::vector<std::string> inputs;
  for (const Value value : values) inputs.push_back(name(value, layout));
  const auto place = static_cast<std::int64_t>(axis_in(layout, axis));
  return emit("Concat", std::move(inputs), {dtype(values[0]), std::move(to), layout},
              {{"axis", place}});
}

Value GraphBuilder::gather(Value value, Value indices, std::size_t axis) {
  const Dims& from = dims(value);
  const auto at = static_cast<std::ptrdiff_t>(axis);
  Dims to(from.begin(), from.begin() + at);
  to.insert(to.end(), dims(indices).begin(), dims(indices).end());
  to.insert(to.end(), from.begin() + at + 1, from.end());
  const Tensor* in = tensor(value);
  const Tensor* rows = tensor(indices);
  if (in != nullptr && rows != nullptr && may_fold(to)) {
    return folded(fold_gather(*in, *rows, axis));
  }
  return emit("Gather", {name(value), name(indices)}, {dtype(value), std::move(to)},
              {{"axis", static_cast<std::int64_t>(axis)}});
}

Value GraphBuilder::slice(Value value, std::span<const Range> ranges) {
  if (ranges.empty()) return value;
  Dims to = dims(value);
  for (const Range& range : ranges) to[range.axis] = range.size;
  if (const Tensor* c = tensor(value); c != nullptr && may_fold(to)) {
    auto strides = strides_of(c->dims);
    std::int64_t offset = 0;
    for (const Range& range : ranges) {
      offset += range.begin * strides[range.axis];
      strides[range.axis] *= range.step;
    }
    return folded(copy_strided(*c, std::move(to), offset, strides));
  }
  const Layout layout = preferred(std::span(&value, 1));
  std::vector<std::int64_t> begins, ends, axes, steps;
  for (const Range& range : ranges) {
    begins.push_back(range.begin);
    const bool past_front = range.step < 0 && range.end < 0 && range.size != kUnknownDim;
    ends.push_back(past_front ? std::numeric_limits<std::int64_t>::min() : range.end);
    axes.push_back(static_cast<std::int64_t>(axis_in(layout, range.axis)));
    steps.push_back(range.step);
  }
  std::vector<std::string> inputs{name(value, layout), name(int64s(begins)), name(int64s(ends)),
                                  name(int64s(axes)), name(int64s(steps))};
  return emit("Slice", std::move(inputs), {dtype(value), std::move(to), layout});
}

Value GraphBuilder::expand(Value value, const Dims& to) {
  if (dims(value) == to) return value;
  if (const Tensor* c = tensor(value); c != nullptr && may_fold(to)) {
    std::vector<std::int64_t> strides(to.size(), 0);
    const auto own = strides_of(c->dims);
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (c->dims[i] != 1) strides[to.size() - own.size() + i] = own[i];
    }
    return folded(copy_strided(*c, to, 0, strides));
  }
  return emit("Expand", {name(value), name(int64s(to))}, {dtype(value), to});
}

}  // namespace aa::graph
