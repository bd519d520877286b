// The head of a chain as its writers see it. Private to the module.
#pragma once

#include "service/audit/audit_trail.hpp"

namespace aa::audit {

struct Trail::HeadRow {
  std::int64_t sequence = 0;
  std::string hash;
  Timestamp at;
  std::int64_t watchers = 0;
  BOOST_DESCRIBE_CLASS(HeadRow, (), (sequence, hash, at, watchers), (), ())
};

}  // namespace aa::audit
