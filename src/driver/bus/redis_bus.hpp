// A bus over Redis' publish and subscribe: one connection for each of the two.
#pragma once

#include "core/observe/metrics.hpp"
#include "core/runtime/task.hpp"
#include "driver/bus/bus.hpp"
#include "driver/bus/redis_url.hpp"

namespace aa::bus {

std::unique_ptr<Bus> make_redis_bus(RedisAddress address, runtime::Executor io,
                                    observe::Metrics& metrics);

}  // namespace aa::bus
