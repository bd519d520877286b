#include "service/annotation/operation_log.hpp"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "core/observe/log.hpp"
#include "service/annotation/anchors.hpp"
#include "service/annotation/statements.hpp"

namespace aa::annotation {
namespace {

constexpr int kStopTries = 200;
constexpr std::chrono::milliseconds kStopPoll{10};

// Another organisation's annotation, which this one cannot see, or another asset's of this moment.
[[noreturn]] void tell_taken(const Error& error) {
  const bool annotation = error.slug().starts_with("annotations");
  if (error.code() != ErrorCode::already_exists || !annotation) throw error;
  throw conflict("id_taken", "The id of a new annotation is taken. Make another one.");
}

// Whatever revision it stands at by then: nobody waits for it, and it is as good as any other.
Task<> write_snapshot(db::Database& database, OrganizationId organization, AssetId asset,
                      Timestamp now, std::shared_ptr<int> /*held*/) {
  try {
    co_await database.write(db::Scope::tenant(organization), sql::write_snapshot,
                            db::args(asset, organization, now));
  } catch (const Error& error) {
    observe::warn("annotation.no_snapshot",
                  {{"asset", asset.str()}, {"error", std::string_view(error.what())}});
  }
}

}  // namespace

Task<db::Rows> Reading::rows(const db::Statement& statement, db::Args args) const {
  const db::Statement kept = statement;
  if (transaction != nullptr) co_return co_await transaction->exec(kept, std::move(args));
  co_return co_await database.query(db::Scope::tenant(organization), kept, std::move(args));
}

OperationLog::~OperationLog() {
  for (int i = 0; i < kStopTries && writing_.use_count() > 1; ++i) {
    std::this_thread::sleep_for(kStopPoll);
  }
}

void OperationLog::grew(runtime::Executor executor, const Ground& ground, std::int64_t revision) {
  const auto asset = ground.asset.id;
  if (listener_ != nullptr) listener_->log_grew(ground.organization, asset, revision);
  if (revision / kSnapshotEvery == ground.head.revision / kSnapshotEvery) return;
  boost::asio::co_spawn(
      executor, write_snapshot(database_, ground.organization, asset, clock_.now(), writing_),
      boost::asio::detached);
}

Task<std::vector<StoredOperation>> OperationLog::find(Reading reading, AssetId asset,
                                                      std::vector<OperationId> ids) {
  const auto rows = co_await reading.rows(sql::find_operations, db::args(asset, id_list(ids)));
  co_return stored_of(rows);
}

Task<std::set<AnnotationId>> OperationLog::taken(std::set<AnnotationId> ids) {
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::find_taken, db::args(id_list(ids)));
  std::set<AnnotationId> out;
  for (const auto& row : rows) out.insert(row.get<AnnotationId>("id"));
  co_return out;
}

Task<std::vector<StoredOperation>> OperationLog::of_targets(Reading reading, AssetId asset,
                                                            std::int64_t revision,
                                                            std::set<AnnotationId> targets) {
  auto args = db::args(asset, reading.organization, revision, id_list(targets));
  const auto rows = co_await reading.rows(sql::of_targets, std::move(args));
  co_return stored_of(rows);
}

bool OperationLog::is_anchor_due(const HeadRow& head) const {
  return anchor_due(clock_.now(), head.anchored_at);
}

Task<> OperationLog::anchor(db::Transaction& transaction, AssetId asset, HeadRow head,
                            audit::Actor actor) {
  co_await write_anchor(transaction, trail_, asset, std::move(head), std::move(actor),
                        clock_.now());
}

Task<bool> OperationLog::store(std::shared_ptr<const Appender> appender, audit::Actor actor) {
  const auto scope = db::Scope::tenant(appender->ground().organization);
  if (is_anchor_due(appender->head())) {
    auto transaction = co_await database_.begin(scope);
    const bool stored = co_await store_in(*transaction, appender, std::move(actor));
    if (stored) co_await transaction->commit();
    co_return stored;
  }
  std::optional<Error> failure;
  bool stored = false;
  try {
    stored = co_await database_.run(scope, appender->steps(clock_.now()));
  } catch (const Error& error) {
    failure = error;
  }
  if (failure) tell_taken(*failure);
  const auto executor = co_await boost::asio::this_coro::executor;
  if (stored) grew(executor, appender->ground(), appender->head().revision);
  co_return stored;
}

Task<bool> OperationLog::store_in(db::Transaction& transaction,
                                  std::shared_ptr<const Appender> appender, audit::Actor actor) {
  std::optional<Error> failure;
  bool guarded = true;
  try {
    auto steps = appender->steps(clock_.now());
    for (auto& step : steps) {
      const auto rows = co_await transaction.exec(step.statement, std::move(step.args));
      guarded = !step.touches_one || rows.affected() == 1;
      if (!guarded) break;
    }
  } catch (const Error& error) {
    failure = error;
  }
  if (failure) tell_taken(*failure);
  if (!guarded) co_return false;
  const auto& ground = appender->ground();
  if (is_anchor_due(appender->head())) {
    co_await anchor(transaction, ground.asset.id, appender->head(), std::move(actor));
  }
  const auto executor = co_await boost::asio::this_coro::executor;
  auto tell = [this, executor, appender] {
    grew(executor, appender->ground(), appender->head().revision);
  };
  transaction.on_commit(std::move(tell));
  co_return true;
}

}  // namespace aa::annotation
