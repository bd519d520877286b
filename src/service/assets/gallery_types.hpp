// What a gallery asks for: some of a project's images, in an order, from a position.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace aa::assets {

inline constexpr std::size_t kNoteBytes = 40'000;  // 10,000 characters of any script
inline constexpr std::size_t kDeletedAtOnce = 1'000;
inline constexpr std::int64_t kMarkEvery = 1'000;

enum class AssetOrder { oldest, newest, name };
BOOST_DESCRIBE_ENUM(AssetOrder, oldest, newest, name)

// How far the work on an image is; `suggestions` means some wait for a decision.
enum class WorkState { all, unlabelled, labelled, suggestions };
BOOST_DESCRIBE_ENUM(WorkState, all, unlabelled, labelled, suggestions)

struct AssetFilter {
  WorkState state = WorkState::all;
  std::string name_part;  // "" for any; case does not matter
  std::int64_t bytes_min = 0;
  std::int64_t bytes_max = std::numeric_limits<std::int64_t>::max();
  Timestamp uploaded_from{0};
  Timestamp uploaded_to{std::numeric_limits<std::int64_t>::max()};
  bool with_note = false;
  bool with_comments = false;
  std::optional<LabelId> label;  // an object of it

  bool operator==(const AssetFilter&) const = default;
  bool takes_all() const { return *this == AssetFilter{}; }
};

// Where an image stands in an order.
struct AssetKey {
  std::int64_t rank = 0;
  std::string filename;

  bool operator==(const AssetKey&) const = default;
};
BOOST_DESCRIBE_STRUCT(AssetKey, (), (rank, filename))

// So many images beyond the one that stands there, or beyond the order's beginning.
struct PageStart {
  std::optional<AssetKey> after;
  std::int64_t skip = 0;
};

struct LabelCount {
  LabelId label_id;
  std::int64_t objects = 0;
  std::int64_t images = 0;
};
BOOST_DESCRIBE_STRUCT(LabelCount, (), (label_id, objects, images))

struct Histogram {
  std::vector<LabelCount> items;
};
BOOST_DESCRIBE_STRUCT(Histogram, (), (items))

struct DeleteAssets {
  std::vector<AssetId> asset_ids;
};
BOOST_DESCRIBE_STRUCT(DeleteAssets, (), (asset_ids))
constexpr auto field_rules(const DeleteAssets*) {
  return std::array{json::Field{.name = "asset_ids", .min_items = 1, .max_items = kDeletedAtOnce}};
}

struct Deleted {
  std::int64_t deleted = 0;
};
BOOST_DESCRIBE_STRUCT(Deleted, (), (deleted))

}  // namespace aa::assets
