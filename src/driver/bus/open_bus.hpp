// The bus that the settings name.
#pragma once

#include "base/secret.hpp"
#include "core/observe/metrics.hpp"
#include "core/runtime/executors.hpp"
#include "driver/bus/bus.hpp"

namespace aa::bus {

// An empty URL gives a bus in memory. Throws Error(invalid_argument, "bad_setting") for a URL that
// cannot be read; a server that is away is none: it is tried again for ever.
std::unique_ptr<Bus> open(const Secret& redis_url, runtime::Executors& executors,
                          observe::Metrics& metrics);

}  // namespace aa::bus
