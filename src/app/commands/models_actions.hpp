// The actions of `annotateai models` that have files of their own.
#pragma once

#include <span>
#include <string>

namespace aa::app {

int models_pull(std::span<const std::string> words);
int models_bench(std::span<const std::string> words);
int models_try(std::span<const std::string> words);
// Not for people: the child process in which a model that is being imported runs for the first
// time.
int models_probe(std::span<const std::string> words);

}  // namespace aa::app
