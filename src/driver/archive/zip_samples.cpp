#include "driver/archive/zip_samples.hpp"

#include <random>

#include "driver/archive/zip_writer.hpp"

namespace aa::archive {
namespace {

void append(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((number >> (8 * i)) & 0xFF);
}

std::uint32_t size32(std::string_view text) { return static_cast<std::uint32_t>(text.size()); }

std::string local_header(const RawEntry& entry) {
  const auto name = entry.local_name.value_or(entry.name);
  std::string out = "PK\x03\x04";
  append(out, 20, 2);
  append(out, entry.flags, 2);
  append(out, entry.method, 2);
  append(out, 0, 4);
  append(out, entry.crc.value_or(crc32_of(entry.content)), 4);
  append(out, entry.packed_size.value_or(size32(entry.content)), 4);
  append(out, entry.local_size.value_or(entry.size.value_or(size32(entry.content))), 4);
  append(out, name.size(), 2);
  append(out, 0, 2);
  return out + name;
}

std::string row(const RawEntry& entry, std::uint64_t offset) {
  std::string out = "PK\x01\x02";
  append(out, (3U << 8) | 20, 2);
  append(out, 20, 2);
  append(out, entry.flags, 2);
  append(out, entry.method, 2);
  append(out, 0, 4);
  append(out, entry.crc.value_or(crc32_of(entry.content)), 4);
  append(out, entry.packed_size.value_or(size32(entry.content)), 4);
  append(out, entry.size.value_or(size32(entry.content)), 4);
  append(out, entry.name.size(), 2);
  append(out, entry.extra.size(), 2);
  append(out, 0, 6);
  append(out, static_cast<std::uint64_t>(entry.mode) << 16, 4);
  append(out, entry.local_offset.value_or(static_cast<std::uint32_t>(offset)), 4);
  return out + entry.name + entry.extra;
}

void append_zip64_end(std::string& out, std::uint64_t entries, std::uint64_t size,
                      std::uint64_t offset) {
  const auto here = out.size();
  out += "PK\x06\x06";
  append(out, 44, 8);
  append(out, 45, 2);
  append(out, 45, 2);
  append(out, 0, 8);
  append(out, entries, 8);
  append(out, entries, 8);
  append(out, size, 8);
  append(out, offset, 8);
  out += "PK\x06\x07";
  append(out, 0, 4);
  append(out, here, 8);
  append(out, 1, 4);
}

}  // namespace

std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string out(size, '\0');
  for (auto& c : out) c = static_cast<char>(random());
  return out;
}

std::uint32_t crc32_of(std::string_view text) {
  std::uint32_t crc = 0xFFFF'FFFF;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB8'8320U : 0U);
  }
  return ~crc;
}

std::string raw_zip(const std::vector<RawEntry>& entries, const RawEnd& end) {
  std::string out;
  std::string directory;
  for (const auto& entry : entries) {
    directory += row(entry, out.size());
    out += local_header(entry) + entry.content;
  }
  const auto offset = out.size();
  out += directory;
  if (end.zip64) {
    append_zip64_end(out, end.zip64_entries.value_or(entries.size()), directory.size(), offset);
  }
  out += "PK\x05\x06";
  append(out, 0, 4);
  const auto count = end.zip64 ? 0xFFFF : end.entries.value_or(entries.size());
  append(out, count, 2);
  append(out, count, 2);
  append(out, end.zip64 ? 0xFFFF'FFFF : directory.size(), 4);
  append(out, end.zip64 ? 0xFFFF'FFFF : offset, 4);
  append(out, end.comment_bytes.value_or(static_cast<std::uint16_t>(end.comment.size())), 2);
  return out + end.comment;
}

std::string packed_zip(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string out;
  ZipWriter zip([&out](std::span<const std::byte> bytes) {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  for (const auto& [path, bytes] : files) zip.add(path, bytes, Packing::deflate);
  zip.close();
  return out;
}

}  // namespace aa::archive
