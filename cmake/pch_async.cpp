#include <cstddef>
namespace aa::pch {
extern const std::size_t kAsync;
const std::size_t kAsync = 0;
}  // namespace aa::pch
