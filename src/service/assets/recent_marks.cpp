#include "service/assets/recent_marks.hpp"

#include <algorithm>

namespace aa::assets {

Marks RecentMarks::find(const List& list, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(kept_, list, &Kept::list);
  return found == kept_.end() || found->made + kLife < now ? nullptr : found->marks;
}

void RecentMarks::keep(List list, Marks marks, Time now) {
  const std::lock_guard lock(mutex_);
  kept_.remove_if([&](const Kept& kept) { return kept.list == list; });
  kept_.push_front({std::move(list), std::move(marks), now});
  if (kept_.size() > kLists) kept_.pop_back();
}

PageStart start_from_mark(const std::vector<AssetKey>& marks, std::int64_t position) {
  const auto before = std::min<std::int64_t>(position / kMarkEvery, std::ssize(marks));
  if (before == 0) return {std::nullopt, position};
  return {marks[static_cast<std::size_t>(before - 1)], position - before * kMarkEvery};
}

}  // namespace aa::assets
