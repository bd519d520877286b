// A model's file that lies inside another: a run of bytes of what its source gives.
//
// Emscripten packs the files of a program into one `.data` file and writes where each begins and
// ends into the loader beside it; manifests carry those numbers.
// Thread rule: values. Errors: those of the sink.
#pragma once

#include <cstdint>

#include "driver/host/tarball.hpp"
#include "service/modelzoo/catalogue.hpp"

namespace aa::modelzoo {

// How much to read of the file's source at most.
std::uint64_t whole_bytes_max(const ModelFile& file);

// Takes the bytes of the source in order and hands on those of the file. What lies behind them is
// dropped; a source that ends early shows in the file's size.
host::ByteSink slice_of(const ModelFile& file, host::ByteSink sink);

}  // namespace aa::modelzoo
