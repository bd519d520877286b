#include "service/assets/assets.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "service/assets/statements.hpp"
#include "service/assets/upload_state.hpp"

namespace aa::assets {
namespace {

constexpr std::uint32_t kSmallSide = 256;
constexpr std::uint32_t kLargeSide = 1024;
constexpr int kThumbnailQuality = 82;
constexpr std::uint64_t kContentBytes = 512ULL << 20;
constexpr std::uint64_t kThumbnailBytes = 8ULL << 20;
constexpr std::chrono::seconds kDecodeWait{30};

// Pixels that hold their part of the decode budget for as long as they live.
struct Leased {
  media::DecodeBudget::Lease lease;
  raster::Image image;
};

std::string thumbnail_name(AssetId id, ThumbnailSize size) {
  return "assets/" + id.str() + (size == ThumbnailSize::small ? "/thumb-256" : "/thumb-1024");
}

// "jpeg", of "image/jpeg".
std::string format_name(media::ImageFormat format) {
  const auto type = media::content_type(format);
  return std::string(type.substr(type.find('/') + 1));
}

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

std::string Assets::original_name(AssetId id) { return "assets/" + id.str() + "/original"; }

Asset Assets::asset_of(const media::ImageInfo& info) {
  Asset asset;
  asset.format = format_name(info.format);
  asset.width = info.width;
  asset.height = info.height;
  asset.orientation = info.orientation;
  return asset;
}

Assets::Assets(db::Database& database, blob::Store& blobs, media::DecodeBudget& budget,
               audit::Trail& trail, projects::Projects& projects, metering::Metering& metering,
               const Clock& clock, IdSource& ids, runtime::Executors& executors)
    : database_(database),
      blobs_(blobs),
      budget_(budget),
      trail_(trail),
      projects_(projects),
      metering_(metering),
      clock_(clock),
      ids_(ids),
      executors_(executors) {}

Task<Upload> Assets::upload(tenancy::Tenant tenant, ProjectId project) {
  tenant.require(tenancy::Permission::asset_write);
  co_await projects_.require(tenant, project);
  co_await require_room(tenant.organization(), 0);
  auto executor = co_await boost::asio::this_coro::executor;
  co_return Upload(std::make_shared<Upload::State>(*this, std::move(tenant), project, executor));
}

// Everything that may refuse a file, in the order of its cost.
Task<Assets::Prepared> Assets::prepare(std::string bytes) {
  auto work = [this, bytes = std::move(bytes)] {
    Prepared out;
    const auto file = as_bytes(bytes);
    out.info = media::probe(file);
    const auto lease = budget_.acquire(out.info.decoded_bytes, clock_.steady() + kDecodeWait);
    const auto image = media::decode(file, {.min_long_side = kLargeSide});
    const auto large = media::thumbnail(image, kLargeSide);
    out.large = media::encode_jpeg(large, kThumbnailQuality);
    out.small = media::encode_jpeg(media::thumbnail(large, kSmallSide), kThumbnailQuality);
    return out;
  };
  co_return co_await runtime::run_on(executors_.compute(), std::move(work));
}

Task<> Assets::keep(OrganizationId organization, AssetId id, std::shared_ptr<blob::Writer> original,
                    std::shared_ptr<Prepared> prepared) {
  auto work = [this, organization, id, original, prepared] {
    if (original) original->commit();
    blob::put(blobs_, {organization, thumbnail_name(id, ThumbnailSize::small)}, prepared->small);
    blob::put(blobs_, {organization, thumbnail_name(id, ThumbnailSize::large)}, prepared->large);
  };
  co_await runtime::run_on(executors_.blocking(), std::move(work));
}

Task<> Assets::forget(OrganizationId organization, AssetId id) {
  auto work = [this, organization, id] {
    blobs_.remove({organization, original_name(id)});
    blobs_.remove({organization, thumbnail_name(id, ThumbnailSize::small)});
    blobs_.remove({organization, thumbnail_name(id, ThumbnailSize::large)});
  };
  co_await runtime::run_on(executors_.blocking(), std::move(work));
}

Task<Asset> Assets::insert(tenancy::Tenant tenant, Asset asset) {
  auto transaction = co_await database_.begin(tenant.scope());
  asset.created_at = clock_.now();
  asset.status = AssetStatus::ready;
  const auto ranked =
      co_await transaction->exec(sql::take_rank, db::args(asset.project_id, tenant.organization()));
  if (ranked.empty()) throw not_found("project");
  asset.rank = ranked[0].get<std::int64_t>("next_rank") - 1;
  co_await transaction->exec(
      sql::insert_asset,
      db::args(asset.id, tenant.organization(), asset.project_id, asset.rank, asset.filename,
               asset.kind, asset.format, asset.width, asset.height, asset.orientation, asset.sha256,
               asset.size_bytes, asset.status, tenant.user(), asset.created_at));
  co_await transaction->exec(sql::add_to_block, db::args(asset.project_id, asset.rank / kBlockRanks,
                                                         tenant.organization()));
  co_await metering_.add_asset(*transaction, tenant.organization(), asset.size_bytes);
  audit::Entry entry{"asset.create", "asset", asset.id.str(), {}};
  entry.detail["sha256"] = asset.sha256;
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return asset;
}

Task<> Assets::require_room(OrganizationId organization, std::int64_t bytes) {
  co_await metering_.require_room(organization, bytes);
}

Task<> Assets::removed(db::Transaction& transaction, OrganizationId organization,
                       ProjectId project) {
  const auto rows = co_await transaction.exec(sql::sum_of_project, db::args(project, organization));
  co_await metering_.take_assets(transaction, organization, rows.one().get<std::int64_t>("assets"),
                                 rows.one().get<std::int64_t>("bytes"));
}

Task<Asset> Assets::get_for(OrganizationId organization, AssetId id) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::get_asset,
                                             db::args(id, organization));
  auto asset = rows.first<Asset>();
  if (!asset) throw not_found("asset");
  co_return std::move(*asset);
}

Task<std::map<AssetId, Asset>> Assets::find_for(OrganizationId organization,
                                                std::vector<AssetId> ids) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::get_assets,
                                             db::args(organization, json::write(ids)));
  std::map<AssetId, Asset> out;
  for (auto& asset : rows.as<Asset>()) out.emplace(asset.id, std::move(asset));
  co_return out;
}

Task<std::int64_t> Assets::comments_revision_for(OrganizationId organization, AssetId id) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization),
                                             sql::comments_revision, db::args(id, organization));
  if (rows.empty()) throw not_found("asset");
  co_return rows[0].get<std::int64_t>("comments_revision");
}

Task<std::int64_t> Assets::raise_comments_revision(db::Transaction& transaction,
                                                   OrganizationId organization, AssetId id) {
  const auto rows =
      co_await transaction.exec(sql::raise_comments_revision, db::args(id, organization));
  if (rows.empty()) throw not_found("asset");
  co_return rows[0].get<std::int64_t>("comments_revision");
}

Task<AssetId> Assets::content_id(OrganizationId organization, AssetId id) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::content_id,
                                             db::args(id, organization));
  if (rows.empty()) throw not_found("asset");
  co_return rows[0].get<AssetId>("id");
}

Task<Asset> Assets::get(tenancy::Tenant tenant, AssetId id) {
  tenant.require(tenancy::Permission::asset_read);
  co_return co_await get_for(tenant.organization(), id);
}

Task<std::vector<Asset>> Assets::list_for(OrganizationId organization, ProjectId project,
                                          std::int64_t after_rank, int limit) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::list_assets,
                                             db::args(project, organization, after_rank, limit));
  co_return rows.as<Asset>();
}

Task<std::vector<Asset>> Assets::list(tenancy::Tenant tenant, ProjectId project,
                                      std::int64_t after_rank, int limit) {
  tenant.require(tenancy::Permission::asset_read);
  co_await projects_.require(tenant, project);
  co_return co_await list_for(tenant.organization(), project, after_rank, limit);
}

Task<> Assets::remove(tenancy::Tenant tenant, AssetId id) {
  tenant.require(tenancy::Permission::asset_delete);
  auto transaction = co_await database_.begin(tenant.scope());
  const bool removed = co_await remove_in(*transaction, tenant, id);
  if (!removed) throw not_found("asset");
  co_await transaction->commit();
}

Task<std::shared_ptr<blob::Reader>> Assets::open(OrganizationId organization, std::string name) {
  auto work = [this, organization, name = std::move(name)] {
    return std::shared_ptr<blob::Reader>(blobs_.open({organization, name}));
  };
  co_return co_await runtime::run_on(executors_.blocking(), std::move(work));
}

Task<std::string> Assets::read(OrganizationId organization, std::string name,
                               std::uint64_t max_bytes) {
  auto work = [this, organization, name = std::move(name), max_bytes] {
    const auto reader = blobs_.open({organization, name});
    return blob::read_all(*reader, max_bytes);
  };
  co_return co_await runtime::run_on(executors_.blocking(), std::move(work));
}

Task<std::shared_ptr<blob::Reader>> Assets::content(tenancy::Tenant tenant, AssetId id) {
  tenant.require(tenancy::Permission::asset_read);
  const auto content = co_await content_id(tenant.organization(), id);
  co_return co_await open(tenant.organization(), original_name(content));
}

Task<std::string> Assets::thumbnail(tenancy::Tenant tenant, AssetId id, ThumbnailSize size) {
  tenant.require(tenancy::Permission::asset_read);
  const auto content = co_await content_id(tenant.organization(), id);
  co_return co_await read(tenant.organization(), thumbnail_name(content, size), kThumbnailBytes);
}

Task<std::vector<blob::Version>> Assets::versions(tenancy::Tenant tenant, AssetId id) {
  const auto asset = co_await get(tenant, id);
  auto work = [this, organization = tenant.organization(), name = original_name(asset.id)] {
    return blobs_.versions({organization, name});
  };
  co_return co_await runtime::run_on(executors_.blocking(), std::move(work));
}

Task<Asset> Assets::replace_content(tenancy::Tenant tenant, AssetId id, std::string bytes) {
  tenant.require(tenancy::Permission::asset_write);
  const auto asset = co_await get(tenant, id);
  const auto probed = media::probe(as_bytes(bytes));
  if (probed.width != asset.width || probed.height != asset.height) {
    throw invalid("size_differs", "The new file must have the size of the old one, " +
                                      std::to_string(asset.width) + " x " +
                                      std::to_string(asset.height) +
                                      " pixels, so that annotations keep their places.");
  }
  auto store = [this, organization = tenant.organization(), name = original_name(id), bytes] {
    blob::put(blobs_, {organization, name}, bytes);
  };
  co_await prepare(bytes);  // refuses what cannot be decoded before anything is kept
  co_await runtime::run_on(executors_.blocking(), std::move(store));
  co_return co_await refresh(std::move(tenant), id, "asset.replace");
}

Task<Asset> Assets::restore(tenancy::Tenant tenant, AssetId id, std::string version) {
  tenant.require(tenancy::Permission::asset_write);
  const auto asset = co_await get(tenant, id);
  auto work = [this, organization = tenant.organization(), name = original_name(asset.id),
               version] {
    blobs_.restore({organization, name}, version);
  };
  co_await runtime::run_on(executors_.blocking(), std::move(work));
  co_return co_await refresh(std::move(tenant), id, "asset.restore");
}

// Brings thumbnails and the row in line with the current bytes.
Task<Asset> Assets::refresh(tenancy::Tenant tenant, AssetId id, std::string action) {
  const auto bytes = co_await read(tenant.organization(), original_name(id), kContentBytes);
  const std::string digest = to_hex(sha256(bytes));
  auto prepared = std::make_shared<Prepared>(co_await prepare(bytes));
  co_await keep(tenant.organization(), id, nullptr, prepared);
  const auto before = co_await get_for(tenant.organization(), id);
  auto transaction = co_await database_.begin(tenant.scope());
  co_await metering_.change_bytes(*transaction, tenant.organization(),
                                  static_cast<std::int64_t>(bytes.size()) - before.size_bytes);
  co_await transaction->exec(sql::update_content,
                             db::args(id, tenant.organization(), format_name(prepared->info.format),
                                      prepared->info.orientation, digest, bytes.size()));
  audit::Entry entry{std::move(action), "asset", id.str(), {}};
  entry.detail["sha256"] = digest;
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return co_await get(tenant, id);
}

Task<std::string> Assets::bytes_for(OrganizationId organization, AssetId id) {
  const auto content = co_await content_id(organization, id);
  co_return co_await read(organization, original_name(content), kContentBytes);
}

Task<std::shared_ptr<const raster::Image>> Assets::pixels_for(OrganizationId organization,
                                                              AssetId id) {
  auto bytes = co_await bytes_for(organization, id);
  auto work = [this, bytes = std::move(bytes)] {
    const auto info = media::probe(as_bytes(bytes));
    auto leased = std::make_shared<Leased>();
    leased->lease = budget_.acquire(info.decoded_bytes, clock_.steady() + kDecodeWait);
    leased->image = media::decode(as_bytes(bytes));
    return std::shared_ptr<const raster::Image>(leased, &leased->image);
  };
  co_return co_await runtime::run_on(executors_.compute(), std::move(work));
}

// Deleted ones too: their rows are there.
Task<std::set<std::string>> Assets::known(OrganizationId organization, blob::Names names) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::find_assets,
                                             db::args(organization, json::write(names)));
  std::set<std::string> out;
  for (const auto& row : rows) out.insert(row.get<AssetId>("id").str());
  co_return out;
}

blob::OwnedFolder Assets::blob_folder() {
  return {"assets",
          {"original", "thumb-256", "thumb-1024"},
          [this](OrganizationId organization, blob::Names names) {
            return known(organization, std::move(names));
          }};
}

}  // namespace aa::assets
