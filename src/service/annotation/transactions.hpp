// What appending inside a caller's transaction gives. Private to the module.
//
// Thread rule: values. Errors: none.
#pragma once

#include "service/annotation/operation_log.hpp"

namespace aa::annotation {

struct Annotations::Appending {
  std::int64_t revision = 0;
  std::vector<StoredOperation> stored;
  std::vector<StoredOperation> repeated;  // in the log already; then nothing was appended
  std::vector<Taken::Fallen> fallen;      // strict: then nothing was appended
};

}  // namespace aa::annotation
