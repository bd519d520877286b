// Assets service: takes files in, keeps them encrypted, and gives pixels out.
//
// A file streams into the blob store while it is hashed; then it is sniffed by content, checked
// against the limits from its header alone, decoded, turned upright and thumbnailed. Only then does
// its row exist: a rejected file leaves nothing behind, and the others of the same upload are kept.
//
// Thread rule: shared by all coroutines; an Upload belongs to one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/runtime/executors.hpp"
#include "driver/blob/sweep.hpp"
#include "driver/db/database.hpp"
#include "driver/media/decode_budget.hpp"
#include "driver/media/image_codec.hpp"
#include "kernel/raster/image.hpp"
#include "service/assets/asset_types.hpp"
#include "service/assets/recent_marks.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/metering/metering.hpp"
#include "service/projects/projects.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::archive {
class ZipReader;
}

namespace aa::assets {

using runtime::Task;

class Assets;

// asset_blocks counts the assets among so many ranks.
inline constexpr std::int64_t kBlockRanks = 1024;

// Files of one request, in order. Decoding overlaps with receiving; results keep the order.
//
// A file that begins like a zip is kept aside until it is whole and checked (driver/archive). A
// zip that lies anywhere or holds anything hostile is rejected as one file, and nothing of it is
// kept; of a sound one each entry is a file in its place, named by its path in the zip, and in
// rejections by "photos.zip/path". Zips inside are not opened; folders and what file managers leave
// behind are passed over.
class Upload {
 public:
  ~Upload();
  Task<> begin(std::string filename);
  Task<> write(std::span<const std::byte> bytes);
  Task<> end();                 // of the file begun last
  Task<UploadResult> finish();  // waits for what is still being decoded

  struct State;  // upload_state.hpp, private to the module

 private:
  friend class Assets;
  explicit Upload(std::shared_ptr<State> state);
  Task<> begin_in(std::string filename, std::string inside, AssetId id);
  Task<> unpack();  // the file begun last, which is a zip
  Task<std::shared_ptr<archive::ZipReader>> checked_zip(std::shared_ptr<blob::Writer> writer,
                                                        AssetId id);
  Task<> take_entries(std::shared_ptr<archive::ZipReader> zip, std::string zip_name,
                      std::size_t slot);
  std::shared_ptr<State> state_;
};

class Assets final : public projects::Listener {
 public:
  Assets(db::Database& database, blob::Store& blobs, media::DecodeBudget& budget,
         audit::Trail& trail, projects::Projects& projects, metering::Metering& metering,
         const Clock& clock, IdSource& ids, runtime::Executors& executors);

  // Error not_found when the project is absent or another tenant's; out_of_space "quota_storage" or
  // too_large "quota_assets" when the organisation has no room for one more file.
  Task<Upload> upload(tenancy::Tenant tenant, ProjectId project);

  Task<Asset> get(tenancy::Tenant tenant, AssetId id);
  // By rank, those after `after_rank`, at most `limit`.
  Task<std::vector<Asset>> list(tenancy::Tenant tenant, ProjectId project, std::int64_t after_rank,
                                int limit);
  // Those that pass the filter, in an order; and how many pass. Takes as long wherever the page
  // begins; a far position of some is looked up once in RecentMarks::kLife.
  Task<std::vector<Asset>> page(tenancy::Tenant tenant, ProjectId project, AssetFilter filter,
                                AssetOrder order, PageStart start, int limit);
  // Every thousandth (kMarkEvery) of those that pass: from one of them on, any position is near.
  Task<std::vector<AssetKey>> marks(tenancy::Tenant tenant, ProjectId project, AssetFilter filter,
                                    AssetOrder order);
  Task<std::int64_t> count(tenancy::Tenant tenant, ProjectId project, AssetFilter filter);
  // Objects of each label, and images that have some.
  Task<Histogram> histogram(tenancy::Tenant tenant, ProjectId project);
  Task<AssetDetail> detail(tenancy::Tenant tenant, AssetId id);
  // `if_revision` is the note's. Error precondition_failed "revision_differs".
  Task<AssetDetail> patch(tenancy::Tenant tenant, AssetId id, PatchAsset change,
                          std::optional<std::int64_t> if_revision);
  Task<> remove(tenancy::Tenant tenant, AssetId id);
  Task<Deleted> remove_many(tenancy::Tenant tenant, ProjectId project, DeleteAssets request);

  Task<std::shared_ptr<blob::Reader>> content(tenancy::Tenant tenant, AssetId id);
  Task<std::vector<blob::Version>> versions(tenancy::Tenant tenant, AssetId id);
  Task<Asset> replace_content(tenancy::Tenant tenant, AssetId id, std::string bytes);
  Task<Asset> restore(tenancy::Tenant tenant, AssetId id, std::string version);
  Task<std::string> thumbnail(tenancy::Tenant tenant, AssetId id, ThumbnailSize size);  // JPEG

  // The organisation's quotas leave room for a file of this size.
  Task<> require_room(OrganizationId organization, std::int64_t bytes);
  // What a deleted project held is used no more.
  Task<> removed(db::Transaction& transaction, OrganizationId organization,
                 ProjectId project) override;

  blob::OwnedFolder blob_folder();
  // For imports: takes one file in under an id that follows from what it is, so that taking it
  // again gives back the asset that is there. `next` fills a buffer, 0 at the end; it may block.
  // Throws why the file is refused.
  Task<Asset> take_for(audit::Actor actor, ProjectId project, AssetId id, std::string filename,
                       std::function<std::size_t(std::span<std::byte>)> next);

  // For an upload that came in pieces: its assets have ids that follow from `seed`, so that taking
  // it in again makes nothing double.
  Task<Upload> upload_for(audit::Actor actor, ProjectId project, Uuid seed);
  // For measurements: copies of the project's images in turn, which share their bytes.
  Task<> copy_for(OrganizationId organization, ProjectId project, std::int64_t count);
  // For whoever took in so many: when they are very many, the database looks at its table anew.
  Task<> took_in(std::size_t count);

  // For workers and models, which act on an organisation's behalf.
  Task<Asset> get_for(OrganizationId organization, AssetId id);
  // Those of the ids that are there.
  Task<std::map<AssetId, Asset>> find_for(OrganizationId organization, std::vector<AssetId> ids);
  Task<std::vector<Asset>> list_for(OrganizationId organization, ProjectId project,
                                    std::int64_t after_rank, int limit);
  Task<std::string> bytes_for(OrganizationId organization, AssetId id);
  // How often the asset's comments changed. raise_...() counts one more change, in the caller's
  // transaction, and from there on keeps others from commenting on the asset until it ends.
  Task<std::int64_t> comments_revision_for(OrganizationId organization, AssetId id);
  Task<std::int64_t> raise_comments_revision(db::Transaction& transaction,
                                             OrganizationId organization, AssetId id);
  // Decoded upright, on the compute executor, within the decode budget.
  Task<std::shared_ptr<const raster::Image>> pixels_for(OrganizationId organization, AssetId id);

 private:
  friend class Upload;
  friend struct UploadSettler;
  // What became of a file that passed every check.
  struct Prepared {
    media::ImageInfo info;
    std::string small;  // JPEG
    std::string large;
  };
  static constexpr std::int64_t kAnyRevision = -1;
  static std::string original_name(AssetId id);
  static Asset asset_of(const media::ImageInfo& info);
  Task<Prepared> prepare(std::string bytes);
  Task<> keep(OrganizationId organization, AssetId id, std::shared_ptr<blob::Writer> original,
              std::shared_ptr<Prepared> prepared);
  Task<> forget(OrganizationId organization, AssetId id);
  Task<Asset> insert(tenancy::Tenant tenant, Asset asset);
  Task<PageStart> near(tenancy::Tenant tenant, RecentMarks::List list, std::int64_t position);
  Task<Marks> find_marks(tenancy::Tenant tenant, RecentMarks::List list);
  Task<std::vector<Asset>> page_of_all(tenancy::Tenant tenant, ProjectId project, AssetOrder order,
                                       std::int64_t position, int limit);
  Task<std::vector<Asset>> page_by_name(tenancy::Tenant tenant, ProjectId project,
                                        std::int64_t position, int limit);
  Task<bool> remove_in(db::Transaction& transaction, tenancy::Tenant tenant, AssetId id);
  // Whose bytes an asset shows: its own, or those of the one it is a copy of.
  Task<AssetId> content_id(OrganizationId organization, AssetId id);
  Task<std::set<std::string>> known(OrganizationId organization, blob::Names names);
  Task<Asset> refresh(tenancy::Tenant tenant, AssetId id, std::string action);
  Task<std::shared_ptr<blob::Reader>> open(OrganizationId organization, std::string name);
  Task<std::string> read(OrganizationId organization, std::string name, std::uint64_t max_bytes);

  db::Database& database_;
  blob::Store& blobs_;
  media::DecodeBudget& budget_;
  audit::Trail& trail_;
  projects::Projects& projects_;
  metering::Metering& metering_;
  const Clock& clock_;
  IdSource& ids_;
  runtime::Executors& executors_;
  RecentMarks recent_marks_;
};

}  // namespace aa::assets
