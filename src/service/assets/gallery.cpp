// Some of a project's images, in an order, from any position: what a gallery shows.
#include <algorithm>

#include "base/limits.hpp"
#include "driver/db/bulk.hpp"
#include "driver/db/transact.hpp"
#include "service/assets/assets.hpp"
#include "service/assets/statements.hpp"

namespace aa::assets {
namespace {

struct Block {
  std::int64_t block = 0;
  std::int64_t assets = 0;
};
BOOST_DESCRIBE_STRUCT(Block, (), (block, assets))

// Where a position lies: that many assets beyond the first one of a rank.
struct Place {
  std::int64_t rank = 0;
  std::int64_t beyond = 0;
};

Place find_place(const std::vector<Block>& blocks, std::int64_t position) {
  Place out;
  for (const auto& block : blocks) {
    out = {block.block * kBlockRanks, position};
    if (position < block.assets) break;
    position -= block.assets;
  }
  return out;
}

// The same from the end: the rank is the last one of its block.
Place find_place_from_end(std::vector<Block> blocks, std::int64_t position) {
  std::ranges::reverse(blocks);
  auto out = find_place(blocks, position);
  out.rank += kBlockRanks - 1;
  return out;
}

constexpr std::int64_t kCopiedAtOnce = 10'000;

// For LIKE with '!' as escape.
std::string pattern_of(const std::string& part) {
  std::string out = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '!') out += '!';
    out += c;
  }
  return part.empty() ? out : out + "%";
}

db::Args filter_args(ProjectId project, OrganizationId organization, const AssetFilter& filter) {
  constexpr auto kMany = std::numeric_limits<std::int64_t>::max();
  const bool only_labelled = filter.state == WorkState::labelled;
  const bool only_unlabelled = filter.state == WorkState::unlabelled;
  const bool only_suggested = filter.state == WorkState::suggestions;
  return db::args(project, organization, only_labelled ? 1 : 0,
                  only_unlabelled ? std::int64_t{0} : kMany, only_suggested ? 1 : 0,
                  filter.bytes_min, filter.bytes_max, filter.uploaded_from, filter.uploaded_to,
                  pattern_of(filter.name_part), filter.with_note ? 1 : 0,
                  filter.with_comments ? 1 : 0, filter.label);
}

struct StateCounts {
  std::int64_t total = 0;
  std::int64_t labelled = 0;
  std::int64_t suggested = 0;

  std::int64_t of(WorkState state) const {
    switch (state) {
      case WorkState::labelled:
        return labelled;
      case WorkState::unlabelled:
        return total - labelled;
      case WorkState::suggestions:
        return suggested;
      case WorkState::all:
        break;
    }
    return total;
  }
};
BOOST_DESCRIBE_STRUCT(StateCounts, (), (total, labelled, suggested))

// Filters by state alone are counted in an index.
bool is_state_alone(AssetFilter filter) {
  filter.state = WorkState::all;
  return filter.takes_all();
}

struct OrderStatements {
  db::Statement page;
  db::Statement marks;
  AssetKey before_first;
};

OrderStatements statements_of(AssetOrder order) {
  constexpr auto kBeyondAll = std::numeric_limits<std::int64_t>::max();
  switch (order) {
    case AssetOrder::newest:
      return {sql::page_newest, sql::mark_newest, {kBeyondAll, ""}};
    case AssetOrder::name:
      return {sql::page_by_name, sql::mark_by_name, {-1, ""}};
    case AssetOrder::oldest:
      break;
  }
  return {sql::page_oldest, sql::mark_oldest, {-1, ""}};
}

// Each kind of row in one order, and the trail after all of them, as everybody else does.
Task<std::vector<AssetId>> take_away(db::Transaction& transaction, metering::Metering& metering,
                                     const tenancy::Tenant& tenant, std::vector<AssetId> ids,
                                     Timestamp now) {
  std::ranges::sort(ids);
  std::vector<AssetId> gone;
  std::int64_t bytes = 0;
  std::multimap<std::int64_t, ProjectId> blocks;
  for (const auto& id : ids) {
    const auto rows =
        co_await transaction.exec(sql::delete_asset, db::args(id, tenant.organization(), now));
    if (rows.empty()) continue;
    gone.push_back(id);
    bytes += rows[0].get<std::int64_t>("size_bytes");
    blocks.emplace(rows[0].get<std::int64_t>("rank") / kBlockRanks,
                   rows[0].get<ProjectId>("project_id"));
  }
  for (const auto& [block, project] : blocks) {
    co_await transaction.exec(sql::take_from_block,
                              db::args(project, block, tenant.organization()));
  }
  const auto count = static_cast<std::int64_t>(gone.size());
  if (count > 0) co_await metering.take_assets(transaction, tenant.organization(), count, bytes);
  co_return gone;
}

}  // namespace

Task<std::vector<Asset>> Assets::page(tenancy::Tenant tenant, ProjectId project, AssetFilter filter,
                                      AssetOrder order, PageStart start, int limit) {
  tenant.require(tenancy::Permission::asset_read);
  co_await projects_.require(tenant, project);
  if (filter.takes_all() && order == AssetOrder::oldest && start.skip == 0) {
    co_return co_await list(tenant, project, start.after ? start.after->rank : -1, limit);
  }
  if (filter.takes_all() && !start.after) {
    co_return co_await page_of_all(tenant, project, order, start.skip, limit);
  }
  if (!start.after && start.skip >= kMarkEvery) {
    const RecentMarks::List list{project, filter, order};
    start = co_await near(tenant, list, start.skip);
  }
  const auto statements = statements_of(order);
  const auto from = start.after.value_or(statements.before_first);
  auto args = filter_args(project, tenant.organization(), filter);
  args.push_back(db::to_value(from.rank));
  if (order == AssetOrder::name) args.push_back(db::to_value(from.filename));
  args.push_back(db::to_value(limit));
  args.push_back(db::to_value(start.skip));
  const auto rows = co_await database_.query(tenant.scope(), statements.page, std::move(args));
  co_return rows.as<Asset>();
}

Task<std::vector<AssetKey>> Assets::marks(tenancy::Tenant tenant, ProjectId project,
                                          AssetFilter filter, AssetOrder order) {
  tenant.require(tenancy::Permission::asset_read);
  co_await projects_.require(tenant, project);
  const RecentMarks::List list{project, filter, order};
  const auto found = co_await find_marks(tenant, list);
  co_return *found;
}

Task<Marks> Assets::find_marks(tenancy::Tenant tenant, RecentMarks::List list) {
  auto args = filter_args(list.project, tenant.organization(), list.filter);
  args.push_back(db::to_value(kMarkEvery));
  const auto statements = statements_of(list.order);
  const auto rows = co_await database_.query(tenant.scope(), statements.marks, std::move(args));
  auto marks = std::make_shared<const std::vector<AssetKey>>(rows.as<AssetKey>());
  recent_marks_.keep(std::move(list), marks, clock_.steady());
  co_return marks;
}

Task<PageStart> Assets::near(tenancy::Tenant tenant, RecentMarks::List list,
                             std::int64_t position) {
  auto marks = recent_marks_.find(list, clock_.steady());
  if (!marks) marks = co_await find_marks(std::move(tenant), std::move(list));
  co_return start_from_mark(*marks, position);
}

Task<std::vector<Asset>> Assets::page_of_all(tenancy::Tenant tenant, ProjectId project,
                                             AssetOrder order, std::int64_t position, int limit) {
  if (order == AssetOrder::name) {
    co_return co_await page_by_name(tenant, project, position, limit);
  }
  const auto found = co_await database_.query(tenant.scope(), sql::list_blocks,
                                              db::args(project, tenant.organization()));
  const auto blocks = found.as<Block>();
  const bool oldest = order == AssetOrder::oldest;
  const auto place = oldest ? find_place(blocks, position) : find_place_from_end(blocks, position);
  const auto& statement = oldest ? sql::list_from : sql::list_back_from;
  const auto rows = co_await database_.query(
      tenant.scope(), statement,
      db::args(project, tenant.organization(), place.rank, limit, place.beyond));
  co_return rows.as<Asset>();
}

// The ids come from an index alone, however far the position is.
Task<std::vector<Asset>> Assets::page_by_name(tenancy::Tenant tenant, ProjectId project,
                                              std::int64_t position, int limit) {
  const auto rows = co_await database_.query(
      tenant.scope(), sql::ids_by_name, db::args(project, tenant.organization(), limit, position));
  std::vector<AssetId> ids;
  for (std::size_t i = 0; i < rows.size(); ++i) ids.push_back(rows[i].get<AssetId>("id"));
  auto found = co_await find_for(tenant.organization(), ids);
  std::vector<Asset> out;
  for (const auto& id : ids) {
    if (const auto asset = found.find(id); asset != found.end()) {
      out.push_back(std::move(asset->second));
    }
  }
  co_return out;
}

Task<std::int64_t> Assets::count(tenancy::Tenant tenant, ProjectId project, AssetFilter filter) {
  tenant.require(tenancy::Permission::asset_read);
  co_await projects_.require(tenant, project);
  if (!filter.takes_all()) {
    if (is_state_alone(filter)) {
      const auto rows = co_await database_.query(tenant.scope(), sql::count_by_state,
                                                 db::args(project, tenant.organization()));
      co_return rows.one().as<StateCounts>().of(filter.state);
    }
    const auto rows = co_await database_.query(tenant.scope(), sql::count_filtered,
                                               filter_args(project, tenant.organization(), filter));
    co_return rows.one().get<std::int64_t>("count");
  }
  const auto rows = co_await database_.query(tenant.scope(), sql::list_blocks,
                                             db::args(project, tenant.organization()));
  std::int64_t total = 0;
  for (const auto& block : rows.as<Block>()) total += block.assets;
  co_return total;
}

Task<Histogram> Assets::histogram(tenancy::Tenant tenant, ProjectId project) {
  tenant.require(tenancy::Permission::annotation_read);
  co_await projects_.require(tenant, project);
  const auto rows = co_await database_.query(tenant.scope(), sql::label_counts,
                                             db::args(project, tenant.organization()));
  Histogram out;
  out.items = rows.as<LabelCount>();
  co_return out;
}

Task<AssetDetail> Assets::detail(tenancy::Tenant tenant, AssetId id) {
  const auto asset = co_await get(tenant, id);
  const auto rows =
      co_await database_.query(tenant.scope(), sql::get_note, db::args(id, tenant.organization()));
  if (rows.empty()) throw not_found("asset");
  AssetDetail out;
  static_cast<Asset&>(out) = asset;
  out.note = rows[0].get<std::string>("note");
  co_return out;
}

Task<AssetDetail> Assets::patch(tenancy::Tenant tenant, AssetId id, PatchAsset change,
                                std::optional<std::int64_t> if_revision) {
  tenant.require(tenancy::Permission::annotation_write);
  auto transaction = co_await database_.begin(tenant.scope());
  const auto known = co_await transaction->exec(sql::get_note, db::args(id, tenant.organization()));
  if (known.empty()) throw not_found("asset");
  if (known[0].get<std::string>("note") == change.note && !if_revision) {
    transaction.reset();
    co_return co_await detail(std::move(tenant), id);
  }
  const auto changed = co_await transaction->exec(
      sql::set_note,
      db::args(id, tenant.organization(), change.note, if_revision.value_or(kAnyRevision)));
  if (changed.affected() == 0) {
    throw Error(ErrorCode::precondition_failed, "revision_differs",
                "The note has changed since you read it. Read it again, then decide.");
  }
  co_await trail_.append(*transaction, tenant.actor(), {"asset.note", "asset", id.str(), {}});
  co_await transaction->commit();
  co_return co_await detail(std::move(tenant), id);
}

Task<bool> Assets::remove_in(db::Transaction& transaction, tenancy::Tenant tenant, AssetId id) {
  std::vector<AssetId> ids(1, id);
  const auto gone =
      co_await take_away(transaction, metering_, tenant, std::move(ids), clock_.now());
  if (gone.empty()) co_return false;
  co_await trail_.append(transaction, tenant.actor(), {"asset.delete", "asset", id.str(), {}});
  co_return true;
}

// Those that are in the project and still there.
Task<Deleted> Assets::remove_many(tenancy::Tenant tenant, ProjectId project, DeleteAssets request) {
  tenant.require(tenancy::Permission::asset_delete);
  co_await projects_.require(tenant, project);
  const auto found = co_await find_for(tenant.organization(), std::move(request.asset_ids));
  std::vector<AssetId> ids;
  for (const auto& [id, asset] : found) {
    if (asset.project_id == project) ids.push_back(id);
  }
  Deleted out;
  auto remove = [&](db::Transaction& transaction) -> Task<> {
    const auto gone = co_await take_away(transaction, metering_, tenant, ids, clock_.now());
    for (const auto& id : gone) {
      co_await trail_.append(transaction, tenant.actor(), {"asset.delete", "asset", id.str(), {}});
    }
    out.deleted = static_cast<std::int64_t>(gone.size());
  };
  co_await db::transact(database_, tenant.scope(), remove);
  co_return out;
}

Task<> Assets::copy_for(OrganizationId organization, ProjectId project, std::int64_t count) {
  auto transaction = co_await database_.begin(db::Scope::tenant(organization));
  const auto moved =
      co_await transaction->exec(sql::take_ranks, db::args(project, organization, count));
  if (moved.empty()) throw not_found("project");
  const auto first = moved.one().get<std::int64_t>("next_rank") - count;
  const auto prefix = ids_.next().str().substr(0, 24);
  // In parts, for a statement has seconds only.
  for (std::int64_t from = 0; from < count; from += kCopiedAtOnce) {
    const auto to = std::min(count, from + kCopiedAtOnce);
    co_await transaction->exec(sql::copy_assets,
                               db::args(project, organization, to, prefix, first, from));
  }
  co_await transaction->exec(sql::forget_blocks, db::args(project, organization));
  co_await transaction->exec(sql::count_blocks, db::args(project, organization));
  co_await transaction->commit();
  co_await took_in(static_cast<std::size_t>(count));
}

Task<> Assets::took_in(std::size_t count) {
  if (count < db::kBulkRows) co_return;
  co_await database_.write(db::Scope::system(), sql::analyze_assets);
}

}  // namespace aa::assets
