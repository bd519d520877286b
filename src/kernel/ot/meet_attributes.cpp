#include "kernel/ot/meeting.hpp"
#include "kernel/ot/text.hpp"
#include "kernel/ot/written.hpp"

namespace aa::ot {
namespace {

const std::string& field_of(const Change& change) {
  if (const auto* edit = std::get_if<EditText>(&change)) return edit->field;
  return std::get<SetField>(change).field;
}

const SetField* whole_write(const Change& change) {
  const auto* set = std::get_if<SetField>(&change);
  return set != nullptr && set->field == "attributes" ? set : nullptr;
}

std::string name_of(const Change& one) { return document::attribute_name(field_of(one)).value(); }

// A change of one attribute after a write of all: does it stand?
bool stands_after(const Change& one, const WrittenAttributes& earlier) {
  const bool edits = std::holds_alternative<EditText>(one);
  if (edits && !earlier.keeps(name_of(one))) return false;
  return after(earlier.value, one).has_value();
}

// And before it?
bool stands_before(const Change& one, const WrittenAttributes& later) {
  return later.keeps(name_of(one)) && after(later.value, one).has_value();
}

Meeting write_over_write(const SetField& change, const SetField& over, Side side) {
  const SetField& earlier = side == Side::earlier ? change : over;
  const SetField& later = side == Side::earlier ? over : change;
  const json::Object* before = earlier.value.if_object();
  if (before == nullptr) return {};
  SetField merged = rebased(later, *before);
  // Objects are equal whatever their order, but what is stored is not.
  const bool same = json::to_text(merged.value) == json::to_text(later.value);
  if (side == Side::later) {
    if (same && merged == later) return {};
    return becomes(std::move(merged), "R10");
  }
  if (same) return lost("R10");
  merged.prev.reset();
  if (earlier.prev) merged.prev = later.value;
  return becomes(std::move(merged), "R10");
}

Meeting write_over_one(const SetField& change, const Change& over, Side side) {
  const auto written = written_attributes(change);
  if (!written) return {};
  SetField out = change;
  const bool stands =
      side == Side::earlier ? stands_after(over, *written) : stands_before(over, *written);
  if (stands) out.value = after(written->value, over).value();
  const auto prev = written->prev ? after(*written->prev, over) : std::nullopt;
  if (prev) out.prev = *prev;
  if (!stands && !prev) return {};
  return becomes(std::move(out), "R10");
}

Meeting one_over_write(const Change& change, const SetField& over, Side side) {
  const auto written = written_attributes(over);
  if (!written) return {};
  const bool stands =
      side == Side::later ? stands_after(change, *written) : stands_before(change, *written);
  if (stands) return {};
  return lost("R10");
}

Meeting meet_texts(const EditText& change, const EditText& over, Side side) {
  EditText out{change.target, change.field, transform_text(change.edit, over.edit, side)};
  if (out.edit == change.edit) return {};
  if (out.edit.empty()) return lost("R11");
  return becomes(std::move(out), "R11");
}

}  // namespace

Meeting meet_attributes(const Change& change, const Change& over, Side side) {
  const SetField* mine = whole_write(change);
  const SetField* theirs = whole_write(over);
  if (mine != nullptr && theirs != nullptr) return write_over_write(*mine, *theirs, side);
  if (mine != nullptr) return write_over_one(*mine, over, side);
  if (theirs != nullptr) return one_over_write(change, *theirs, side);
  if (field_of(change) != field_of(over)) return {};
  const auto* edit = std::get_if<EditText>(&change);
  const auto* other = std::get_if<EditText>(&over);
  if (edit != nullptr && other != nullptr) return meet_texts(*edit, *other, side);
  if (edit != nullptr) return lost("R11");  // the text that it was made on was replaced
  if (other != nullptr || side == Side::later) return {};
  return lost("R4");
}

}  // namespace aa::ot
