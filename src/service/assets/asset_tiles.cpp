#include "service/assets/asset_tiles.hpp"

#include <algorithm>

#include "core/runtime/event.hpp"
#include "driver/media/image_rows.hpp"
#include "service/assets/tile_pack.hpp"

namespace aa::assets {
namespace {

constexpr const char* kFolder = "tiles";
constexpr std::chrono::seconds kDecodeWait{30};
// Decoders shrink by so many halvings while they decode.
constexpr std::uint32_t kHalvingsOfDecoder = 3;

std::uint32_t level_length(std::int64_t length, std::uint32_t level) {
  const auto step = std::int64_t{1} << level;
  return static_cast<std::uint32_t>(std::max<std::int64_t>(1, (length + step - 1) / step));
}

std::uint32_t last_level(const Asset& asset) {
  std::uint32_t level = 0;
  while (level_length(std::max(asset.width, asset.height), level) > kTileSide) ++level;
  return level;
}

std::string pack_name(const Asset& asset, std::uint32_t level) {
  return std::string(kFolder) + "/" + asset.id.str() + "-" + std::to_string(level) + "-" +
         asset.sha256.substr(0, 16);
}

raster::Image level_image(const raster::ImageView& image, const Asset& asset, std::uint32_t level) {
  return media::resize(image, level_length(asset.width, level), level_length(asset.height, level));
}

bool has_size(const raster::Image& image, const Asset& asset, std::uint32_t level) {
  return image.width() == static_cast<int>(level_length(asset.width, level)) &&
         image.height() == static_cast<int>(level_length(asset.height, level));
}

}  // namespace

// A level that several wait for. The error is guarded by the mutex.
struct Tiles::Pending {
  runtime::Event done;
  std::exception_ptr error;
};

Tiles::Tiles(Assets& assets, blob::Store& blobs, media::DecodeBudget& budget, const Clock& clock,
             runtime::Executors& executors, std::uint64_t cache_bytes)
    : assets_(assets),
      blobs_(blobs),
      budget_(budget),
      clock_(clock),
      executors_(executors),
      cache_bytes_(cache_bytes) {}

Task<std::string> Tiles::get(OrganizationId organization, Asset asset, TilePlace place) {
  if (asset.kind != AssetKind::image || place.level > last_level(asset)) throw not_found("tile");
  Level level{organization, pack_name(asset, place.level), place.level, std::move(asset)};
  const blob::Key key{organization, level.name};
  co_await ensure(std::move(level));
  auto read = [this, key, place] {
    const auto pack = blobs_.open(key);
    return read_tile(*pack, place.x, place.y);
  };
  co_return co_await runtime::run_on(executors_.blocking(), std::move(read));
}

std::uint64_t Tiles::cached_bytes() const {
  const std::lock_guard lock(mutex_);
  return used_bytes_;
}

// Whoever asks first has the level made; it is made to the end when they leave.
Task<> Tiles::ensure(Level level) {
  std::shared_ptr<Pending> pending;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (touch(level.name)) co_return;
    auto& slot = pending_[level.name];
    first = slot == nullptr;
    if (first) slot = std::make_shared<Pending>();
    pending = slot;
  }
  if (first) {
    boost::asio::co_spawn(executors_.io(), fill(std::move(level), pending), boost::asio::detached);
  }
  co_await pending->done.wait();
  const std::lock_guard lock(mutex_);
  if (pending->error) std::rethrow_exception(pending->error);
}

Task<> Tiles::fill(Level level, std::shared_ptr<Pending> pending) {
  const auto name = level.name;
  std::exception_ptr error;
  try {
    co_await make(std::move(level));
  } catch (...) {
    error = std::current_exception();
  }
  {
    const std::lock_guard lock(mutex_);
    pending->error = error;
    pending_.erase(name);
  }
  pending->done.set();
}

Task<> Tiles::make(Level level) {
  auto start = [this] { std::call_once(begun_, [this] { begin(); }); };
  co_await runtime::run_on(executors_.blocking(), std::move(start));
  auto file = co_await assets_.bytes_for(level.organization, level.asset.id);
  auto work = [this, level = std::move(level), file = std::move(file)] {
    write_levels(level, file);
  };
  co_await runtime::run_on(executors_.compute(), std::move(work));
}

// Row by row: the image itself may take most of what all decoding may.
void Tiles::write_whole(const Level& level, std::span<const std::byte> file) {
  const blob::Key key{level.organization, level.name};
  const auto writer = blobs_.create(key);
  const auto width = level_length(level.asset.width, 0);
  const auto band_bytes = std::uint64_t{width} * 3 * kTileSide;
  const auto lease = budget_.acquire(2 * band_bytes, clock_.steady() + kDecodeWait);
  TilePackWriter tiles(width, level_length(level.asset.height, 0), kTileSide, *writer);
  media::decode_rows(file, [&tiles](const std::uint8_t* rgb) { tiles.put_row(rgb); });
  tiles.finish();
  keep(key, writer->commit().size);
}

// Beyond what the decoder shrinks by itself the coarser levels cost next to nothing more.
void Tiles::write_levels(const Level& first, const std::string& file) {
  const auto bytes = std::as_bytes(std::span(file));
  const auto info = media::probe(bytes);
  const bool as_known = info.width == first.asset.width && info.height == first.asset.height;
  if (first.number == 0 && as_known && media::comes_in_rows(bytes)) {
    write_whole(first, bytes);
    return;
  }
  const auto lease = budget_.acquire(info.decoded_bytes, clock_.steady() + kDecodeWait);
  const auto& asset = first.asset;
  const auto side = level_length(std::max(asset.width, asset.height), first.number);
  auto image = media::decode(bytes, {.min_long_side = side});
  const auto last = first.number < kHalvingsOfDecoder ? first.number : last_level(asset);
  for (auto number = first.number; number <= last; ++number) {
    if (!has_size(image, asset, number)) image = level_image(image, asset, number);
    const blob::Key key{first.organization, pack_name(asset, number)};
    const auto writer = blobs_.create(key);
    write_tile_pack(image, kTileSide, *writer);
    keep(key, writer->commit().size);
  }
}

// What an earlier process left is not counted, so it goes.
void Tiles::begin() {
  if (!blobs_.opened_alone()) return;
  for (const auto& organization : blobs_.organizations()) {
    for (const auto& name : blobs_.names(organization, kFolder)) {
      blobs_.remove({organization, std::string(kFolder) + "/" + name});
    }
  }
}

// Under the mutex.
bool Tiles::touch(const std::string& name) {
  const auto it = index_.find(name);
  if (it == index_.end()) return false;
  by_use_.splice(by_use_.begin(), by_use_, it->second);
  return true;
}

void Tiles::keep(blob::Key key, std::uint64_t bytes) {
  std::list<Kept> gone;
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = index_.find(key.name); it != index_.end()) {
      used_bytes_ -= it->second->bytes;
      by_use_.erase(it->second);
    }
    used_bytes_ += bytes;
    by_use_.push_front({key, bytes});
    index_[key.name] = by_use_.begin();
    while (used_bytes_ > cache_bytes_ && by_use_.size() > 1) {
      used_bytes_ -= by_use_.back().bytes;
      index_.erase(by_use_.back().key.name);
      gone.splice(gone.end(), by_use_, std::prev(by_use_.end()));
    }
  }
  for (const auto& kept : gone) blobs_.remove(kept.key);
}

}  // namespace aa::assets
