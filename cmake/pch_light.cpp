#include <cstddef>
namespace aa::pch {
extern const std::size_t kLight;
const std::size_t kLight = 0;
}  // namespace aa::pch
