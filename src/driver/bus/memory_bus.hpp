// A bus that ends at the process: for one instance, and for tests.
#pragma once

#include "core/runtime/task.hpp"
#include "driver/bus/bus.hpp"

namespace aa::bus {

std::unique_ptr<Bus> make_memory_bus(runtime::Executor io);

}  // namespace aa::bus
