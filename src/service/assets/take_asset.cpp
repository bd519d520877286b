// Files taken in on somebody's behalf, by the same way as an upload.
#include "driver/archive/zip_directory.hpp"
#include "service/assets/statements.hpp"
#include "service/assets/upload_state.hpp"

namespace aa::assets {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

// What was allowed when the work was asked for is not asked again.
tenancy::Tenant tenant_of(const audit::Actor& actor) {
  tenancy::Principal principal{actor.user.value_or(UserId{}), actor.organization, SessionId{},
                               tenancy::Role::viewer};
  return {principal, actor.ip, actor.request_id};
}

}  // namespace

Task<Asset> Assets::take_for(audit::Actor actor, ProjectId project, AssetId id,
                             std::string filename,
                             std::function<std::size_t(std::span<std::byte>)> next) {
  const auto rows = co_await database_.query(db::Scope::tenant(actor.organization), sql::get_asset,
                                             db::args(id, actor.organization));
  if (auto present = rows.first<Asset>()) co_return std::move(*present);
  auto tenant = tenant_of(actor);
  auto executor = co_await boost::asio::this_coro::executor;
  Upload upload(std::make_shared<Upload::State>(*this, std::move(tenant), project, executor));
  co_await upload.begin_in(std::move(filename), "", id);
  std::vector<std::byte> buffer(kPieceBytes);
  auto read = [next = std::move(next), room = std::span(buffer)] { return next(room); };
  for (;;) {
    const auto count = co_await runtime::run_on(executors_.blocking(), read);
    if (count == 0) break;
    co_await upload.write(std::span(buffer).first(count));
  }
  if (archive::looks_like_zip(upload.state_->file->magic)) {
    upload.state_->refuse(invalid("nested_zip", "A zip inside a zip is not opened."));
  }
  co_await upload.end();
  auto result = co_await upload.finish();
  if (!result.items.empty()) co_return std::move(result.items[0]);
  throw invalid(result.rejected.at(0).code, result.rejected.at(0).detail);
}

Task<Upload> Assets::upload_for(audit::Actor actor, ProjectId project, Uuid seed) {
  auto executor = co_await boost::asio::this_coro::executor;
  auto state = std::make_shared<Upload::State>(*this, tenant_of(actor), project, executor);
  state->seed = seed;
  co_return Upload(std::move(state));
}

}  // namespace aa::assets
