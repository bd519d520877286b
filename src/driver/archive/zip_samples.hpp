// Zips for tests, honest ones and ones that lie: every field of a record can be told otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aa::archive {

// Written as it stands, stored. What is absent is told truly.
struct RawEntry {
  std::string name;
  std::string content;
  std::uint32_t mode = 0100644;  // Unix
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::optional<std::uint32_t> crc{};
  std::optional<std::uint32_t> size{};
  std::optional<std::uint32_t> packed_size{};
  std::optional<std::string> local_name{};
  std::optional<std::uint32_t> local_size{};
  std::optional<std::uint32_t> local_offset{};
  std::string extra{};
};

struct RawEnd {
  std::string comment{};
  std::optional<std::uint16_t> comment_bytes{};
  std::optional<std::uint16_t> entries{};
  bool zip64 = false;
  std::optional<std::uint64_t> zip64_entries{};
};

std::string raw_zip(const std::vector<RawEntry>& entries, const RawEnd& end = {});

// By ZipWriter, deflated.
std::string packed_zip(const std::vector<std::pair<std::string, std::string>>& files);

// Bytes that no packing makes smaller.
std::string noise(std::size_t size);

std::uint32_t crc32_of(std::string_view text);

}  // namespace aa::archive
