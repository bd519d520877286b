#include "service/modelzoo/file_slice.hpp"

#include <algorithm>

namespace aa::modelzoo {
namespace {

constexpr std::uint64_t kPackMax = 512ULL << 20;

}  // namespace

std::uint64_t whole_bytes_max(const ModelFile& file) {
  return file.source.slice ? kPackMax : static_cast<std::uint64_t>(file.size);
}

host::ByteSink slice_of(const ModelFile& file, host::ByteSink sink) {
  if (!file.source.slice) return sink;
  auto skip = static_cast<std::uint64_t>(file.source.slice->offset);
  auto rest = static_cast<std::uint64_t>(file.source.slice->length);
  return [skip, rest, sink = std::move(sink)](std::span<const std::byte> bytes) mutable {
    const auto before = std::min<std::uint64_t>(skip, bytes.size());
    const auto inside = std::min<std::uint64_t>(rest, bytes.size() - before);
    skip -= before;
    rest -= inside;
    if (inside > 0) sink(bytes.subspan(before, inside));
  };
}

}  // namespace aa::modelzoo
