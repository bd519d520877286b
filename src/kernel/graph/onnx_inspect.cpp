#include "kernel/graph/onnx_inspect.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "kernel/graph/protobuf.hpp"

namespace aa::graph {
namespace {

constexpr std::size_t kFileBytesMax = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kNodesMax = 100'000;
constexpr std::size_t kInlinedNodesMax = 1'000'000;
constexpr std::size_t kInitializersMax = 200'000;
constexpr std::size_t kMetadataBytesMax = 1 << 20;
constexpr int kSubgraphDepthMax = 8;
constexpr std::int64_t kDimMax = std::numeric_limits<std::int32_t>::max();

// Operators of these are part of every ONNX Runtime; nothing is loaded for them.
constexpr std::array<std::string_view, 6> kDomains{
    "", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc", "com.ms.internal.nhwc"};

Error lie(std::string what) {
  return malformed("malformed_onnx", "The ONNX file is damaged: " + std::move(what) + ".");
}

Error beyond(std::string what) {
  return too_large("onnx_too_large", "The ONNX file is refused: " + std::move(what) + ".");
}

// Bits of one element by TensorProto.DataType; 0 where the type is not known, strings apart.
int element_bits(std::int64_t type) {
  constexpr std::array<int, 24> kBits{0,  32, 8,  8,   16, 16, 32, 64, 0, 8, 16, 64,
                                      32, 64, 64, 128, 16, 8,  8,  8,  8, 4, 4,  4};
  return type > 0 && type < static_cast<std::int64_t>(kBits.size())
             ? kBits[static_cast<std::size_t>(type)]
             : 0;
}
constexpr std::int64_t kStringType = 8;

// Names that nodes of a graph may read: its own and those of the graphs around it.
struct Scope {
  const Scope* outer = nullptr;
  std::unordered_set<std::string_view> names;

  bool sees(std::string_view name) const {
    for (const Scope* s = this; s != nullptr; s = s->outer) {
      if (s->names.contains(name)) return true;
    }
    return false;
  }
};

struct Function {
  std::string_view body;
  std::vector<std::string> calls;  // every node, by "domain:op"
  std::size_t inlined = 0;         // nodes once everything it calls is inlined; 0: not yet known
  bool open = false;
};

class Inspector {
 public:
  explicit Inspector(std::span<const std::byte> file) : file_(file) {}
  OnnxSummary run();

 private:
  void read_opset(std::string_view bytes);
  void read_metadata(std::string_view bytes);
  void read_function_head(std::string_view bytes);
  void read_function_bodies();
  std::size_t inlined_size(const std::string& name, int depth);
  void read_graph(std::string_view bytes, const Scope* outer, int depth, bool top);
  void collect_names(std::string_view bytes, Scope& scope, bool top);
  std::string_view read_tensor(std::string_view bytes);
  std::uint64_t read_tensor_data(const ProtoField& field, std::int64_t& elements);
  void check_tensor(const Dims& dims, std::int64_t type, std::uint64_t raw_bytes,
                    std::int64_t elements, bool raw, std::string_view name) const;
  void read_nodes(std::string_view bytes, std::uint32_t id, Scope& scope, int depth);
  std::vector<std::string_view> read_node(std::string_view bytes, Scope& scope, int depth);
  void read_attribute(std::string_view bytes, const Scope& scope, int depth);
  void count_op(const std::string& op, const std::string& domain);

  std::span<const std::byte> file_;
  OnnxSummary summary_;
  std::unordered_map<std::string, Function> functions_;
  std::vector<std::string>* calls_ = nullptr;  // of the function that is being read
  std::vector<std::string> main_calls_;
  std::size_t metadata_bytes_ = 0;
};

void read_dim(std::string_view bytes, OnnxPort& port) {
  ProtoReader reader(bytes);
  std::int64_t dim = kUnknownDim;
  std::string name;
  for (ProtoField field; reader.next(field);) {
    if (field.id == 1) {
      dim = field.integer();
      if (dim < -1 || dim > kDimMax) throw lie("a dim of '" + port.name + "' is out of range");
    } else if (field.id == 2) {
      name = field.body.substr(0, 256);
    }
  }
  port.dims.push_back(dim);
  port.dim_names.push_back(std::move(name));
  if (port.dims.size() > 64) throw lie("'" + port.name + "' has more than 64 dims");
}

void read_type(std::string_view bytes, OnnxPort& port) {
  ProtoReader type(bytes);
  for (ProtoField outer; type.next(outer);) {
    if (outer.id != 1) continue;  // sequences, maps and optionals are listed without a shape
    ProtoReader tensor(outer.body);
    for (ProtoField field; tensor.next(field);) {
      if (field.id == 1) port.element_type = field.integer();
      if (field.id != 2) continue;
      port.has_shape = true;
      ProtoReader shape(field.body);
      for (ProtoField dim; shape.next(dim);) {
        if (dim.id == 1) read_dim(dim.body, port);
      }
    }
  }
}

OnnxPort read_port(std::string_view bytes) {
  OnnxPort port;
  ProtoReader name_reader(bytes);
  for (ProtoField field; name_reader.next(field);) {
    if (field.id == 1) port.name = field.body;
  }
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.id == 2) read_type(field.body, port);
  }
  std::int64_t product = 1;
  for (const std::int64_t dim : port.dims) {
    product *= std::max<std::int64_t>(dim, 1);
    if (product > kDimMax) throw lie("'" + port.name + "' has more than 2^31 elements");
  }
  return port;
}

std::string_view find_bytes(std::string_view message, std::uint32_t id) {
  ProtoReader reader(message);
  std::string_view found;
  for (ProtoField field; reader.next(field);) {
    if (field.id == id) found = field.body;
  }
  return found;
}

std::int64_t count_varints(std::string_view packed) {
  ProtoReader reader(packed);
  std::int64_t count = 0;
  for (std::uint64_t value = 0; reader.next_varint(value);) ++count;
  return count;
}

OnnxSummary Inspector::run() {
  if (file_.size() > kFileBytesMax) throw beyond("it is larger than 2 GiB");
  std::string_view graph;
  bool found = false;
  ProtoReader reader(file_);
  for (ProtoField field; reader.next(field);) {
    switch (field.id) {
      case 1:
        summary_.ir_version = field.integer();
        break;
      case 2:
        summary_.producer = field.body.substr(0, 256);
        break;
      case 7:
        if (found) throw lie("it holds two graphs");
        graph = field.body;
        found = true;
        break;
      case 8:
        read_opset(field.body);
        break;
      case 14:
        read_metadata(field.body);
        break;
      case 20:
        summary_.training = true;
        break;
      case 25:
        read_function_head(field.body);
        break;
      default:
        break;
    }
  }
  if (!found || summary_.ir_version < 1 || summary_.ir_version > 100) {
    throw lie("it holds no graph; this is no ONNX model");
  }
  read_function_bodies();
  calls_ = &main_calls_;
  read_graph(graph, nullptr, 0, true);
  std::size_t inlined = 0;
  for (const std::string& call : main_calls_) {
    inlined += inlined_size(call, 0);
    if (inlined > kInlinedNodesMax) throw beyond("its functions unfold to over a million nodes");
  }
  return std::move(summary_);
}

void Inspector::read_opset(std::string_view bytes) {
  std::string domain;
  std::int64_t version = 0;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.id == 1) domain = field.body.substr(0, 256);
    if (field.id == 2) version = field.integer();
  }
  if (domain == "ai.onnx") domain.clear();
  summary_.opsets[domain] = version;
  if (summary_.opsets.size() > 1000) throw beyond("it imports over 1,000 operator sets");
}

void Inspector::read_metadata(std::string_view bytes) {
  metadata_bytes_ += bytes.size();
  if (metadata_bytes_ > kMetadataBytesMax) throw beyond("its metadata is larger than 1 MiB");
  summary_.metadata[std::string(find_bytes(bytes, 1))] = find_bytes(bytes, 2);
}

void Inspector::read_function_head(std::string_view bytes) {
  const std::string name =
      std::string(find_bytes(bytes, 10)) + ":" + std::string(find_bytes(bytes, 1));
  if (++summary_.functions > 10'000) throw beyond("it holds over 10,000 functions");
  if (!functions_.emplace(name, Function{.body = bytes}).second) {
    throw lie("two functions are named '" + name + "'");
  }
}

void Inspector::read_function_bodies() {
  for (auto& [name, function] : functions_) {
    calls_ = &function.calls;
    Scope scope;
    ProtoReader inputs(function.body);
    for (ProtoField field; inputs.next(field);) {
      if (field.id == 4) scope.names.insert(field.body);
    }
    read_nodes(function.body, 7, scope, 1);
  }
}

std::size_t Inspector::inlined_size(const std::string& name, int depth) {
  const auto found = functions_.find(name);
  if (found == functions_.end()) return 1;
  Function& function = found->second;
  if (function.open || depth > 64) throw lie("function '" + name + "' calls itself");
  if (function.inlined > 0) return function.inlined;
  function.open = true;
  std::size_t size = 1;
  for (const std::string& call : function.calls) {
    size = std::min(size + inlined_size(call, depth + 1), 2 * kInlinedNodesMax);
  }
  function.open = false;
  return function.inlined = size;
}

void Inspector::collect_names(std::string_view bytes, Scope& scope, bool top) {
  std::vector<OnnxPort> ports;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.id == 5) {
      if (++summary_.initializers > kInitializersMax) throw beyond("it has too many initializers");
      scope.names.insert(read_tensor(field.body));
    } else if (field.id == 15) {
      summary_.sparse = true;
      scope.names.insert(find_bytes(find_bytes(field.body, 1), 8));
    } else if (field.id == 11) {
      if (top) ports.push_back(read_port(field.body));
      if (ports.size() > 10'000) throw beyond("it has over 10,000 inputs");
    } else if (field.id == 12 && top) {
      summary_.outputs.push_back(read_port(field.body));
      if (summary_.outputs.size() > 10'000) throw beyond("it has over 10,000 outputs");
    }
  }
  for (OnnxPort& port : ports) {  // old files list initializers among the inputs too
    if (!scope.names.contains(port.name)) summary_.inputs.push_back(std::move(port));
  }
  ProtoReader inputs(bytes);
  for (ProtoField field; inputs.next(field);) {
    if (field.id == 11) scope.names.insert(find_bytes(field.body, 1));
  }
}

void Inspector::read_graph(std::string_view bytes, const Scope* outer, int depth, bool top) {
  if (depth > kSubgraphDepthMax) throw beyond("its subgraphs are nested more than 8 deep");
  Scope scope{.outer = outer, .names = {}};
  collect_names(bytes, scope, top);
  read_nodes(bytes, 1, scope, depth);
  ProtoReader outputs(bytes);
  for (ProtoField field; outputs.next(field);) {
    if (field.id != 12) continue;
    const std::string_view name = find_bytes(field.body, 1);
    if (!scope.sees(name)) throw lie("nothing computes its output '" + std::string(name) + "'");
  }
}

std::uint64_t Inspector::read_tensor_data(const ProtoField& field, std::int64_t& elements) {
  const bool packed = field.type == WireType::bytes;
  switch (field.id) {
    case 4:
      elements += packed ? static_cast<std::int64_t>(field.body.size() / 4) : 1;
      break;
    case 10:
      elements += packed ? static_cast<std::int64_t>(field.body.size() / 8) : 1;
      break;
    case 5:
    case 7:
    case 11:
      elements += packed ? count_varints(field.body) : 1;
      break;
    case 6:
      ++elements;
      break;
    case 9:
      return field.body.size();
    default:
      break;
  }
  return 0;
}

void Inspector::check_tensor(const Dims& dims, std::int64_t type, std::uint64_t raw_bytes,
                             std::int64_t elements, bool raw, std::string_view name) const {
  const std::string called = "tensor '" + std::string(name.substr(0, 200)) + "'";
  std::int64_t product = 1;
  for (const std::int64_t dim : dims) {
    if (dim < 0 || dim > kDimMax) throw lie(called + " has a dim out of range");
    product *= dim;
    if (product > kDimMax) throw lie(called + " has more than 2^31 elements");
  }
  const int bits = element_bits(type);
  if (bits == 0 && type != kStringType) throw lie(called + " has an unknown type");
  if (raw &&
      (type == kStringType ||
       raw_bytes != (static_cast<std::uint64_t>(product) * static_cast<unsigned>(bits) + 7) / 8)) {
    throw lie(called + " holds " + std::to_string(raw_bytes) + " bytes, which its shape belies");
  }
  // Complex numbers take two elements of the typed fields; 4-bit ones share them.
  const std::int64_t want = type == 14 || type == 15 ? 2 * product : product;
  const bool shares = bits == 4;
  if (!raw && !shares && elements != want) {
    throw lie(called + " holds " + std::to_string(elements) + " elements, which its shape belies");
  }
}

std::string_view Inspector::read_tensor(std::string_view bytes) {
  Dims dims;
  std::int64_t type = 0;
  std::int64_t elements = 0;
  std::uint64_t raw_bytes = 0;
  bool raw = false;
  bool outside = false;
  std::string_view name;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.id == 1 && field.type == WireType::bytes) {
      ProtoReader list(field.body);
      for (std::uint64_t dim = 0; list.next_varint(dim);) {
        dims.push_back(static_cast<std::int64_t>(dim));
      }
    } else if (field.id == 1) {
      dims.push_back(field.integer());
    } else if (field.id == 2) {
      type = field.integer();
    } else if (field.id == 8) {
      name = field.body;
    } else if (field.id == 13 || (field.id == 14 && field.number != 0)) {
      outside = true;
    } else {
      raw |= field.id == 9;
      raw_bytes += read_tensor_data(field, elements);
    }
    if (dims.size() > 64) throw lie("a tensor has more than 64 dims");
  }
  summary_.external_data |= outside;
  summary_.initializer_bytes += bytes.size();
  if (!outside) check_tensor(dims, type, raw_bytes, elements, raw, name);
  return name;
}

void Inspector::count_op(const std::string& op, const std::string& domain) {
  if (++summary_.nodes > kNodesMax) throw beyond("it has more than 100,000 nodes");
  ++summary_.ops[op.substr(0, 256)];
  summary_.loops |= op == "Loop" || op == "Scan";
  const std::string call = domain + ":" + op;
  calls_->push_back(call);
  const bool known = std::find(kDomains.begin(), kDomains.end(), domain) != kDomains.end();
  if (!known && !functions_.contains(call)) summary_.foreign_domains.insert(domain.substr(0, 256));
}

// A node that waits for what it reads; the reader stands behind the input that lacks.
struct Waiting {
  std::string_view node;
  ProtoReader inputs;
};

// The first input that is not there yet, "" when all are.
std::string_view lacking(Waiting& node, const Scope& scope) {
  for (ProtoField field; node.inputs.next(field);) {
    if (field.id == 1 && !field.body.empty() && !scope.sees(field.body)) return field.body;
  }
  return {};
}

// Some converters leave nodes unsorted, and ONNX Runtime sorts them: a node is read once all it
// reads is there. What waits to the end stands in a cycle or lacks a part.
void Inspector::read_nodes(std::string_view bytes, std::uint32_t id, Scope& scope, int depth) {
  std::unordered_map<std::string_view, std::vector<Waiting>> waiting;  // by what they lack
  std::size_t postponed = 0;
  std::vector<Waiting> ready;
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.id != id) continue;
    ready.push_back({field.body, ProtoReader(field.body)});
    while (!ready.empty()) {
      Waiting next = ready.back();
      ready.pop_back();
      if (const auto lacks = lacking(next, scope); !lacks.empty()) {
        if (++postponed > kNodesMax) throw beyond("it has more than 100,000 nodes out of order");
        waiting[lacks].push_back(next);
        continue;
      }
      for (const auto made : read_node(next.node, scope, depth)) {
        const auto woken = waiting.extract(made);
        if (!woken.empty()) ready.insert(ready.end(), woken.mapped().begin(), woken.mapped().end());
      }
    }
  }
  if (waiting.empty()) return;
  throw lie("a node reads '" + std::string(waiting.begin()->first.substr(0, 200)) +
            "', which nothing computes before it (a cycle, or a missing part)");
}

// What the node computes.
std::vector<std::string_view> Inspector::read_node(std::string_view bytes, Scope& scope,
                                                   int depth) {
  count_op(std::string(find_bytes(bytes, 4)), std::string(find_bytes(bytes, 7)));
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.id == 5) read_attribute(field.body, scope, depth);
  }
  std::vector<std::string_view> made;
  ProtoReader outputs(bytes);
  for (ProtoField field; outputs.next(field);) {
    if (field.id != 2 || field.body.empty()) continue;
    if (!scope.names.insert(field.body).second) {
      throw lie("two nodes compute '" + std::string(field.body.substr(0, 200)) + "'");
    }
    made.push_back(field.body);
  }
  return made;
}

void Inspector::read_attribute(std::string_view bytes, const Scope& scope, int depth) {
  ProtoReader reader(bytes);
  for (ProtoField field; reader.next(field);) {
    if (field.id == 5 || field.id == 10)
      read_tensor(field.body);
    else if (field.id == 6 || field.id == 11)
      read_graph(field.body, &scope, depth + 1, false);
    else if (field.id == 22 || field.id == 23)
      summary_.sparse = true;
  }
}

}  // namespace

OnnxSummary inspect_onnx(std::span<const std::byte> file) { return Inspector(file).run(); }

}  // namespace aa::graph
