#include <cstddef>
namespace aa::pch {
extern const std::size_t kUnused;
const std::size_t kUnused = 0;
}  // namespace aa::pch
