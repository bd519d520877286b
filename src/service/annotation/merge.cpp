#include "service/annotation/merge.hpp"

#include <set>

namespace aa::annotation {
namespace {

// Each operation meets each of the others': about a second of work.
constexpr std::size_t kMeetingsMax = 1'000'000;
constexpr std::size_t kMeetingBytesMax = 100'000'000;

}  // namespace

std::optional<Error> too_far_behind(std::size_t operations,
                                    const std::vector<StoredOperation>& since) {
  std::size_t bytes = 0;
  for (const auto& stored : since) bytes += stored.text.size();
  if (operations * since.size() <= kMeetingsMax && operations * bytes <= kMeetingBytesMax) {
    return std::nullopt;
  }
  return conflict("too_far_behind",
                  "Too much was done since base_revision. Load the asset again, and send what "
                  "still makes sense in smaller batches.");
}

std::vector<ot::Merge> merge_since(const std::vector<document::Operation>& operations,
                                   const std::vector<StoredOperation>& since) {
  std::set<OperationId> own;
  std::vector<document::Change> changes;
  changes.reserve(operations.size());
  for (const auto& operation : operations) {
    if (!since.empty()) own.insert(operation.id);
    changes.push_back(operation.change);
  }
  std::vector<document::Change> over;
  for (const auto& stored : since) {
    if (!own.contains(stored.operation.id)) over.push_back(stored.operation.change);
  }
  return ot::transform_all(std::move(changes), over, ot::Side::later);
}

DroppedOperation lost_to(const document::Document& present, const document::Operation& operation,
                         std::string_view rule) {
  document::Document trial;
  trial.adopt(document::target_of(operation.change), present);
  const auto result = trial.apply(operation.change);
  if (!result.ok) return {operation.id, result.code, std::string(rule), result.detail};
  return {operation.id, "overruled", std::string(rule),
          "what others did since leaves nothing of it"};
}

}  // namespace aa::annotation
