// A file that is whole becomes images. May be begun again at any time: what is stored is found.
#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "core/observe/log.hpp"
#include "service/uploads/statements.hpp"
#include "service/uploads/upload_row.hpp"

namespace aa::uploads {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::chrono::seconds kLease{60};
constexpr std::chrono::seconds kRenewal{15};
constexpr std::size_t kAssetsTold = 100;
constexpr std::size_t kRejectionsTold = 1'000;

StoredFile told(assets::UploadResult result) {
  StoredFile out;
  out.stored = static_cast<std::int64_t>(result.items.size());
  for (const auto& asset : result.items) {
    if (out.asset_ids.size() == kAssetsTold) break;
    out.asset_ids.push_back(asset.id);
  }
  result.rejected.resize(std::min(result.rejected.size(), kRejectionsTold));
  out.rejected = std::move(result.rejected);
  return out;
}

}  // namespace

void Uploads::store_aside(UploadRow upload, std::shared_ptr<runtime::Event> stored) {
  boost::asio::co_spawn(boost::asio::make_strand(executors_.io()),
                        store_and_tell(std::move(upload), std::move(stored)),
                        [](const std::exception_ptr&) {});
}

Task<> Uploads::store_and_tell(UploadRow upload, std::shared_ptr<runtime::Event> stored) {
  try {
    co_await store(std::move(upload));
  } catch (const std::exception& e) {
    // Whoever asks next, or tidy(), begins again once the lease is over.
    observe::warn("uploads.store", {{"error", std::string_view(e.what())}});
  }
  stored->set();
}

Task<> Uploads::store(UploadRow upload) {
  const auto now = clock_.now();
  const auto claimed = co_await database_.write(
      upload.scope(), sql::claim, db::args(upload.id, upload.organization_id, now, now + kLease));
  if (claimed.affected() == 0) co_return;
  const auto ended = std::make_shared<runtime::Event>();
  boost::asio::co_spawn(executors_.io(), renew_while(upload, ended),
                        [](const std::exception_ptr&) {});
  std::exception_ptr failure;
  StoredFile result;
  try {
    result = co_await take_in(upload);
  } catch (...) {
    failure = std::current_exception();
  }
  ended->set();
  if (failure) std::rethrow_exception(failure);
  co_await database_.write(
      upload.scope(), sql::finish,
      db::args(upload.id, upload.organization_id, json::write(result), clock_.now() + kLife));
  co_await forget_parts(std::move(upload));
}

Task<StoredFile> Uploads::take_in(UploadRow upload) {
  const auto rows = co_await database_.query(upload.scope(), sql::list_parts,
                                             db::args(upload.id, upload.organization_id));
  const auto parts = rows.as<PartRow>();
  audit::Actor actor(upload.organization_id, upload.user_id, "", "");
  auto file = co_await assets_.upload_for(std::move(actor), upload.project_id, upload.id.uuid);
  co_await file.begin(upload.filename);
  std::vector<std::byte> buffer(kPieceBytes);
  for (const auto& part : parts) {
    auto open = [this, key = part_key(upload.organization_id, part.id)] {
      return std::shared_ptr<blob::Reader>(blobs_.open(key));
    };
    const auto reader = co_await runtime::run_on(executors_.blocking(), std::move(open));
    for (std::uint64_t at = 0;;) {
      auto read = [reader, at, room = std::span(buffer)] { return reader->read_at(at, room); };
      const auto count = co_await runtime::run_on(executors_.blocking(), std::move(read));
      if (count == 0) break;
      co_await file.write(std::span(buffer).first(count));
      at += count;
    }
  }
  co_await file.end();
  auto result = co_await file.finish();
  co_return told(std::move(result));
}

// A zip of thousands of images takes longer than a lease.
Task<> Uploads::renew_while(UploadRow upload, std::shared_ptr<runtime::Event> ended) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!ended->happened()) {
    co_await database_.write(upload.scope(), sql::renew,
                             db::args(upload.id, upload.organization_id, clock_.now() + kLease));
    timer.expires_after(kRenewal);
    boost::system::error_code ignored;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }
}

}  // namespace aa::uploads
