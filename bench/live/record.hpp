// What the server says happened to an asset, held against what its editors know.
//
// Thread rule: pure, but for the fetching. Errors: std::runtime_error from Http; what does not
// agree comes back as sentences.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/live/seats.hpp"
#include "kernel/document/document.hpp"

namespace aa::live {

struct LogEntry {
  std::int64_t revision = 0;
  document::Operation operation;
};

// An operation as the server sends it: with revision, author, time and source beside it.
LogEntry read_stored(const json::Value& value);

// As it is after a journey over the wire: null for absent, whole numbers whole.
document::Operation as_read(const document::Operation& operation);

struct Acknowledged {
  OperationId id;
  std::int64_t revision = 0;
};

// The server's whole log of an asset, oldest first, and its document.
struct Record {
  std::vector<LogEntry> log;
  std::string snapshot;  // as GET /assets/{id}/annotations answers
};
Record record_of(Http& http, const Seat& seat);

// {"revision", "items"}, as the server writes it.
std::string bytes_of(const document::Document& document);

// Revisions without a gap; every acknowledged operation there once, at its revision; the fold of
// the log byte for byte the server's document.
std::vector<std::string> check_record(const Record& record,
                                      const std::vector<Acknowledged>& acknowledged);

}  // namespace aa::live
