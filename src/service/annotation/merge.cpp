#include "service/annotation/merge.hpp"

namespace aa::annotation {

std::vector<ot::Merge> merge_since(const std::vector<document::Operation>& operations,
                                   const std::vector<StoredOperation>&) {
  std::vector<ot::Merge> out;
  out.reserve(operations.size());
  for (const auto& operation : operations) out.push_back({operation.change, {}});
  return out;
}

DroppedOperation lost_to(const document::Document& present, const document::Operation& operation,
                         std::string_view rule) {
  document::Document trial = present;
  const auto result = trial.apply(operation.change);
  if (!result.ok) return {operation.id, result.code, std::string(rule), result.detail};
  return {operation.id, "overruled", std::string(rule),
          "what others did since leaves nothing of it"};
}

}  // namespace aa::annotation
