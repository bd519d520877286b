#include "kernel/graph/onnx_inspect.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/graph/onnx_model.hpp"
#include "kernel/graph/protobuf.hpp"

namespace aa::graph {
namespace {

OnnxGraph good_graph() {
  OnnxGraph graph{.name = "g"};
  graph.inputs = {{.name = "x", .dtype = DType::float32, .dims = {1, 3}}};
  graph.outputs = {{.name = "y", .dtype = DType::float32, .dims = {1, kUnknownDim}}};
  const std::vector<float> ones{1, 1, 1};
  graph.initializers = {{"w", std::make_shared<const Tensor>(float_tensor({1, 3}, ones))}};
  graph.nodes = {{.op = "Add", .inputs = {"x", "w"}, .outputs = {"s"}},
                 {.op = "Relu", .inputs = {"s"}, .outputs = {"y"}}};
  return graph;
}

OnnxSummary inspect(const std::string& file) {
  return inspect_onnx(std::as_bytes(std::span(file)));
}

std::string slug_of(const std::string& file) {
  try {
    require_safe(inspect(file));
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

// A model around hand-written graph fields.
template <class Body>
std::string model_of(Body&& graph, std::int64_t opset = 17) {
  ProtoWriter out;
  out.integer(1, 8);
  out.message(7, [&](ProtoWriter& g) {
    for (const int id : {11, 12}) g.message(id, [](ProtoWriter& info) { info.bytes(1, "x"); });
    graph(g);
  });
  out.message(8, [&](ProtoWriter& o) { o.integer(2, opset); });
  return out.take();
}

template <class Body>
std::string model_with_tensor(Body&& tensor) {
  return model_of([&](ProtoWriter& g) { g.message(5, tensor); });
}

TEST(Inspect, tells_what_is_in_a_good_file) {
  const OnnxSummary seen = inspect(write_onnx(good_graph()));
  EXPECT_EQ(seen.nodes, 2U);
  EXPECT_EQ(seen.initializers, 1U);
  EXPECT_EQ(seen.inputs.at(0).dims, (Dims{1, 3}));
  EXPECT_EQ(seen.inputs.at(0).element_type, 1);
  EXPECT_EQ(seen.outputs.at(0).dims, (Dims{1, kUnknownDim}));
  EXPECT_EQ(seen.outputs.at(0).dim_names.at(1), "y_dim1");
  EXPECT_FALSE(seen.external_data);
  EXPECT_NO_THROW(require_safe(seen));
}

TEST(Inspect, unsorted_nodes_are_taken_but_cycles_and_missing_parts_are_not) {
  OnnxGraph swapped = good_graph();
  std::swap(swapped.nodes[0], swapped.nodes[1]);
  EXPECT_EQ(slug_of(write_onnx(swapped)), "");
  EXPECT_EQ(inspect(write_onnx(swapped)).nodes, 2U);
  OnnxGraph twice = swapped;
  twice.nodes.push_back(twice.nodes[0]);
  EXPECT_EQ(slug_of(write_onnx(twice)), "malformed_onnx");
  OnnxGraph circle = good_graph();
  circle.nodes[0].inputs[0] = "y";
  EXPECT_EQ(slug_of(write_onnx(circle)), "malformed_onnx");
  OnnxGraph missing = good_graph();
  missing.nodes.pop_back();
  EXPECT_EQ(slug_of(write_onnx(missing)), "malformed_onnx");
}

TEST(Inspect, every_cut_of_a_file_is_refused) {
  const std::string whole = write_onnx(good_graph());
  ASSERT_EQ(slug_of(whole), "");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(slug_of(whole.substr(0, size)), "") << size;
  }
}

TEST(Inspect, external_data_is_refused_however_it_is_spelled) {
  for (const char* place : {"../../secret", "/etc/passwd", "http://example.test/w"}) {
    EXPECT_EQ(slug_of(model_with_tensor([&](ProtoWriter& t) {
                t.integer(1, 1);
                t.integer(2, 1);
                t.message(13, [&](ProtoWriter& e) {
                  e.bytes(1, "location");
                  e.bytes(2, place);
                });
                t.integer(14, 1);
              })),
              "onnx_refused");
  }
}

TEST(Inspect, lying_tensors) {
  const auto tensor = [](std::vector<std::int64_t> dims, std::size_t bytes, std::int64_t type = 1) {
    return slug_of(model_with_tensor([&](ProtoWriter& t) {
      for (const std::int64_t dim : dims) t.integer(1, dim);
      t.integer(2, type);
      t.bytes(9, std::string(bytes, '\0'));
    }));
  };
  EXPECT_EQ(tensor({2, 3}, 24), "");
  EXPECT_EQ(tensor({2, 3}, 23), "malformed_onnx");
  EXPECT_EQ(tensor({std::int64_t{1} << 62}, 8), "malformed_onnx");
  EXPECT_EQ(tensor({-1}, 8), "malformed_onnx");
  EXPECT_EQ(tensor({1 << 20, 1 << 20, 1 << 20, 1 << 20}, 0), "malformed_onnx");  // 2^80
  EXPECT_EQ(tensor({2}, 8, 99), "malformed_onnx");
  EXPECT_EQ(tensor({3}, 2, 22), "");  // three 4-bit numbers in two bytes
}

TEST(Inspect, typed_fields_are_counted) {
  const auto tensor = [](std::int64_t dim, const std::string& packed) {
    return slug_of(model_with_tensor([&](ProtoWriter& t) {
      t.integer(1, dim);
      t.integer(2, 7);
      t.bytes(7, packed);
    }));
  };
  EXPECT_EQ(tensor(2, std::string("\x01\xac\x02", 3)), "");
  EXPECT_EQ(tensor(3, std::string("\x01\xac\x02", 3)), "malformed_onnx");
}

TEST(Inspect, lengths_beyond_the_file) {
  EXPECT_EQ(slug_of(std::string("\x08\x08\x3a\xff\xff\xff\xff\xff\xff\xff\x0f", 11)),
            "malformed_protobuf");
}

void add_node(ProtoWriter& graph, const char* op, const char* domain, const char* output) {
  graph.message(1, [&](ProtoWriter& n) {
    n.bytes(1, "x");
    n.bytes(2, output);
    n.bytes(4, op);
    n.bytes(7, domain);
  });
}

TEST(Inspect, custom_operators_are_refused) {
  const auto with_domain = [](const char* domain) {
    return slug_of(model_of([&](ProtoWriter& g) { add_node(g, "Op", domain, "z"); }));
  };
  EXPECT_EQ(with_domain(""), "");
  EXPECT_EQ(with_domain("com.microsoft"), "");
  EXPECT_EQ(with_domain("evil"), "onnx_refused");
}

TEST(Inspect, opset_999) {
  EXPECT_EQ(slug_of(model_of([](ProtoWriter&) {}, 999)), "onnx_refused");
}

TEST(Inspect, too_many_nodes) {
  const std::string file = model_of([](ProtoWriter& g) {
    for (int i = 0; i < 100'001; ++i) {
      const std::string name = "n" + std::to_string(i);
      add_node(g, "Relu", "", name.c_str());
    }
  });
  EXPECT_EQ(slug_of(file), "onnx_too_large");
}

void nest(ProtoWriter& graph, int levels) {
  if (levels == 0) return;
  graph.message(1, [&](ProtoWriter& n) {
    n.bytes(4, "If");
    n.bytes(2, "n" + std::to_string(levels));
    n.message(5, [&](ProtoWriter& a) {
      a.message(6, [&](ProtoWriter& inner) { nest(inner, levels - 1); });
    });
  });
}

TEST(Inspect, nested_graphs_have_a_floor) {
  EXPECT_EQ(slug_of(model_of([](ProtoWriter& g) { nest(g, 5); })), "");
  EXPECT_EQ(slug_of(model_of([](ProtoWriter& g) { nest(g, 50); })), "onnx_too_large");
}

void add_function(ProtoWriter& model, const std::string& name, const std::string& calls,
                  int times) {
  model.message(25, [&](ProtoWriter& f) {
    f.bytes(1, name);
    f.bytes(4, "x");
    f.bytes(10, "own");
    for (int i = 0; i < times; ++i) {
      f.message(7, [&](ProtoWriter& n) {
        n.bytes(1, "x");
        n.bytes(2, "v" + std::to_string(i));
        n.bytes(4, calls);
        n.bytes(7, "own");
      });
    }
  });
}

TEST(Inspect, functions_that_call_themselves_or_unfold_without_end) {
  const auto calling = [](const char* name) {
    return model_of([&](ProtoWriter& g) { add_node(g, name, "own", "z"); });
  };
  ProtoWriter circle;
  add_function(circle, "a", "b", 1);
  add_function(circle, "b", "a", 1);
  EXPECT_EQ(slug_of(calling("a") + circle.take()), "malformed_onnx");
  ProtoWriter laughs;
  for (int i = 0; i < 30; ++i) {
    add_function(laughs, "f" + std::to_string(i + 1), "f" + std::to_string(i), 2);
  }
  add_function(laughs, "f0", "f0x", 0);
  EXPECT_EQ(slug_of(calling("f30") + laughs.take()), "onnx_too_large");
  ProtoWriter fine;
  add_function(fine, "a", "b", 3);
  add_function(fine, "b", "b0", 0);
  EXPECT_EQ(slug_of(calling("a") + fine.take()), "");
}

TEST(Inspect, real_model) {
  const char* data = std::getenv("ANNOTATEAI_TEST_DATA");
  const auto path = std::filesystem::path(data != nullptr ? data : "") / "models/yolox_nano.onnx";
  if (data == nullptr || !std::filesystem::exists(path)) {
    GTEST_SKIP() << "ANNOTATEAI_TEST_DATA holds no models/yolox_nano.onnx";
  }
  std::ifstream in(path, std::ios::binary);
  const OnnxSummary seen = inspect({std::istreambuf_iterator<char>(in), {}});
  EXPECT_NO_THROW(require_safe(seen));
  EXPECT_EQ(seen.inputs.at(0).name, "images");
  EXPECT_EQ(seen.inputs.at(0).dims, (Dims{1, 3, 416, 416}));
  EXPECT_EQ(seen.outputs.at(0).dims, (Dims{1, 3549, 85}));
  EXPECT_EQ(seen.opsets.at(""), 11);
}

}  // namespace
}  // namespace aa::graph
