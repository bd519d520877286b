#include "kernel/ot/ot.hpp"

#include <unordered_map>

#include "kernel/ot/meeting.hpp"
#include "kernel/ot/written.hpp"

namespace aa::ot {
namespace {

using document::Delete;
using document::KeyframeDelete;
using document::KeyframePut;
using document::Put;
using document::Reorder;

bool is_whole(const Change& change) {
  return std::holds_alternative<Put>(change) || std::holds_alternative<Delete>(change);
}

// ---- puts and deletions -------------------------------------------------------------------------

// A change as it becomes when it comes after `put`; empty when it has no place there.
std::optional<Change> after_put(const Put& put, const Change& change) {
  if (std::holds_alternative<EditText>(change)) return std::nullopt;  // its text was replaced
  const auto* set = std::get_if<SetField>(&change);
  if (set != nullptr && set->field == "shape") return rebased(*set, put.annotation.shape);
  if (set != nullptr && set->field == "attributes") return rebased(*set, put.annotation.attributes);
  return change;
}

Meeting meet_deletion(const Change& change, Side side) {
  // Only a later put brings back what was deleted.
  if (std::holds_alternative<Put>(change) && side == Side::later) return {};
  return lost("R2");
}

// Objects are equal whatever their order, but what is stored is not.
bool is_stored_alike(const Change& a, const Change& b) {
  if (a != b) return false;
  const auto* one = std::get_if<SetField>(&a);
  const auto* other = std::get_if<SetField>(&b);
  if (one == nullptr || other == nullptr) return true;
  return json::to_text(one->value) == json::to_text(other->value);
}

Meeting meet_put(const Change& change, const Put& over, Side side) {
  if (side == Side::earlier) return lost("R3");
  if (is_whole(change)) return {};
  auto out = after_put(over, change);
  if (!out || !after(over.annotation, *out)) return lost("R3");
  if (is_stored_alike(*out, change)) return {};
  return becomes(std::move(*out), "R3");
}

Meeting put_over(const Put& change, const Change& over, Side side) {
  if (side == Side::later) return {};
  const auto follower = after_put(change, over);
  auto annotation = follower ? after(change.annotation, *follower) : std::nullopt;
  if (!annotation) return {};
  return becomes(Put{std::move(*annotation)}, "R3");
}

Meeting meet_whole(const Change& change, const Change& over, Side side) {
  if (std::holds_alternative<Delete>(over)) return meet_deletion(change, side);
  if (const auto* put = std::get_if<Put>(&over)) return meet_put(change, *put, side);
  if (const auto* put = std::get_if<Put>(&change)) return put_over(*put, over, side);
  return {};  // a deletion stands over every small change
}

// ---- parts of an annotation ---------------------------------------------------------------------

// Changes of different parts do not meet.
enum class Part { shape, attributes, keyframes, field };

Part part_of(const Change& change) {
  if (const auto* set = std::get_if<SetField>(&change)) {
    if (set->field == "shape") return Part::shape;
    return set->field.starts_with("attributes") ? Part::attributes : Part::field;
  }
  if (std::holds_alternative<EditText>(change)) return Part::attributes;
  if (std::holds_alternative<Reorder>(change)) return Part::field;
  const bool keyframe =
      std::holds_alternative<KeyframePut>(change) || std::holds_alternative<KeyframeDelete>(change);
  return keyframe ? Part::keyframes : Part::shape;
}

std::int64_t frame_of(const Change& keyframe) {
  if (const auto* put = std::get_if<KeyframePut>(&keyframe)) return put->frame;
  return std::get<KeyframeDelete>(keyframe).frame;
}

Meeting meet_keyframes(const Change& change, const Change& over, Side side) {
  if (frame_of(change) != frame_of(over)) return {};
  const bool deleted_twice = std::holds_alternative<KeyframeDelete>(change) &&
                             std::holds_alternative<KeyframeDelete>(over);
  if (side == Side::later && !deleted_twice) return {};
  return lost("R8");
}

std::string_view field_of(const Change& change) {
  const auto* set = std::get_if<SetField>(&change);
  return set == nullptr ? std::string_view("z") : std::string_view(set->field);
}

Meeting meet_fields(const Change& change, const Change& over, Side side) {
  if (field_of(change) != field_of(over) || side == Side::later) return {};
  return lost(field_of(change) == "z" ? "R9" : "R4");
}

}  // namespace

std::optional<Merge> meet(const Change& change, const Change& over, Side side) {
  if (document::target_of(change) != document::target_of(over)) return {};
  if (is_whole(change) || is_whole(over)) return meet_whole(change, over, side);
  const Part part = part_of(change);
  if (part != part_of(over)) return {};
  switch (part) {
    case Part::shape:
      return meet_shape(change, over, side);
    case Part::attributes:
      return meet_attributes(change, over, side);
    case Part::keyframes:
      return meet_keyframes(change, over, side);
    case Part::field:
      return meet_fields(change, over, side);
  }
  return {};
}

Merge transform(const Change& change, const Change& over, Side side) {
  auto met = meet(change, over, side);
  return met ? std::move(*met) : Merge{change, {}};
}

namespace {

void take(Merge& merge, Meeting met) {
  if (met) merge = std::move(*met);
}

// Both of the pair become what they are after the other.
void cross(Merge& change, Merge& over, Side side) {
  auto mine = meet(*change.change, *over.change, side);
  auto theirs =
      meet(*over.change, *change.change, side == Side::later ? Side::earlier : Side::later);
  take(change, std::move(mine));
  take(over, std::move(theirs));
}

}  // namespace

std::vector<Merge> transform_all(std::vector<Change> changes, std::vector<Merge>& over, Side side) {
  std::unordered_map<AnnotationId, std::vector<std::size_t>> by_target;
  for (std::size_t i = 0; i < over.size(); ++i) {
    if (over[i].change) by_target[document::target_of(*over[i].change)].push_back(i);
  }
  std::vector<Merge> out;
  out.reserve(changes.size());
  for (Change& change : changes) {
    const auto met = by_target.find(document::target_of(change));
    Merge& merge = out.emplace_back(Merge{std::move(change), {}});
    if (met == by_target.end()) continue;
    for (const std::size_t i : met->second) {
      if (!merge.change) break;
      if (over[i].change) cross(merge, over[i], side);
    }
  }
  return out;
}

std::vector<Merge> transform_all(std::vector<Change> changes, std::vector<Change>& over,
                                 Side side) {
  std::vector<Merge> others;
  others.reserve(over.size());
  for (Change& change : over) others.push_back({std::move(change), {}});
  over.clear();
  auto out = transform_all(std::move(changes), others, side);
  for (Merge& other : others) {
    if (other.change) over.push_back(std::move(*other.change));
  }
  return out;
}

}  // namespace aa::ot
