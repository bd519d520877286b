// The tables of embeddings (migration "embeddings").
//
// Every write of a set takes the set's next number while it holds the set's row, so numbers appear
// in order of commits and a reader that remembers the last one misses nothing.
//
// Thread rule: shared by all coroutines. Errors: invalid_argument "bad_vector" (a set holds vectors
// of one length); internal for a damaged row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "driver/db/database.hpp"
#include "service/search/search_types.hpp"

namespace aa::search {

using runtime::Task;

// One set: features that can be compared with each other.
struct SetKey {
  SetKey(ProjectId p, std::string version, SubjectKind k)
      : project(p), model_version(std::move(version)), kind(k) {}
  ProjectId project;
  std::string model_version;
  SubjectKind kind;
  auto operator<=>(const SetKey&) const = default;
};

struct StoredEmbedding {
  std::int64_t sequence = 0;
  Uuid subject;  // asset or annotation
  AssetId asset_id;
  std::string content;  // SHA-256 of the file
  std::uint64_t picture_hash = 0;
  std::int64_t asset_revision = 0;
  std::vector<float> vector;  // of length 1
};

class EmbeddingTable {
 public:
  EmbeddingTable(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // `embedding.sequence` is given here.
  Task<> put(db::Transaction& transaction, OrganizationId organization, SetKey set,
             StoredEmbedding embedding);
  Task<> forget_objects(db::Transaction& transaction, OrganizationId organization, AssetId asset,
                        std::string model_version);
  // Ascending, those after `sequence`.
  Task<std::vector<StoredEmbedding>> page(OrganizationId organization, SetKey set,
                                          std::int64_t sequence, int limit);
  Task<std::optional<StoredEmbedding>> get(OrganizationId organization, Uuid subject,
                                           std::string model_version);
  // The model and version that the project's images were embedded with last.
  Task<std::optional<std::string>> latest_version(OrganizationId organization, ProjectId project);
  // Images without features, or with those of another file or of earlier annotations.
  Task<std::vector<std::string>> stale_assets(OrganizationId organization, ProjectId project,
                                              std::string model_version);
  Task<std::pair<std::int64_t, std::int64_t>> indexed_and_total(OrganizationId organization,
                                                                ProjectId project,
                                                                std::string model_version);
  // Those of the annotations that still exist.
  Task<std::vector<AnnotationId>> live_annotations(OrganizationId organization,
                                                   std::vector<AnnotationId> ids);

 private:
  db::Database& database_;
  const Clock& clock_;
};

}  // namespace aa::search
