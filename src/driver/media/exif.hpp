// The one EXIF field that changes pixels: orientation, tag 0x0112 of IFD0 (EXIF 2.32, 4.6.4).
//
// Thread rule: pure. Anything unreadable, and values outside 1..8, count as 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace aa::media {

// `block` is a TIFF structure ("II*" or "MM*"), with or without "Exif\0\0" before it.
int exif_orientation(std::span<const std::byte> block);

// Checked integers of a byte string; out-of-range reads give 0 and clear `ok`.
struct ByteReader {
  std::span<const std::byte> bytes;
  bool big_endian = false;
  bool ok = true;

  std::uint32_t u8(std::size_t at) { return read(at, 1); }
  std::uint32_t u16(std::size_t at) { return read(at, 2); }
  std::uint32_t u32(std::size_t at) { return read(at, 4); }

 private:
  std::uint32_t read(std::size_t at, std::size_t count);
};

}  // namespace aa::media
