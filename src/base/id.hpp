// Identifiers: UUIDs (RFC 9562), version 7 when made by us, and strong types over them.
//
// Thread rule: values. `IdSource` may be shared between threads.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace aa {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  // Accepts the 36-character form, either case; nullopt for anything else.
  static std::optional<Uuid> parse(std::string_view text);
  std::string str() const;  // lower case
  int version() const { return bytes[6] >> 4; }
  bool operator==(const Uuid&) const = default;
  // libc++ 14 has no ordering of arrays, so it is not left to the compiler.
  std::strong_ordering operator<=>(const Uuid& other) const {
    return std::memcmp(bytes.data(), other.bytes.data(), bytes.size()) <=> 0;
  }
};

// A UUID that cannot be mistaken for that of another kind of thing.
template <class Tag>
struct Id {
  Uuid uuid;

  static std::optional<Id> parse(std::string_view text) {
    const auto parsed = Uuid::parse(text);
    if (!parsed) return std::nullopt;
    return Id{*parsed};
  }
  std::string str() const { return uuid.str(); }
  auto operator<=>(const Id&) const = default;
};

using OrganizationId = Id<struct OrganizationTag>;
using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using ProjectId = Id<struct ProjectTag>;
using LabelId = Id<struct LabelTag>;
using AssetId = Id<struct AssetTag>;
using AnnotationId = Id<struct AnnotationTag>;
using OperationId = Id<struct OperationTag>;
using StepId = Id<struct StepTag>;
using SuggestionId = Id<struct SuggestionTag>;
using JobId = Id<struct JobTag>;
using ThreadId = Id<struct ThreadTag>;
using CommentId = Id<struct CommentTag>;
using MentionId = Id<struct MentionTag>;

// Makes UUIDv7: 48 bits of Unix milliseconds, a 12-bit counter that keeps ids of one millisecond
// in order (RFC 9562, section 6.2, method 1), 62 random bits.
class IdSource {
 public:
  explicit IdSource(const Clock& clock);             // seeded by the operating system
  IdSource(const Clock& clock, std::uint64_t seed);  // replayable, for tests
  Uuid next();
  template <class IdType>
  IdType next_as() {
    return IdType{next()};
  }

 private:
  const Clock& clock_;
  std::mutex mutex_;
  std::mt19937_64 random_;
  std::int64_t last_ms_ = 0;
  std::uint16_t counter_ = 0;
};

}  // namespace aa

template <>
struct std::hash<aa::Uuid> {
  std::size_t operator()(const aa::Uuid& id) const noexcept {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const auto byte : id.bytes) h = (h ^ byte) * 0x100000001b3ULL;
    return static_cast<std::size_t>(h);
  }
};
template <class Tag>
struct std::hash<aa::Id<Tag>> {
  std::size_t operator()(const aa::Id<Tag>& id) const noexcept {
    return std::hash<aa::Uuid>{}(id.uuid);
  }
};
