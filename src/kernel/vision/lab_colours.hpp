// CIE L*a*b* of sRGB pixels (D65), where distances are about what people see.
//
// Thread rule: pure function. Errors: none.
#pragma once

#include <vector>

#include "kernel/raster/image.hpp"

namespace aa::vision {

struct Lab {
  float l = 0;
  float a = 0;
  float b = 0;
};

// Row by row. One channel is grey; transparency does not count.
std::vector<Lab> lab_of(const raster::ImageView& image);

inline float distance_squared(const Lab& p, const Lab& q) {
  return (p.l - q.l) * (p.l - q.l) + (p.a - q.a) * (p.a - q.a) + (p.b - q.b) * (p.b - q.b);
}

}  // namespace aa::vision
