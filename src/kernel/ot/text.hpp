// Transformation of text edits: of attributes and of comments (rule R11 of docs/live-protocol.md).
//
// Insertions at one place stand in the order of the server; a deletion takes only the characters
// that its author saw. Holds for any two edits of one text (TP1, see ot.hpp).
// Thread rule: pure functions. Errors: none.
#pragma once

#include <optional>

#include "kernel/document/text_edit.hpp"
#include "kernel/ot/ot.hpp"

namespace aa::ot {

using document::TextEdit;

// What `edit` becomes on a text to which `over` was applied already.
TextEdit transform_text(const TextEdit& edit, const TextEdit& over, Side side);

// One edit with the effect of both, `second` directly after `first`.
TextEdit compose_text(const TextEdit& first, const TextEdit& second);

}  // namespace aa::ot
