// Problems of single items on stderr, one line each.
#pragma once

#include "kernel/formats/formats.hpp"

namespace aa::app {

// Returns the exit code: 0 without problems, else kSomeSkipped.
int report_problems(const formats::Problems& problems);

}  // namespace aa::app
