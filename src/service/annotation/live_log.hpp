// The operation log for those who keep an asset's document in memory: rooms.
//
// The same log, merging rules, checks, hashes and tables as Annotations::apply_in; other writers
// (REST, imports, other instances) may append at any moment. The order is the database's: an append
// names the revision it stands on and goes through only when that still is the head. When it is
// not, the document is brought up to date and the submissions are transformed and tried again.
//
// Thread rule: a LiveDocument is used by one coroutine at a time. Errors: not_found; those of the
// database, after which the LiveDocument must be dropped and opened again.
#pragma once

#include <memory>
#include <vector>

#include "service/annotation/annotations.hpp"

namespace aa::annotation {

// What one person sends at once. Operations succeed or fall one by one.
struct Submission {
  Author author;
  std::int64_t base_revision = 0;
  std::vector<document::Operation> operations;
};

struct Verdict {
  std::int64_t revision = 0;            // of the document after it
  std::vector<StoredOperation> stored;  // those that were stored before (sent again) included
  std::vector<DroppedOperation> dropped;
  std::optional<Error> refusal;  // the submission as a whole is unreadable; nothing stored
};

class LiveDocument {
 public:
  virtual ~LiveDocument() = default;
  virtual const document::Document& document() const = 0;
  virtual std::int64_t revision() const = 0;
  virtual const assets::Asset& asset() const = 0;
};

struct Appended {
  std::vector<StoredOperation> foreign;  // of other writers, before all of one's own
  std::vector<Verdict> verdicts;         // one per submission, in order
};

class LiveLog {
 public:
  virtual ~LiveLog() = default;
  virtual Task<std::unique_ptr<LiveDocument>> open(OrganizationId organization, AssetId asset) = 0;
  // Durable when it returns.
  virtual Task<Appended> append(LiveDocument& document, std::vector<Submission> submissions) = 0;
  // What others wrote meanwhile; the document then includes it.
  virtual Task<std::vector<StoredOperation>> catch_up(LiveDocument& document) = 0;
  // Operations after `revision`, oldest first, `limit` at most.
  virtual Task<std::vector<StoredOperation>> since(OrganizationId organization, AssetId asset,
                                                   std::int64_t revision, int limit) = 0;
};

// Told after a commit that an asset's log has grown, by whatever way; must not block or throw.
class LogListener {
 public:
  virtual ~LogListener() = default;
  virtual void log_grew(OrganizationId organization, AssetId asset, std::int64_t revision) = 0;
};

}  // namespace aa::annotation
