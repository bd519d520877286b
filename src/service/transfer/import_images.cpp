// Which asset an image of the dataset is: one of the project, or one made from the zip's picture.
#include "base/hash.hpp"
#include "driver/archive/zip_name.hpp"
#include "service/assets/zip_content.hpp"
#include "service/transfer/import_run.hpp"

namespace aa::transfer {
namespace {

using assets::Asset;
using formats::CocoImage;

// What an export of ours says about an image beside its file name, as long as the name is the one
// it was exported by: {asset_id, exported_as, filename}.
struct Origin {
  std::optional<AssetId> asset;
  std::string filename;
};

Origin origin_of(const CocoImage& image) {
  const auto* own = image.extra.if_contains("annotateai");
  const auto* members = own != nullptr ? own->if_object() : nullptr;
  const auto text = [&](const char* name) -> std::string {
    const auto* value = members != nullptr ? members->if_contains(name) : nullptr;
    const auto* found = value != nullptr ? value->if_string() : nullptr;
    return found != nullptr ? std::string(std::string_view(*found)) : "";
  };
  if (text("exported_as") != base_name(image.file_name)) return {};
  return {AssetId::parse(text("asset_id")), text("filename")};
}

// The name of a new asset: the original one where an export of ours tells it.
std::string new_name(const CocoImage& image, const archive::ZipEntry& entry) {
  const auto origin = origin_of(image);
  if (!origin.filename.empty()) return origin.filename;
  try {
    if (archive::zip_path(image.file_name, true) == image.file_name) {
      return assets::asset_name(image.file_name);
    }
  } catch (const Error&) {
    return base_name(entry.path);  // a path that leads out
  }
  return base_name(entry.path);
}

bool sized(const CocoImage& image) { return image.width != 0 && image.height != 0; }

std::string size_text(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

}  // namespace

std::string ImportRun::place_of(const CocoImage& image) const {
  return yolo_ ? archive::shown_name(image.file_name) : "images/" + std::to_string(image.id);
}

Task<> ImportRun::list_assets() {
  constexpr int kPage = 200;
  for (std::int64_t after = -1;;) {
    const auto page =
        co_await t_.assets_.list_for(run_.organization(), *run_.project(), after, kPage);
    for (const auto& asset : page) index_.add(asset);
    if (static_cast<int>(page.size()) < kPage) break;
    after = page.back().rank;
  }
}

const Asset* ImportRun::find_asset(const CocoImage& image) {
  const auto origin = origin_of(image);
  if (origin.asset) {
    if (const auto* own = index_.find(*origin.asset)) return own;
  }
  const auto by = lines_of_.contains(image.id) ? AssetIndex::By::stem : AssetIndex::By::name;
  std::size_t count = 0;
  const auto* found = index_.find(image.file_name, by, count);
  if (found != nullptr) return found;
  const auto name = archive::shown_name(base_name(image.file_name));
  problem(place_of(image), count == 0 ? "no image named \"" + name + "\" is in the project"
                                      : "several images named \"" + name + "\" are in the project");
  return nullptr;
}

// A picture that is in the project already, by its origin or its name and bytes, is not stored
// again.
Task<std::optional<Asset>> ImportRun::take_picture(const CocoImage& image,
                                                   const archive::ZipEntry& entry) {
  const auto origin = origin_of(image);
  if (origin.asset) {
    if (const auto* own = index_.find(*origin.asset)) co_return *own;
  }
  const auto filename = yolo_ ? base_name(entry.path) : new_name(image, entry);
  if (index_.any_named(filename)) {
    auto hash = [file = file_, &entry] { return file->sha256_of(entry); };
    const auto digest = co_await on_disk(std::move(hash));
    if (const auto* same = index_.find_same(filename, digest, claimed_)) co_return *same;
  }
  audit::Actor actor(run_.organization(), run_.created_by(), "", run_.id().str());
  std::shared_ptr<archive::ZipStream> stream = file_->zip()->open(entry);
  auto next = [file = file_, stream](std::span<std::byte> room) { return stream->read(room); };
  const auto id = derived_id<AssetId>(run_.id().uuid, place_of(image) + image.file_name);
  std::optional<Error> failure;
  try {
    co_return co_await t_.assets_.take_for(std::move(actor), *run_.project(), id, filename,
                                           std::move(next));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_argument) throw;
    failure = error;
  }
  problem(place_of(image), "\"" + entry.path + "\": " + failure->message());
  co_return std::nullopt;
}

Task<> ImportRun::resolve_image(const CocoImage& image) {
  const auto* entry = file_->picture(image.file_name);
  std::optional<Asset> asset;
  const auto taken = taken_.find(entry);
  if (entry != nullptr && taken != taken_.end()) {
    asset = taken->second;
  } else if (entry != nullptr) {
    asset = co_await take_picture(image, *entry);
    taken_[entry] = asset;
    if (asset) claimed_.insert(asset->id);
  } else if (const auto* found = find_asset(image)) {
    asset = *found;
  }
  if (!asset) co_return;
  if (sized(image) && (image.width != asset->width || image.height != asset->height)) {
    problem(place_of(image), "\"" + archive::shown_name(base_name(image.file_name)) + "\" is " +
                                 size_text(asset->width, asset->height) +
                                 " pixels in the project, not " +
                                 size_text(image.width, image.height));
    co_return;
  }
  asset_of_[image.id] = std::move(*asset);
}

Task<bool> ImportRun::resolve_images() {
  co_await list_assets();
  for (const auto& image : dataset_.images) {
    co_await resolve_image(image);
    if (file_->zip() == nullptr) continue;
    const bool stop = co_await run_.should_stop();
    if (stop) co_return false;
  }
  tell_unused_pictures();
  co_return true;
}

void ImportRun::tell_unused_pictures() {
  for (const auto* picture : file_->pictures()) {
    if (!taken_.contains(picture)) {
      problem(picture->path, "is no image of the dataset, so it is left out");
    }
  }
}

}  // namespace aa::transfer
