// Blobs: immutable, versioned, encrypted byte strings.
//
// Each write makes a new version of its key; older versions can be listed, read and restored until
// they are removed. Contents are streamed, hashed (SHA-256 of the plain bytes) and encrypted with
// AES-256-GCM in framed chunks under the organisation's data key, so that a range is read by
// decrypting only the chunks it touches, and a flipped byte, a swapped or a missing chunk is
// detected (Error internal, slug "blob_damaged").
//
// Thread rule: Store may be shared; a Writer or Reader belongs to one thread at a time. All calls
// block on disk: call them on the blocking or compute executor, never on io.
// Errors: not_found, out_of_space, internal (blob_damaged), invalid_argument (a bad key).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/hash.hpp"
#include "base/id.hpp"

namespace aa::blob {

// `name` is made by us, never by a user: [a-z0-9][a-z0-9._-]* parts joined by '/', at most 200
// characters, no part "." or "..".
struct Key {
  OrganizationId organization;
  std::string name;
};

struct Version {
  std::string id;          // opaque; newer versions sort after older ones
  std::uint64_t size = 0;  // plain bytes
  Digest sha256{};         // of the plain bytes
  Timestamp created_at;
};

class Writer {
 public:
  virtual ~Writer() = default;  // forgets everything unless committed
  virtual void write(std::span<const std::byte> bytes) = 0;
  virtual std::uint64_t size() const = 0;
  // Makes the bytes durable (fsync of file and folder) and current for the key. Once.
  virtual Version commit() = 0;
};

class Reader {
 public:
  virtual ~Reader() = default;
  virtual const Version& version() const = 0;
  // Reads up to bytes.size() from `offset`; returns how many (0 at the end).
  virtual std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  virtual std::unique_ptr<Writer> create(const Key& key) = 0;
  // The current version, or the named one.
  virtual std::unique_ptr<Reader> open(const Key& key,
                                       const std::optional<std::string>& version = {}) = 0;
  virtual std::vector<Version> versions(const Key& key) = 0;  // oldest first; empty when absent
  // Makes an older version's bytes the current ones, as a new version.
  virtual Version restore(const Key& key, const std::string& version) = 0;
  virtual void remove(const Key& key) = 0;  // all versions; absent is fine
  // Its key first, then its blobs; nothing can be stored for it again.
  virtual void destroy_organization(OrganizationId organization) = 0;
  // For whoever looks for what nothing refers to: organisations that have blobs, and the next parts
  // of the names that begin with `folder` and a '/'.
  virtual std::vector<OrganizationId> organizations() = 0;
  virtual std::vector<std::string> names(OrganizationId organization,
                                         const std::string& folder) = 0;
  // No other process had the store open when this one opened it.
  virtual bool opened_alone() const { return false; }
  // False for good once a write could not be made durable: take the node out of ready.
  virtual bool healthy() const { return true; }
};

void check_key(const Key& key);  // throws invalid_argument for a bad name
std::string read_all(Reader& reader, std::uint64_t max_bytes);  // Error too_large beyond
Version put(Store& store, const Key& key, std::string_view bytes);

}  // namespace aa::blob
