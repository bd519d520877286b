// Which edges of the instrumented code a run went through, as g++'s -fsanitize-coverage=trace-pc
// reports them. Built without it, the map stays empty and every input looks alike.
#pragma once

#include <cstddef>

namespace aa::fuzz {

void start_run();
// True when this run reached an edge, or a count of it, that none did before.
bool reached_something_new();
std::size_t edges_reached();

}  // namespace aa::fuzz
