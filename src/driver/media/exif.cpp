#include "driver/media/exif.hpp"

#include <algorithm>
#include <cstring>

namespace aa::media {

std::uint32_t ByteReader::read(std::size_t at, std::size_t count) {
  if (at > bytes.size() || bytes.size() - at < count) {
    ok = false;
    return 0;
  }
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto byte = static_cast<std::uint32_t>(bytes[at + (big_endian ? i : count - 1 - i)]);
    value = value << 8 | byte;
  }
  return value;
}

int exif_orientation(std::span<const std::byte> block) {
  constexpr std::size_t kMarkBytes = 6;
  constexpr std::uint32_t kEntriesMax = 1000;
  if (block.size() > kMarkBytes && std::memcmp(block.data(), "Exif\0\0", kMarkBytes) == 0) {
    block = block.subspan(kMarkBytes);
  }
  ByteReader in{block};
  const auto order = in.u16(0);
  if (order != 0x4949 && order != 0x4D4D) return 1;
  in.big_endian = order == 0x4D4D;
  if (in.u16(2) != 42) return 1;
  const std::size_t folder = in.u32(4);
  const auto entries = std::min(in.u16(folder), kEntriesMax);
  for (std::size_t i = 0; i < entries && in.ok; ++i) {
    const auto entry = folder + 2 + i * 12;
    if (in.u16(entry) != 0x0112) continue;
    const auto type = in.u16(entry + 2);
    const auto value = type == 3 ? in.u16(entry + 8) : type == 4 ? in.u32(entry + 8) : 0;
    return in.ok && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace aa::media
