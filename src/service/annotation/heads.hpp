// How far the logs of many assets reach, by one query: for those who keep documents in memory and
// may have missed news.
#pragma once

#include <vector>

#include "driver/db/database.hpp"

namespace aa::annotation {

struct Head {
  AssetId id;
  OrganizationId organization_id;
  std::int64_t revision = 0;
  std::int64_t comments_revision = 0;
};
BOOST_DESCRIBE_STRUCT(Head, (), (id, organization_id, revision, comments_revision))

// Those that still stand, of any organisation. Thread rule: any coroutine.
runtime::Task<std::vector<Head>> heads_of(db::Database& database, std::vector<AssetId> assets);

}  // namespace aa::annotation
