#include "driver/archive/zip_fuzz.hpp"

#include <stdexcept>

#include "driver/archive/zip_name.hpp"
#include "driver/archive/zip_reader.hpp"

namespace aa::archive {

void fuzz_zip(std::string_view bytes) {
  const ZipLimits limits{
      .entries = 100, .entry_bytes = 1 << 20, .total_bytes = 4 << 20, .ratio_floor = 1 << 20};
  try {
    const ZipReader zip(std::make_shared<TextSource>(std::string(bytes)), limits);
    zip.verify();
    for (const auto& entry : zip.entries()) {
      if (zip_path(entry.path, true) != entry.path) throw std::logic_error("an unsafe path");
      if (zip.read_all(entry, limits.entry_bytes).size() != entry.size) {
        throw std::logic_error("an entry of another size");
      }
    }
  } catch (const Error&) {
  }
}

}  // namespace aa::archive
