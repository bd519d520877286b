#include "driver/blob/chunk_file.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace aa::blob {
namespace {

constexpr std::string_view kMagic = "AABLOB1\n";
enum Kind : std::uint8_t { kChunk = 0, kLastChunk = 1, kHeader = 2 };

Nonce nonce_of(std::string_view prefix, std::uint32_t chunk, Kind kind) {
  Nonce nonce{};
  std::ranges::copy(prefix, nonce.begin());
  for (std::size_t i = 0; i < 4; ++i) {
    nonce[kPrefixBytes + i] = static_cast<std::uint8_t>(chunk >> (24 - 8 * i));
  }
  nonce[kNonceBytes - 1] = kind;
  return nonce;
}

std::string name_of(const Key& key) { return key.organization.str() + "\n" + key.name; }

Secret file_key(const Secret& data_key, std::string_view salt, const Key& key) {
  return derive_key(data_key, salt, "annotateai blob 1\n" + name_of(key));
}

void put_u64(std::span<std::byte> out, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::byte>(value >> (56 - 8 * i));
}
std::uint64_t get_u64(std::span<const std::byte> in) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | static_cast<std::uint8_t>(in[i]);
  return value;
}

std::uint64_t chunks_of(std::uint64_t size) {
  return size == 0 ? 1 : (size + kChunkBytes - 1) / kChunkBytes;
}

}  // namespace

std::uint64_t sealed_size(std::uint64_t size) {
  return kHeaderBytes + size + chunks_of(size) * kTagBytes;
}

Error blob_damaged(const Key& key, std::string_view what) {
  return Error(ErrorCode::internal, "blob_damaged",
               "A stored file is damaged and was not read. Restore it from a backup.")
      .with_cause(fmt::format("blob {}/{}: {}", key.organization.str(), key.name, what));
}

ChunkWriter::ChunkWriter(FileSystem& files, File file, const Key& key, const Secret& data_key)
    : files_(files),
      file_(std::move(file)),
      key_(key),
      salt_(random_bytes(kSaltBytes)),
      prefix_(random_bytes(kPrefixBytes)),
      aead_(file_key(data_key, salt_, key)),
      sealed_(kChunkBytes + kTagBytes) {
  pending_.reserve(kChunkBytes);
}

void ChunkWriter::write(std::span<const std::byte> bytes) {
  hash_.update(bytes);
  size_ += bytes.size();
  while (!bytes.empty()) {
    // A full chunk waits until more follows: only then is it known not to be the last.
    if (pending_.size() == kChunkBytes) {
      put_chunk(pending_, false);
      pending_.clear();
    }
    if (pending_.empty() && bytes.size() > kChunkBytes) {
      put_chunk(bytes.first(kChunkBytes), false);
      bytes = bytes.subspan(kChunkBytes);
      continue;
    }
    const auto part = bytes.first(std::min(bytes.size(), kChunkBytes - pending_.size()));
    pending_.insert(pending_.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
  }
}

void ChunkWriter::put_chunk(std::span<const std::byte> plain, bool last) {
  if (chunk_ == std::numeric_limits<std::uint32_t>::max()) {
    throw too_large("blob_too_large", "A stored file can have at most 256 TiB.");
  }
  const auto sealed = std::span(sealed_).first(plain.size() + kTagBytes);
  aead_.seal(nonce_of(prefix_, chunk_, last ? kLastChunk : kChunk), {}, plain, sealed);
  files_.write_at(file_, offset_, sealed);
  offset_ += sealed.size();
  ++chunk_;
}

Version ChunkWriter::finish(const std::string& version_id, Timestamp created_at) {
  put_chunk(pending_, true);
  const Version version{version_id, size_, hash_.finish(), created_at};
  put_header(version);
  files_.sync(file_);
  return version;
}

void ChunkWriter::put_header(const Version& version) {
  std::array<std::byte, kMetadataBytes> plain{};
  put_u64(std::span(plain).first(8), version.size);
  put_u64(std::span(plain).subspan(8, 8), static_cast<std::uint64_t>(version.created_at.micros));
  std::ranges::copy(std::as_bytes(std::span(version.sha256)), plain.begin() + 16);
  std::string head = std::string(kMagic) + salt_ + prefix_;
  const auto plain_head = head.size();
  head.resize(kHeaderBytes);
  aead_.seal(nonce_of(prefix_, 0, kHeader), name_of(key_) + "\n" + version.id, plain,
             std::as_writable_bytes(std::span(head)).subspan(plain_head));
  files_.write_at(file_, 0, std::as_bytes(std::span(head)));
}

ChunkReader::ChunkReader(FileSystem& files, File file, const Key& key,
                         const std::string& version_id,
                         const std::vector<DataKeyVersion>& data_keys)
    : files_(files), file_(std::move(file)), key_(key) {
  read_header(version_id, data_keys);
}

void ChunkReader::read_header(const std::string& version_id,
                              const std::vector<DataKeyVersion>& data_keys) {
  std::string head(kHeaderBytes, '\0');
  const auto bytes = std::as_writable_bytes(std::span(head));
  if (files_.read_at(file_, 0, bytes) != kHeaderBytes) throw blob_damaged(key_, "short header");
  if (!head.starts_with(kMagic)) throw blob_damaged(key_, "no blob file");
  const auto salt = std::string_view(head).substr(kMagic.size(), kSaltBytes);
  prefix_ = head.substr(kMagic.size() + kSaltBytes, kPrefixBytes);
  std::array<std::byte, kMetadataBytes> plain{};
  for (const auto& data_key : data_keys) {
    aead_ = std::make_unique<Aead>(file_key(*data_key.key, salt, key_));
    if (aead_->open(nonce_of(prefix_, 0, kHeader), name_of(key_) + "\n" + version_id,
                    bytes.last(kMetadataBytes + kTagBytes), plain)) {
      data_key_version_ = data_key.version;
      break;
    }
  }
  if (data_key_version_ == 0) throw blob_damaged(key_, "the header does not open");
  version_.id = version_id;
  version_.size = get_u64(plain);
  version_.created_at = {static_cast<std::int64_t>(get_u64(std::span(plain).subspan(8)))};
  std::ranges::copy(std::span(plain).last(32),
                    std::as_writable_bytes(std::span(version_.sha256)).begin());
  if (files_.size(file_) != sealed_size(version_.size)) {
    throw blob_damaged(key_, "the file's length does not fit its header");
  }
  chunk_count_ = static_cast<std::uint32_t>(chunks_of(version_.size));
}

std::size_t ChunkReader::chunk_size(std::uint32_t chunk) const {
  if (chunk + 1 < chunk_count_) return kChunkBytes;
  return static_cast<std::size_t>(version_.size - std::uint64_t{chunk} * kChunkBytes);
}

void ChunkReader::open_chunk(std::uint32_t chunk, std::span<std::byte> plain) {
  sealed_.resize(kChunkBytes + kTagBytes);
  const auto sealed = std::span(sealed_).first(plain.size() + kTagBytes);
  const auto offset = kHeaderBytes + std::uint64_t{chunk} * (kChunkBytes + kTagBytes);
  if (files_.read_at(file_, offset, sealed) != sealed.size()) {
    throw blob_damaged(key_, fmt::format("chunk {} is cut short", chunk));
  }
  ++chunks_opened_;
  const auto kind = chunk + 1 == chunk_count_ ? kLastChunk : kChunk;
  if (!aead_->open(nonce_of(prefix_, chunk, kind), {}, sealed, plain)) {
    throw blob_damaged(key_, fmt::format("chunk {} does not open", chunk));
  }
}

std::size_t ChunkReader::read_at(std::uint64_t offset, std::span<std::byte> bytes) {
  std::size_t done = 0;
  while (done < bytes.size() && offset + done < version_.size) {
    const auto chunk = static_cast<std::uint32_t>((offset + done) / kChunkBytes);
    const auto within = static_cast<std::size_t>((offset + done) % kChunkBytes);
    const auto size = chunk_size(chunk);
    const auto out = bytes.subspan(done);
    if (cached_chunk_ != chunk && within == 0 && out.size() >= size) {
      open_chunk(chunk, out.first(size));
      done += size;
      continue;
    }
    if (cached_chunk_ != chunk) {
      cached_chunk_ = -1;
      cached_.resize(size);
      open_chunk(chunk, cached_);
      cached_chunk_ = chunk;
    }
    const auto count = std::min(size - within, out.size());
    std::ranges::copy(std::span(cached_).subspan(within, count), out.begin());
    done += count;
  }
  return done;
}

}  // namespace aa::blob
