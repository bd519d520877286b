// The master key of an installation, in versions: what wraps data keys and seals the installation's
// own secrets (AES-256-GCM, bound to a text and to the version).
//
// The file holds one line per version, "VERSION:BASE64" or, for version 1, plain "BASE64", of 32
// bytes each; lines starting with '#' are skipped. The highest version wraps, older ones still
// unwrap. It is made at the first start with mode 0600. Another process may add a version at any
// time: the file is read again before something is wrapped and when a version is not known.
//
// Thread rule: may be shared. Blocks on disk.
// Errors (invalid_argument): "master_key_missing" while wrapped keys exist, "master_key_exposed"
// when group or others have any permission, "master_key_invalid" when the file cannot be parsed.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "driver/blob/aead.hpp"
#include "driver/blob/file_system.hpp"

namespace aa::blob {

struct WrappedValue {
  std::uint32_t master = 0;  // version of the master key
  Nonce nonce{};
  std::string bytes;
};

class MasterKeys {
 public:
  // Makes the file when it is absent, unless `must_exist`.
  MasterKeys(FileSystem& files, std::filesystem::path file, bool must_exist);

  const std::filesystem::path& file() const { return file_; }
  std::uint32_t newest();
  WrappedValue wrap(const std::string& binding, const Secret& plain);
  // Nothing when the version is not there or the bytes are not what was wrapped.
  std::optional<Secret> unwrap(const std::string& binding, const WrappedValue& wrapped);

  // Small secrets of the installation, as text: "VERSION.NONCE.BYTES".
  std::string seal(std::string_view purpose, const Secret& plain);
  Secret open(std::string_view purpose, std::string_view sealed);  // internal "sealed_damaged"
  static std::uint32_t version_of(std::string_view sealed);        // 0 when it is none

  // A new version, durable in the file when it returns.
  std::uint32_t add();
  // Takes older versions out of the file: what they wrapped is lost, here and in backups.
  void keep_only_newest();

 private:
  using Keys = std::map<std::uint32_t, Secret>;
  Secret read_file();
  Keys parse(std::string_view text) const;
  void read_again();
  void make_file();
  void write_whole(const Secret& text);

  FileSystem& files_;
  const std::filesystem::path file_;
  std::mutex mutex_;
  Keys keys_;
};

}  // namespace aa::blob
