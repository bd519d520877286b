// The actions of `annotateai models` that have files of their own.
#pragma once

#include <span>
#include <string>

namespace aa::app {

int models_pull(std::span<const std::string> words);
int models_bench(std::span<const std::string> words);
int models_try(std::span<const std::string> words);

}  // namespace aa::app
