#include "kernel/decode/parameters.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace aa::decode {

double number_parameter(const ModelSpec& spec, std::string_view name, double otherwise,
                        double least, double most) {
  const auto* value = spec.parameters.if_contains(name);
  if (value == nullptr) return otherwise;
  const double number = value->is_number() ? value->to_number<double>() : least - 1;
  if (number >= least && number <= most) return number;
  throw invalid("bad_parameters",
                fmt::format("/parameters/{} must be a number from {} to {}.", name, least, most));
}

}  // namespace aa::decode
