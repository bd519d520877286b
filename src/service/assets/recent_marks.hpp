// The marks of lists that were paged through lately, so that a far position of a filtered list is
// not counted out image by image each time. A list that changed meanwhile may be off by what
// changed in kLife.
//
// Thread rule: shared by all coroutines.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "service/assets/gallery_types.hpp"

namespace aa::assets {

using Marks = std::shared_ptr<const std::vector<AssetKey>>;

class RecentMarks {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kLife{30};
  static constexpr std::size_t kLists = 32;  // of a mark for each thousand images

  struct List {
    ProjectId project;
    AssetFilter filter;
    AssetOrder order = AssetOrder::oldest;
    bool operator==(const List&) const = default;
  };

  Marks find(const List& list, Time now);  // null when there are none, or old ones
  void keep(List list, Marks marks, Time now);

 private:
  struct Kept {
    List list;
    Marks marks;
    Time made;
  };
  std::mutex mutex_;
  std::list<Kept> kept_;  // latest first
};

// The same position, from the nearest mark before it.
PageStart start_from_mark(const std::vector<AssetKey>& marks, std::int64_t position);

}  // namespace aa::assets
