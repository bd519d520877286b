// TensorFlow.js layers models (Keras topologies) told as graph models, which the importer reads.
//
// Every layer becomes the TensorFlow nodes that compute it, `layer/op_1`, ..., and an Identity
// named like the layer, so that any layer can be an output or a cut. Weights keep their names
// (`layer/kernel`); constants that a layer only implies (paddings, axes, ones for a batch
// normalisation without scale) are added to the index. Training-only layers pass their input on.
// Taken: functional and sequential models, also inside one another, with one call per layer; the
// layers of keras_layer_rows.cpp. Not taken: layers called twice, channels_first.
// Source: keras.io/2.15/api/layers, and what tf.keras and tfjs-layers write into model.json.
// Limits: 10,000 layers, models 4 deep, those of tf_graph.hpp. Thread rule: pure.
// Errors: Error(invalid_argument, "tfjs_bad_model") naming the layer; Error(unsupported,
// "tfjs_unsupported_layer").
#pragma once

#include "base/json.hpp"
#include "kernel/graph/tfjs_weights.hpp"

namespace aa::graph {

inline constexpr std::size_t kKerasLayersMax = 10'000;

bool is_layers_model(const json::Value& model);
// A model.json as read_tf_graph takes it.
json::Value layers_as_graph(const json::Value& model, WeightIndex& weights);

}  // namespace aa::graph
