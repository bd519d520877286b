// Values to and from libpq.
//
// Arguments go as text, their types inferred by the server; blobs go as binary. Results come as
// text and are read by their type's OID: int2/4/8, oid and bool as int64, float4/8 and numeric as
// double, bytea as Blob, everything else (text, uuid, json) as string.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <libpq-fe.h>

#include "driver/db/row.hpp"

namespace aa::db {

struct ResultClearer {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ResultClearer>;

// The arrays that libpq's calls take; they point into `args`, which must outlive them.
class PostgresParameters {
 public:
  explicit PostgresParameters(const Args& args);
  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add(const char* value, std::size_t length, int format);
  void add_text(std::string text);

  std::vector<std::string> texts_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

Rows postgres_rows(const PGresult* result);

}  // namespace aa::db
