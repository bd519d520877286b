// What a child process takes from itself before it touches a stranger's file: memory, processor
// time, files, the network and the means to start programs.
//
// Limits are the kernel's own (setrlimit), and a seccomp filter answers EPERM to the system calls
// that open sockets, start programs, or look into other processes. Nothing of it can be undone. The
// process ends with the thread that started it. Linux on x86-64 and AArch64; elsewhere there is no
// filter.
//
// Thread rule: once, before other threads are started, which inherit it. Errors: internal
// "confinement" when the kernel refuses.
#pragma once

#include <chrono>
#include <cstdint>

namespace aa::host {

struct Confinement {
  std::uint64_t address_space_bytes = 0;
  std::chrono::seconds cpu_time{60};
  std::uint64_t file_bytes = 16ULL << 20;  // the largest file that can be written
};

void confine_this_process(const Confinement& limits);

}  // namespace aa::host
