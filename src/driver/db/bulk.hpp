// When rows that came at once are so many that the tables are no more what the planner knows of
// them. Who added them says so (ANALYZE), since PostgreSQL's own daemon looks a minute later.
#pragma once

#include <cstddef>

namespace aa::db {

inline constexpr std::size_t kBulkRows = 1'000;

}  // namespace aa::db
