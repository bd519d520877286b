// Rows as JSON objects for the statements that write many at once. Private to the module.
//
// Thread rule: pure functions. Errors: none.
#pragma once

#include "service/annotation/log_rows.hpp"

namespace aa::annotation {

// Each adds one object to a JSON list that is still open.
void append_row(std::string& list, const LogRow& row, const document::Operation& operation);
void append_row(std::string& list, const document::Annotation& annotation);

}  // namespace aa::annotation
