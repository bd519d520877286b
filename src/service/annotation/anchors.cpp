#include "service/annotation/anchors.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/observe/log.hpp"
#include "service/annotation/statements.hpp"

namespace aa::annotation {
namespace {

constexpr int kAtOnce = 200;
constexpr int kPage = 500;

}  // namespace

bool anchor_due(Timestamp now, Timestamp anchored_at) {
  const auto since = now - anchored_at;
  return since >= kAnchorEvery || since < std::chrono::microseconds(0);
}

Task<> write_anchor(db::Transaction& transaction, audit::Trail& trail, AssetId asset, HeadRow head,
                    audit::Actor actor, Timestamp now) {
  audit::Entry entry{"annotation.anchor", "asset", asset.str(), {}};
  entry.detail["revision"] = head.revision;
  entry.detail["log_hash"] = head.log_hash;
  const auto organization = actor.organization;
  co_await trail.append(transaction, std::move(actor), std::move(entry));
  co_await transaction.exec(sql::set_anchored, db::args(asset, organization, now, head.revision));
}

Task<bool> Anchors::anchor(OrganizationId organization, AssetId asset) {
  auto transaction = co_await database_.begin(db::Scope::tenant(organization));
  const auto rows = co_await transaction->exec(sql::lock_head, db::args(asset, organization));
  const auto head = rows.first<HeadRow>();
  const auto now = clock_.now();
  if (!head || !anchor_due(now, head->anchored_at)) co_return false;  // somebody was quicker
  audit::Actor nobody(organization, std::nullopt, "", "");
  co_await write_anchor(*transaction, trail_, asset, *head, std::move(nobody), now);
  co_await transaction->commit();
  co_return true;
}

Task<int> Anchors::anchor_waiting() {
  const Timestamp before = clock_.now() + -std::chrono::microseconds(kAnchorEvery);
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::unanchored, db::args(before, kAtOnce));
  int anchored = 0;
  for (const auto& row : rows) {
    const bool done =
        co_await anchor(row.get<OrganizationId>("organization_id"), row.get<AssetId>("id"));
    anchored += done ? 1 : 0;
  }
  co_return anchored;
}

Task<> Anchors::check_anchors(OrganizationId organization, LogVerdict& verdict) {
  const auto scope = db::Scope::tenant(organization);
  audit::Filter filter;
  filter.action = "annotation.anchor";
  std::int64_t after = 0;
  while (true) {
    const auto entries = co_await trail_.page(organization, filter, after, kPage);
    for (const auto& entry : entries) {
      after = entry.sequence;
      const auto asset = AssetId::parse(entry.object_id);
      if (!asset) continue;
      const auto detail = json::parse(entry.detail);
      const auto revision = detail.at("revision").as_int64();
      const auto rows =
          co_await database_.query(scope, sql::hash_at, db::args(*asset, organization, revision));
      ++verdict.anchors;
      // Logs of what was erased are gone.
      if (rows.empty()) continue;
      if (rows[0].get<std::string>("hash") == detail.at("log_hash").as_string()) continue;
      verdict.asset = *asset;
      verdict.first_bad = revision;
      co_return;
    }
    if (static_cast<int>(entries.size()) < kPage) co_return;
  }
}

Task<LogVerdict> Anchors::verify(OrganizationId organization) {
  LogVerdict verdict;
  AssetId after;
  while (true) {
    const auto rows =
        co_await database_.query(db::Scope::tenant(organization), sql::assets_with_log,
                                 db::args(organization, after, kPage));
    for (const auto& row : rows) {
      after = row.get<AssetId>("id");
      const auto bad = co_await annotations_.verify_log(organization, after);
      ++verdict.assets;
      if (!bad) continue;
      verdict.asset = after;
      verdict.first_bad = *bad;
      co_return verdict;
    }
    if (rows.size() < kPage) break;
  }
  co_await check_anchors(organization, verdict);
  co_return verdict;
}

void Anchors::start() { boost::asio::co_spawn(executors_.io(), work(), boost::asio::detached); }

Task<> Anchors::work() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (;;) {
    timer.expires_after(kAnchorEvery);
    co_await timer.async_wait(boost::asio::use_awaitable);
    try {
      int anchored = kAtOnce;
      while (anchored == kAtOnce) anchored = co_await anchor_waiting();
    } catch (const std::exception& e) {
      observe::warn("annotation.not_anchored", {{"error", std::string_view(e.what())}});
    }
  }
}

}  // namespace aa::annotation
