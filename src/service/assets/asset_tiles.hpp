// Tiles: an image too large for a browser to hold, in squares of 512 pixels of halved levels.
//
// Level 0 is the upright image itself, each further level half of the one before, rounded up, until
// one tile holds it. A level is made when somebody first looks at it, from one decode within the
// decode budget: level 0 row by row, coarser ones at 1/2, 1/4 or 1/8 while decoding, where the file
// allows it, else plus at most a quarter of that for shrinking. Its tiles lie in one encrypted
// blob, from which a tile is read alone. Levels beyond the cache's bytes go by least use; a process
// that has the store alone begins with none.
//
// Thread rule: shared by all coroutines.
// Errors: not_found for another tenant's image and for a tile that there is not; unavailable
// "decode_busy" when memory for decoding does not come free in time.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "service/assets/assets.hpp"

namespace aa::assets {

inline constexpr std::uint32_t kTileSide = 512;

struct TilePlace {
  std::uint32_t level = 0;
  std::uint32_t x = 0;  // column
  std::uint32_t y = 0;  // row
};

class Tiles {
 public:
  Tiles(Assets& assets, blob::Store& blobs, media::DecodeBudget& budget, const Clock& clock,
        runtime::Executors& executors, std::uint64_t cache_bytes);

  // A JPEG of at most 512 x 512 pixels; `asset` is one that the caller was given by Assets::get().
  Task<std::string> get(OrganizationId organization, Asset asset, TilePlace place);

  std::uint64_t cached_bytes() const;

 private:
  struct Level {
    OrganizationId organization;
    std::string name;  // of the blob
    std::uint32_t number = 0;
    Asset asset;
  };
  struct Pending;
  struct Kept {
    blob::Key key;
    std::uint64_t bytes = 0;
  };

  Task<> ensure(Level level);
  Task<> fill(Level level, std::shared_ptr<Pending> pending);
  Task<> make(Level level);
  void write_levels(const Level& first, const std::string& file);
  void write_whole(const Level& level, std::span<const std::byte> file);
  void begin();
  bool touch(const std::string& name);
  void keep(blob::Key key, std::uint64_t bytes);

  Assets& assets_;
  blob::Store& blobs_;
  media::DecodeBudget& budget_;
  const Clock& clock_;
  runtime::Executors& executors_;
  const std::uint64_t cache_bytes_;
  std::once_flag begun_;
  mutable std::mutex mutex_;
  std::list<Kept> by_use_;  // most recent first
  std::map<std::string, std::list<Kept>::iterator> index_;
  std::uint64_t used_bytes_ = 0;
  std::map<std::string, std::shared_ptr<Pending>> pending_;
};

}  // namespace aa::assets
