// Search by content: images like an image, objects like an object, images by words, and groups of
// near-duplicates, within one project.
//
// A job embeds the images of a project and the annotated objects in them, step by step; what is
// there already and still fits is not done again. An image that is asked for before its turn is
// embedded at once. Words need a model that joins images and text: without one they are refused.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; invalid_argument "no_assets", "invalid_query", "no_text_model", "wrong_model",
// "nothing_to_compare"; unavailable "no_embedder"; rate_limited "quota_model_seconds"; those of
// Vision.
#pragma once

#include "driver/db/database.hpp"
#include "service/annotation/annotations.hpp"
#include "service/assets/assets.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/jobs/job_queue.hpp"
#include "service/metering/metering.hpp"
#include "service/projects/projects.hpp"
#include "service/search/embedder.hpp"
#include "service/search/index_shelf.hpp"

namespace aa::search {

inline constexpr std::string_view kEmbedJob = "embed_project";
inline constexpr std::size_t kIndexMemory = 1ULL << 30;

class Search {
 public:
  Search(db::Database& database, audit::Trail& trail, jobs::Queue& jobs,
         projects::Projects& projects, assets::Assets& assets, annotation::Annotations& annotations,
         modelzoo::ModelZoo& models, metering::Metering& metering, const Clock& clock,
         runtime::Executors& executors, std::size_t index_memory = kIndexMemory);

  jobs::Kind job_kind();
  // Nothing to do is told as conflict "up_to_date".
  Task<JobId> start(tenancy::Tenant tenant, ProjectId project, EmbedRequest request);
  Task<EmbeddingStatus> status(tenancy::Tenant tenant, ProjectId project);
  Task<SearchResult> find(tenancy::Tenant tenant, ProjectId project, Query query);
  Task<Duplicates> duplicates(tenancy::Tenant tenant, ProjectId project,
                              std::optional<double> min_similarity);

  // For services that act on an organisation's behalf.
  // The one that the project was embedded with, when it is still installed, or else the best.
  Task<std::shared_ptr<Embedder>> embedder_for(OrganizationId organization, ProjectId project);
  Task<std::shared_ptr<ProjectIndex>> index_for(OrganizationId organization, ProjectId project,
                                                std::string model_version, SubjectKind kind);
  // Computed now, or remembered by the cache of embeddings.
  Task<Features> features_for(OrganizationId organization, std::shared_ptr<Embedder> embedder,
                              assets::Asset asset, std::vector<ObjectRegion> regions,
                              inference::Lane lane);
  // Other images of the project that may show the same, most similar first: who asks makes sure.
  Task<std::vector<Hit>> perhaps_same_scene(OrganizationId organization,
                                            std::shared_ptr<Embedder> embedder, assets::Asset asset,
                                            std::size_t count);

 private:
  Task<> run_job(jobs::Run& run);
  Task<> run_step(jobs::Run& run, std::shared_ptr<Embedder> embedder, jobs::Run::Step step);
  Task<> embed_asset(jobs::Run& run, std::shared_ptr<Embedder> embedder, jobs::Run::Step step);
  Task<std::vector<float>> image_vector(OrganizationId organization,
                                        std::shared_ptr<Embedder> embedder, assets::Asset asset,
                                        const tenancy::Tenant* asking);
  Task<std::vector<float>> object_vector(tenancy::Tenant tenant, std::shared_ptr<Embedder> embedder,
                                         assets::Asset asset, document::Annotation annotation);
  Task<std::vector<FoundImage>> like_image(tenancy::Tenant tenant, ProjectId project,
                                           std::shared_ptr<Embedder> embedder, AssetId id,
                                           int limit);
  Task<std::vector<FoundImage>> images_near(tenancy::Tenant tenant, ProjectId project,
                                            std::shared_ptr<Embedder> embedder,
                                            std::vector<float> unit, int limit);
  Task<std::vector<FoundImage>> like_object(tenancy::Tenant tenant, ProjectId project,
                                            std::shared_ptr<Embedder> embedder, AnnotationId id,
                                            int limit);
  Task<std::vector<Hit>> nearest(std::shared_ptr<ProjectIndex> index, std::vector<float> unit,
                                 std::size_t count);

  EmbeddingTable table_;
  IndexShelf shelf_;
  db::Database& database_;
  audit::Trail& trail_;
  jobs::Queue& jobs_;
  projects::Projects& projects_;
  assets::Assets& assets_;
  annotation::Annotations& annotations_;
  modelzoo::ModelZoo& models_;
  metering::Metering& metering_;
  runtime::Executors& executors_;
};

// Where an annotation's pixels are; nullopt for a shape without extent.
std::optional<ObjectRegion> region_of(const document::Annotation& annotation,
                                      const assets::Asset& asset);

}  // namespace aa::search
