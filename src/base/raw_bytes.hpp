// Bytes that resize() leaves as the memory was: for buffers of MiB that are overwritten whole,
// where zeros first would cost as much as the work.
//
// Thread rule: values. resize(count, std::byte{}) still gives zeros.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace aa {

template <class T>
struct DefaultInitAllocator : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = DefaultInitAllocator<U>;
  };
  template <class U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    std::construct_at(at, std::forward<Arguments>(arguments)...);
  }
};

using RawBytes = std::vector<std::byte, DefaultInitAllocator<std::byte>>;

}  // namespace aa
