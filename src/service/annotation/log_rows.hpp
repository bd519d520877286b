// Rows of the operation log and of its head, and the hash that chains them. Private to the module.
//
// The chain of an asset: hash(n) = SHA-256(hash(n-1) || asset || revision || id || actor ||
// microseconds || body), and the model run behind it where there is one; hex, empty before the
// first (docs/architecture.md, "Audit").
//
// Thread rule: values; pure functions. Errors: those of read_operation() for a damaged body.
#pragma once

#include "driver/db/row.hpp"
#include "service/annotation/annotation_types.hpp"

namespace aa::annotation {

struct HeadRow {
  std::int64_t revision = 0;
  std::string log_hash;
  Timestamp anchored_at;
};
BOOST_DESCRIBE_STRUCT(HeadRow, (), (revision, log_hash, anchored_at))

struct BodyRow {
  AnnotationId id;
  AssetId asset_id;
  std::string body;
};
BOOST_DESCRIBE_STRUCT(BodyRow, (), (id, asset_id, body))

struct LogRow {
  std::int64_t revision = 0;
  OperationId id;
  std::string body;
  document::Source source = document::Source::manual;
  UserId actor_id;
  Timestamp created_at;
  std::optional<JobId> run;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(LogRow, (), (revision, id, body, source, actor_id, created_at, run, hash))

std::string chain(const std::string& previous, AssetId asset, const LogRow& row);
StoredOperation stored_of(const LogRow& row);
std::vector<StoredOperation> stored_of(const db::Rows& rows);
document::Annotation parse_annotation(const std::string& body);

// Texts as a JSON list for the database: ["...","..."].
template <class Ids>
std::string id_list(const Ids& ids) {
  std::string out = "[";
  for (const auto& id : ids) {
    if (out.size() > 1) out += ',';
    json::append_string(out, id.str());
  }
  return out + "]";
}

}  // namespace aa::annotation
