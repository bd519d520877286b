#include "service/annotation/take_back.hpp"

#include "kernel/ot/ot.hpp"

namespace aa::annotation {
namespace {

using document::Change;
using Inverses = std::map<std::int64_t, std::vector<Change>>;  // by revision

// What undoes each operation right after it.
Inverses inverses_of(const std::vector<StoredOperation>& log, const std::vector<Fate>& fates) {
  Inverses out;
  document::Document document;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const Change& change = log[i].operation.change;
    if (fates[i] == Fate::taken_back) out[log[i].revision] = document.invert(change);
    document.apply(change);
  }
  return out;
}

bool is_whole(const Change& change) {
  return std::holds_alternative<document::Put>(change) ||
         std::holds_alternative<document::Delete>(change);
}

}  // namespace

std::vector<TakenBack> take_back(const std::vector<StoredOperation>& log, const TakeBack& how) {
  std::vector<Fate> fates;
  fates.reserve(log.size());
  for (const auto& stored : log) fates.push_back(how.fate(stored));
  auto inverses = inverses_of(log, fates);
  std::map<AnnotationId, std::vector<Change>> over;  // what came later and stays
  std::vector<TakenBack> out;
  for (std::size_t i = log.size(); i-- > 0;) {
    const Change& change = log[i].operation.change;
    auto& later = over[document::target_of(change)];
    if (fates[i] == Fate::skipped) continue;
    if (fates[i] == Fate::stays) {
      later.insert(later.begin(), change);
      continue;
    }
    auto& inverse = inverses[log[i].revision];
    TakenBack& back = out.emplace_back();
    back.of = &log[i];
    const bool changed = how.spare_changed && !later.empty() && !inverse.empty();
    if (changed && is_whole(inverse.front())) {
      later.insert(later.begin(), change);
      continue;
    }
    for (auto& merge : ot::transform_all(inverse, later, ot::Side::earlier)) {
      if (merge.change) back.changes.push_back(std::move(*merge.change));
    }
  }
  return out;
}

}  // namespace aa::annotation
