// Numbers that a manifest sets for a family: members of its `parameters`.
//
// Thread rule: pure functions. Errors: invalid_argument "bad_parameters".
#pragma once

#include <string_view>

#include "kernel/decode/reader.hpp"

namespace aa::decode {

// `otherwise` when it is absent; throws unless it is a number from `least` to `most`.
double number_parameter(const ModelSpec& spec, std::string_view name, double otherwise,
                        double least, double most);

}  // namespace aa::decode
