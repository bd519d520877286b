#include "core/runtime/executors.hpp"

#include <algorithm>

namespace aa::runtime {
namespace {

unsigned or_cores(unsigned count) {
  return count > 0 ? count : std::max(1U, std::thread::hardware_concurrency());
}

unsigned or_half_of_cores(unsigned count) {
  return count > 0 ? count : std::max(1U, std::thread::hardware_concurrency() / 2);
}

}  // namespace

Executors::Executors(ExecutorSettings settings)
    : io_(static_cast<int>(settings.io_threads)),
      io_guard_(io_.get_executor()),
      compute_threads_(or_cores(settings.compute_threads)),
      compute_(compute_threads_),
      blocking_(settings.blocking_threads),
      passwords_(or_half_of_cores(settings.password_threads), settings.password_line) {
  io_threads_.reserve(settings.io_threads);
  for (unsigned i = 0; i < settings.io_threads; ++i) {
    io_threads_.emplace_back([this] { io_.run(); });
  }
}

Executors::~Executors() { stop(); }

void Executors::stop() {
  if (std::exchange(stopped_, true)) return;
  compute_.join();
  blocking_.join();
  passwords_.join();
  io_guard_.reset();
  io_.stop();
  for (auto& thread : io_threads_) thread.join();
}

}  // namespace aa::runtime
