// Kinds of model files that are never opened, told by name and by their first bytes.
//
// A pickle (PyTorch, TorchScript, joblib, an object array of NumPy) runs what its author wrote when
// it is loaded, and a Keras file may hold Lambda layers, which are Python code. Others are no
// graphs, or programs. Each refusal gives the reason and the command that makes an ONNX file.
//
// Thread rule: pure functions. Errors: unsupported "pickle_refused", "code_refused",
// "program_refused", "not_a_graph".
#pragma once

#include <string>
#include <string_view>

namespace aa::modelzoo {

inline constexpr std::size_t kHeadBytes = 4096;

// Throws when `name` (as the user calls the file) or `head`, its first kHeadBytes, say that it is
// one of these.
void refuse_bad_kind(const std::string& name, std::string_view head);

}  // namespace aa::modelzoo
