#include "service/annotation/gestures.hpp"

#include <algorithm>

namespace aa::annotation {

StepId step_of(const document::Operation& operation) {
  return operation.step.value_or(StepId{operation.id.uuid});
}

Gestures gestures_of(const std::vector<StoredOperation>& operations) {
  Gestures out;
  std::set<StepId> seen;
  for (const auto& stored : operations) {
    const StepId step = step_of(stored.operation);
    if (!seen.insert(step).second) continue;
    const auto& undoes = stored.operation.undoes;
    if (undoes && std::erase(out.undo, *undoes) > 0) {
      out.redo.push_back(*undoes);
      out.latest[*undoes] = step;
    } else if (undoes && std::erase(out.redo, *undoes) > 0) {
      out.undo.push_back(*undoes);
      out.latest[*undoes] = step;
    } else {
      out.undo.push_back(step);
      out.latest[step] = step;
      out.redo.clear();
    }
  }
  return out;
}

}  // namespace aa::annotation
