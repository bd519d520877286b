// What a kernel function throws becomes a JavaScript Error with its message.
#pragma once

#include <emscripten/val.h>
#include <exception>
#include <string>

#include "base/error.hpp"

namespace aa::wasm {

template <class Work>
auto guarded(Work work) -> decltype(work()) {
  std::string message;
  try {
    return work();
  } catch (const Error& error) {
    message = error.message();
  } catch (const std::exception& error) {
    message = error.what();
  }
  emscripten::val::global("Error").new_(message).throw_();
  return decltype(work())();
}

}  // namespace aa::wasm
