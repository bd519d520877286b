#include "driver/fido/cbor_guard.hpp"

#include <array>
#include <cstdint>

namespace aa::fido {
namespace {

enum Major : std::uint8_t { kBytes = 2, kText = 3, kArray = 4, kMap = 5, kTag = 6 };

struct Head {
  std::uint8_t major = 0;
  std::uint64_t value = 0;
};

std::optional<Head> read_head(std::string_view bytes, std::size_t& at) {
  if (at >= bytes.size()) return std::nullopt;
  const auto first = static_cast<std::uint8_t>(bytes[at++]);
  Head head{static_cast<std::uint8_t>(first >> 5), static_cast<std::uint64_t>(first & 31)};
  if (head.value < 24) return head;
  if (head.value > 27) return std::nullopt;
  const std::size_t count = std::size_t{1} << (head.value - 24);
  if (bytes.size() - at < count) return std::nullopt;
  head.value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    head.value = head.value << 8 | static_cast<std::uint8_t>(bytes[at++]);
  }
  return head;
}

}  // namespace

std::optional<std::size_t> cbor_length(std::string_view bytes) {
  std::array<std::uint64_t, kCborDepth> left{1};  // items to come, by depth
  std::size_t depth = 0;
  std::size_t at = 0;
  for (std::size_t items = 0; items < kCborItems; ++items) {
    const auto head = read_head(bytes, at);
    if (!head || head->major == kTag) return std::nullopt;
    --left[depth];
    if (head->major == kBytes || head->major == kText) {
      if (head->value > bytes.size() - at) return std::nullopt;
      at += head->value;
    }
    if (head->major == kArray || head->major == kMap) {
      if (head->value > kCborItems || ++depth == kCborDepth) return std::nullopt;
      left[depth] = head->major == kMap ? 2 * head->value : head->value;
    }
    while (depth > 0 && left[depth] == 0) --depth;
    if (depth == 0 && left[0] == 0) return at;
  }
  return std::nullopt;
}

}  // namespace aa::fido
