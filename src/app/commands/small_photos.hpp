// The demo's photos, made small: what fills projects that are there to be measured.
#pragma once

#include <string>
#include <vector>

namespace aa::app {

std::vector<std::string> small_photos();

}  // namespace aa::app
