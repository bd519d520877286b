// The file format of one blob version: sealed chunks behind a sealed header.
//
//   magic      8   "AABLOB1\n"
//   salt      32   random; the file's own key is HKDF-SHA-256(data key, salt, organisation + name)
//   prefix     7   random start of every nonce
//   sealed    48   size u64, created_at i64 (microseconds), SHA-256 of the plain bytes; with tag 16
//   chunks         64 KiB of plain bytes each (the last one 0..64 KiB), each with tag 16
//
// Integers are big-endian. A nonce is prefix | chunk number u32 | kind (0 chunk, 1 last chunk,
// 2 header), the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizar (CRYPTO 2015): a
// chunk moved, dropped or taken from another file does not open. The header is bound to
// organisation, name and version, so that no whole file stands in for another.
//
// Thread rule: one thread at a time. Errors: internal "blob_damaged".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "driver/blob/aead.hpp"
#include "driver/blob/file_system.hpp"
#include "driver/blob/key_ring.hpp"
#include "driver/blob/store.hpp"

namespace aa::blob {

inline constexpr std::size_t kChunkBytes = 64 * 1024;
inline constexpr std::size_t kSaltBytes = 32;
inline constexpr std::size_t kPrefixBytes = 7;
inline constexpr std::size_t kMetadataBytes = 48;
inline constexpr std::size_t kHeaderBytes =
    8 + kSaltBytes + kPrefixBytes + kMetadataBytes + kTagBytes;

// Length of the file that holds `size` plain bytes.
std::uint64_t sealed_size(std::uint64_t size);

Error blob_damaged(const Key& key, std::string_view what);

// Streams plain bytes into `file`, from behind the place of the header on.
class ChunkWriter {
 public:
  ChunkWriter(FileSystem& files, File file, const Key& key, const Secret& data_key);

  void write(std::span<const std::byte> bytes);
  std::uint64_t size() const { return size_; }
  // Seals the last chunk, then the header for this version, and makes the file durable.
  Version finish(const std::string& version_id, Timestamp created_at);

 private:
  void put_chunk(std::span<const std::byte> plain, bool last);
  void put_header(const Version& version);

  FileSystem& files_;
  File file_;
  Key key_;
  std::string salt_;
  std::string prefix_;
  Aead aead_;
  Sha256 hash_;
  std::vector<std::byte> pending_;
  std::vector<std::byte> sealed_;
  std::uint64_t size_ = 0;
  std::uint64_t offset_ = kHeaderBytes;
  std::uint32_t chunk_ = 0;
};

class ChunkReader final : public Reader {
 public:
  // With whichever of the keys opens the header.
  ChunkReader(FileSystem& files, File file, const Key& key, const std::string& version_id,
              const std::vector<DataKeyVersion>& data_keys);

  const Version& version() const override { return version_; }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) override;
  std::uint64_t chunks_opened() const { return chunks_opened_; }  // decryptions so far
  std::uint32_t data_key_version() const { return data_key_version_; }

 private:
  void read_header(const std::string& version_id, const std::vector<DataKeyVersion>& data_keys);
  std::size_t chunk_size(std::uint32_t chunk) const;
  void open_chunk(std::uint32_t chunk, std::span<std::byte> plain);

  FileSystem& files_;
  File file_;
  Key key_;
  Version version_;
  std::string prefix_;
  std::unique_ptr<Aead> aead_;
  std::uint32_t data_key_version_ = 0;
  std::uint32_t chunk_count_ = 0;
  std::vector<std::byte> sealed_;
  std::vector<std::byte> cached_;
  std::int64_t cached_chunk_ = -1;
  std::uint64_t chunks_opened_ = 0;
};

}  // namespace aa::blob
