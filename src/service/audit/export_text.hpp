// Entries as lines: JSON lines, from which the chain can be checked without this program, and CSV
// for spreadsheets.
//
// A line of JSON is {"hash":...,"entry":{...},"ip":...,"user_agent":...}; the bytes of `entry` are
// those that were hashed (chain.hpp). A cell of CSV holds no control character and begins with no
// sign that a spreadsheet takes for a formula (an apostrophe stands before it then).
//
// Thread rule: pure functions. Errors: none.
#pragma once

#include "service/audit/audit_trail.hpp"

namespace aa::audit {

std::string json_line(const std::string& organization, const ExportRow& row);
std::string csv_header();
std::string csv_line(const ExportRow& row);

}  // namespace aa::audit
