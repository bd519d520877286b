#include "service/search/embedding_table.hpp"

#include <bit>
#include <cstring>

#include "service/search/statements.hpp"

namespace aa::search {
namespace {

static_assert(std::endian::native == std::endian::little, "vectors are stored little-endian");

struct EmbeddingRow {
  std::int64_t sequence = 0;
  std::string subject;
  AssetId asset_id;
  std::string content;
  std::int64_t picture_hash = 0;
  db::Blob vector;
};
BOOST_DESCRIBE_STRUCT(EmbeddingRow, (),
                      (sequence, subject, asset_id, content, picture_hash, vector))

db::Blob to_blob(const std::vector<float>& vector) {
  db::Blob out(vector.size() * sizeof(float));
  std::memcpy(out.data(), vector.data(), out.size());
  return out;
}

std::vector<StoredEmbedding> to_embeddings(const db::Rows& rows) {
  std::vector<StoredEmbedding> out;
  out.reserve(rows.size());
  for (auto& row : rows.as<EmbeddingRow>()) {
    const auto subject = Uuid::parse(row.subject);
    if (!subject || row.vector.size() % sizeof(float) != 0) {
      throw internal_error("a damaged row in embeddings");
    }
    StoredEmbedding one;
    one.sequence = row.sequence;
    one.subject = *subject;
    one.asset_id = row.asset_id;
    one.content = std::move(row.content);
    one.picture_hash = static_cast<std::uint64_t>(row.picture_hash);
    one.vector.resize(row.vector.size() / sizeof(float));
    std::memcpy(one.vector.data(), row.vector.data(), row.vector.size());
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Task<> EmbeddingTable::put(db::Transaction& transaction, OrganizationId organization, SetKey set,
                           StoredEmbedding embedding) {
  const auto now = clock_.now();
  const auto taken = co_await transaction.exec(
      sql::take_sequence, db::args(organization, set.project, set.model_version, set.kind,
                                   embedding.vector.size(), now));
  if (taken.one().get<std::size_t>("dims") != embedding.vector.size()) {
    throw invalid("bad_vector", "The features of " + set.model_version + " have " +
                                    std::to_string(embedding.vector.size()) +
                                    " numbers; those stored before have " +
                                    std::to_string(taken.one().get<std::size_t>("dims")) + ".");
  }
  co_await transaction.exec(
      sql::put_embedding,
      db::args(embedding.subject, set.model_version, set.kind, organization, set.project,
               embedding.asset_id, taken.one().get<std::int64_t>("head"), embedding.content,
               embedding.asset_revision, static_cast<std::int64_t>(embedding.picture_hash),
               to_blob(embedding.vector), now));
}

Task<> EmbeddingTable::forget_objects(db::Transaction& transaction, OrganizationId organization,
                                      AssetId asset, std::string model_version) {
  co_await transaction.exec(sql::delete_objects, db::args(asset, organization, model_version));
}

Task<std::vector<StoredEmbedding>> EmbeddingTable::page(OrganizationId organization, SetKey set,
                                                        std::int64_t sequence, int limit) {
  const auto rows = co_await database_.query(
      db::Scope::tenant(organization), sql::page_embeddings,
      db::args(set.project, organization, set.model_version, set.kind, sequence, limit));
  co_return to_embeddings(rows);
}

Task<std::optional<StoredEmbedding>> EmbeddingTable::get(OrganizationId organization, Uuid subject,
                                                         std::string model_version) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::get_embedding,
                                             db::args(subject, organization, model_version));
  auto found = to_embeddings(rows);
  if (found.empty()) co_return std::nullopt;
  co_return std::move(found[0]);
}

Task<std::optional<std::string>> EmbeddingTable::latest_version(OrganizationId organization,
                                                                ProjectId project) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::latest_set,
                                             db::args(project, organization));
  if (rows.empty()) co_return std::nullopt;
  co_return rows[0].get<std::string>("model_version");
}

Task<std::vector<std::string>> EmbeddingTable::stale_assets(OrganizationId organization,
                                                            ProjectId project,
                                                            std::string model_version) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::stale_assets,
                                             db::args(project, organization, model_version));
  std::vector<std::string> out;
  for (const auto& row : rows) out.push_back(row.get<std::string>("id"));
  co_return out;
}

Task<std::pair<std::int64_t, std::int64_t>> EmbeddingTable::indexed_and_total(
    OrganizationId organization, ProjectId project, std::string model_version) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::count_embedded,
                                             db::args(project, organization, model_version));
  co_return std::pair{rows.one().get<std::int64_t>("indexed"),
                      rows.one().get<std::int64_t>("total")};
}

Task<std::vector<AnnotationId>> EmbeddingTable::live_annotations(OrganizationId organization,
                                                                 std::vector<AnnotationId> ids) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::live_annotations,
                                             db::args(organization, json::write(ids)));
  std::vector<AnnotationId> out;
  for (const auto& row : rows) out.push_back(row.get<AnnotationId>("id"));
  co_return out;
}

}  // namespace aa::search
