#include "driver/blob/store.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace aa::blob {
namespace {

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_part(std::string_view part) {
  return !part.empty() && is_lower_alnum(part.front()) && std::ranges::all_of(part, [](char c) {
    return is_lower_alnum(c) || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

void check_key(const Key& key) {
  constexpr std::size_t kNameBytesMax = 200;
  bool good = !key.name.empty() && key.name.size() <= kNameBytesMax;
  for (std::size_t at = 0; good && at <= key.name.size();) {
    const auto end = std::min(key.name.find('/', at), key.name.size());
    good = is_part(std::string_view(key.name).substr(at, end - at));
    at = end + 1;
  }
  if (!good) throw invalid("invalid_blob_key", "A blob's name has parts of a-z, 0-9, . _ -.");
}

std::string read_all(Reader& reader, std::uint64_t max_bytes) {
  const auto size = reader.version().size;
  if (size > max_bytes) {
    throw too_large(
        "blob_too_large",
        fmt::format("The stored file has {} bytes; here at most {} are read.", size, max_bytes));
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  bytes.resize(reader.read_at(0, std::as_writable_bytes(std::span(bytes))));
  return bytes;
}

Version put(Store& store, const Key& key, std::string_view bytes) {
  const auto writer = store.create(key);
  writer->write(std::as_bytes(std::span(bytes)));
  return writer->commit();
}

}  // namespace aa::blob
