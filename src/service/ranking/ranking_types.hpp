// What to label next, and why.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "service/assets/asset_types.hpp"

namespace aa::ranking {

enum class Strategy { mixed, uncertainty, disagreement, novelty };
BOOST_DESCRIBE_ENUM(Strategy, mixed, uncertainty, disagreement, novelty)

enum class ReasonKind { uncertainty, disagreement, novelty, unlabelled };
BOOST_DESCRIBE_ENUM(ReasonKind, uncertainty, disagreement, novelty, unlabelled)

struct Reason {
  ReasonKind kind = ReasonKind::unlabelled;
  double value = 0;  // 0 to 1
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Reason, (), (kind, value, text))

struct QueueItem {
  assets::Asset asset;
  double priority = 0;  // 0 to 1
  std::vector<Reason> reasons;
};
BOOST_DESCRIBE_STRUCT(QueueItem, (), (asset, priority, reasons))

struct QueueResult {
  std::vector<QueueItem> items;  // most worth a look first
};
BOOST_DESCRIBE_STRUCT(QueueResult, (), (items))

// POST /assets/{id}/propagate.
struct PropagateRequest {
  std::optional<std::vector<AnnotationId>> annotation_ids;  // absent: all of the image
};
BOOST_DESCRIBE_STRUCT(PropagateRequest, (), (annotation_ids))
constexpr auto field_rules(const PropagateRequest*) {
  return std::array{json::Field{.name = "annotation_ids", .min_items = 1, .max_items = 1'000}};
}

struct Propagated {
  std::int64_t suggestions = 0;
  std::int64_t assets = 0;  // that got some
};
BOOST_DESCRIBE_STRUCT(Propagated, (), (suggestions, assets))

}  // namespace aa::ranking
