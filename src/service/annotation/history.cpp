#include "service/annotation/history.hpp"

#include "service/annotation/statements.hpp"
#include "service/annotation/transactions.hpp"

namespace aa::annotation {
namespace {

using tenancy::Permission;

constexpr int kPage = 1'000;

struct SnapshotRow {
  std::int64_t revision = 0;
  std::string body;
};
BOOST_DESCRIBE_STRUCT(SnapshotRow, (), (revision, body))

}  // namespace

// From the nearest snapshot on, operation by operation.
Task<document::Document> History::fold(db::Transaction* inside, OrganizationId organization,
                                       AssetId asset, std::int64_t revision) {
  const Reading reading{database_, organization, inside};
  auto near = db::args(asset, organization, revision);
  const auto snapshots = co_await reading.rows(sql::nearest_snapshot, std::move(near));
  document::Document out;
  if (const auto row = snapshots.first<SnapshotRow>()) {
    out = document::Document(json::read<document::Snapshot>(json::parse(row->body)));
  }
  while (out.revision() < revision) {
    auto args = db::args(asset, organization, out.revision(),
                         std::min<std::int64_t>(kPage, revision - out.revision()));
    const auto rows = co_await reading.rows(sql::page_log, std::move(args));
    if (rows.empty()) break;
    for (const auto& row : rows.as<LogRow>()) {
      out.apply(document::read_operation(row.body));
      if (out.revision() != row.revision) throw internal_error("the log does not apply");
    }
  }
  co_return out;
}

Task<document::Snapshot> History::at(tenancy::Tenant tenant, AssetId asset, std::int64_t revision) {
  tenant.require(Permission::annotation_read);
  const auto present = co_await assets_.get(tenant, asset);
  if (revision > present.revision) {
    throw invalid("invalid_revision", "The asset has no revision " + std::to_string(revision) +
                                          " yet; its latest is " +
                                          std::to_string(present.revision) + ".");
  }
  const auto document = co_await fold(nullptr, tenant.organization(), asset, revision);
  co_return document.snapshot();
}

Task<std::vector<StoredOperation>> History::list(tenancy::Tenant tenant, AssetId asset,
                                                 std::optional<std::int64_t> before, int limit) {
  tenant.require(Permission::annotation_read);
  co_await assets_.get(tenant, asset);
  const Reading reading{database_, tenant.organization()};
  auto args = db::args(asset, tenant.organization(),
                       before.value_or(std::numeric_limits<std::int64_t>::max()), limit);
  const auto rows = co_await reading.rows(sql::list_log, std::move(args));
  co_return stored_of(rows);
}

Task<std::vector<Blame>> History::blame(tenancy::Tenant tenant, AssetId asset) {
  tenant.require(Permission::annotation_read);
  co_await assets_.get(tenant, asset);
  const Reading reading{database_, tenant.organization()};
  const auto rows = co_await reading.rows(sql::blame, db::args(asset, tenant.organization()));
  co_return rows.as<Blame>();
}

Task<std::int64_t> History::lock(db::Transaction& transaction, OrganizationId organization,
                                 AssetId asset) {
  const auto rows = co_await transaction.exec(sql::lock_head, db::args(asset, organization));
  const auto head = rows.first<HeadRow>();
  if (!head) throw not_found("asset");
  co_return head->revision;
}

Task<Annotations::Appending> History::append(db::Transaction& transaction, Author author,
                                             assets::Asset asset, std::int64_t revision,
                                             std::vector<document::Operation> operations) {
  Annotations::Appending out;
  out.revision = revision;
  if (operations.empty()) co_return out;
  auto labels = co_await projects_.labels_for(author.actor.organization, asset.project_id);
  Batch batch{revision, std::move(operations)};
  co_return co_await annotations_.append_in(transaction, std::move(author), std::move(asset),
                                            std::move(labels), std::move(batch), false);
}

}  // namespace aa::annotation
