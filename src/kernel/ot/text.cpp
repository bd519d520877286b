#include "kernel/ot/text.hpp"

#include <algorithm>
#include <limits>

namespace aa::ot {
namespace {

using document::bytes_of;
using document::TextStep;
using document::TextStepKind;

// Walks through an edit in pieces of any length; keeps for ever after its end.
class Steps {
 public:
  explicit Steps(const TextEdit& edit) : steps_(edit.steps()) { settle(); }

  bool done() const { return at_ == steps_.size(); }
  TextStepKind kind() const { return done() ? TextStepKind::keep : steps_[at_].kind; }
  std::size_t left() const { return left_; }
  std::string_view text() const { return text_; }  // that is left of an insertion
  void take(std::size_t count) {
    if (done()) return;
    text_.remove_prefix(bytes_of(text_, count));
    left_ -= count;
    if (left_ > 0) return;
    ++at_;
    settle();
  }

 private:
  void settle() {
    left_ = done() ? std::numeric_limits<std::size_t>::max() : steps_[at_].count;
    text_ = done() ? std::string_view() : std::string_view(steps_[at_].text);
  }

  const std::vector<TextStep>& steps_;
  std::size_t at_ = 0;
  std::size_t left_ = 0;
  std::string_view text_;
};

void take_both(Steps& a, Steps& b, std::size_t count) {
  a.take(count);
  b.take(count);
}

}  // namespace

TextEdit transform_text(const TextEdit& edit, const TextEdit& over, Side side) {
  TextEdit out;
  Steps mine(edit);
  Steps theirs(over);
  while (!mine.done()) {
    const bool inserts = mine.kind() == TextStepKind::insert;
    const bool others_insert = theirs.kind() == TextStepKind::insert;
    if (others_insert && (!inserts || side == Side::later)) {
      out.keep(theirs.left());
      theirs.take(theirs.left());
    } else if (inserts) {
      out.insert(mine.text());
      mine.take(mine.left());
    } else {
      const std::size_t count = std::min(mine.left(), theirs.left());
      if (theirs.kind() == TextStepKind::keep) {
        if (mine.kind() == TextStepKind::keep)
          out.keep(count);
        else
          out.remove(count);
      }
      take_both(mine, theirs, count);
    }
  }
  out.finish();
  return out;
}

TextEdit compose_text(const TextEdit& first, const TextEdit& second) {
  TextEdit out;
  Steps before(first);
  Steps after(second);
  while (!before.done() || !after.done()) {
    if (after.kind() == TextStepKind::insert) {
      out.insert(after.text());
      after.take(after.left());
      continue;
    }
    if (before.kind() == TextStepKind::remove) {
      out.remove(before.left());
      before.take(before.left());
      continue;
    }
    const std::size_t count = std::min(before.left(), after.left());
    const bool fresh = before.kind() == TextStepKind::insert;
    if (after.kind() == TextStepKind::remove) {
      if (!fresh) out.remove(count);
    } else if (fresh) {
      out.insert(before.text().substr(0, bytes_of(before.text(), count)));
    } else {
      out.keep(count);
    }
    take_both(before, after, count);
  }
  out.finish();
  return out;
}

}  // namespace aa::ot
