// Files out of a gzipped tar, as package registries give them; nothing else of it is written.
//
// Only a regular file counts: links, devices and folders of the name asked for are as good as
// absent. A name matches byte for byte, so "../x" and "/x" match nothing that is asked for.
// Limits: kUnpackedMax bytes and kMembersMax members are looked at, `max_bytes` of the member
// itself. Thread rule: any thread; blocks. Errors: not_found "no_such_member"; malformed
// "malformed_tarball" (truncated, no tarball); too_large "tarball_too_large".
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>

namespace aa::host {

inline constexpr std::uint64_t kUnpackedMax = 4ULL << 30;
inline constexpr std::size_t kMembersMax = 100'000;

using ByteSink = std::function<void(std::span<const std::byte>)>;

void read_tarball_member(const std::filesystem::path& tarball, const std::string& member,
                         std::uint64_t max_bytes, const ByteSink& sink);

// Several in one pass, in the order in which they lie there; `members` gives the most bytes of
// each. Reading ends when all were seen; of two of one name the first counts.
using MemberSink = std::function<void(const std::string& member, std::span<const std::byte> bytes)>;
void read_tarball_members(const std::filesystem::path& tarball,
                          std::map<std::string, std::uint64_t> members, const MemberSink& sink);

}  // namespace aa::host
