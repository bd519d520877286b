#include "driver/bus/open_bus.hpp"

#include "driver/bus/memory_bus.hpp"
#include "driver/bus/redis_bus.hpp"

namespace aa::bus {

std::unique_ptr<Bus> open(const Secret& redis_url, runtime::Executors& executors,
                          observe::Metrics& metrics) {
  if (redis_url.empty()) return make_memory_bus(executors.io());
  return make_redis_bus(read_redis_url(redis_url.reveal()), executors.io(), metrics);
}

}  // namespace aa::bus
