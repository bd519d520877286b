#include "service/uploads/uploads.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "core/observe/log.hpp"
#include "service/uploads/statements.hpp"
#include "service/uploads/upload_row.hpp"

namespace aa::uploads {
namespace {

constexpr std::chrono::minutes kTidyPeriod{5};

UploadView view_of(const UploadRow& row) {
  UploadView out{row.id,       row.project_id, row.filename,   row.size_bytes,
                 row.received, row.state,      row.expires_at, std::nullopt};
  if (row.state == UploadState::done) out.result = json::read<StoredFile>(json::parse(row.result));
  return out;
}

struct Unfinished {
  std::int64_t count = 0;
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(Unfinished, (), (count, bytes))

void check_size(std::int64_t bytes) {
  if (bytes <= static_cast<std::int64_t>(limits::kUploadFileBytes)) return;
  throw too_large("file_too_large", "The file is larger than " +
                                        std::to_string(limits::kUploadFileBytes >> 20) + " MiB.");
}

void check_room(const Unfinished& waiting, std::int64_t bytes) {
  if (waiting.count >= kUnfinishedMax) {
    throw conflict("too_many_uploads", "The organization has " + std::to_string(waiting.count) +
                                           " unfinished uploads. Finish or delete some first.");
  }
  if (waiting.bytes + bytes > kUnfinishedBytes) {
    throw too_large("too_much_waiting",
                    "The organization's unfinished uploads would be larger than " +
                        std::to_string(kUnfinishedBytes >> 30) +
                        " GiB. Finish or delete some first.");
  }
}

}  // namespace

Task<UploadView> Uploads::create(Tenant tenant, NewUpload input) {
  tenant.require(tenancy::Permission::asset_write);
  co_await projects_.require(tenant, input.project_id);
  check_size(input.size_bytes);
  const auto waiting =
      co_await database_.query(tenant.scope(), sql::unfinished, db::args(tenant.organization()));
  co_await assets_.require_room(tenant.organization(), input.size_bytes);
  check_room(waiting.one().as<Unfinished>(), input.size_bytes);
  UploadRow row;
  row.id = ids_.next_as<UploadId>();
  row.organization_id = tenant.organization();
  row.project_id = input.project_id;
  row.user_id = tenant.user();
  row.filename =
      label_text(input.filename.empty() ? "unnamed" : input.filename, limits::kFilenameBytes);
  row.size_bytes = input.size_bytes;
  // A file of no bytes is whole at once; the first who asks for it sees it refused.
  if (row.size_bytes == 0) row.state = UploadState::received;
  const auto now = clock_.now();
  row.expires_at = now + kLife;
  co_await database_.write(tenant.scope(), sql::insert_upload,
                           db::args(row.id, row.organization_id, row.project_id, row.user_id,
                                    row.filename, row.size_bytes, row.state, now, row.expires_at));
  co_return view_of(row);
}

Task<ProjectId> Uploads::project_for(OrganizationId organization, UploadId id) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization),
                                             sql::project_of_upload, db::args(id, organization));
  if (rows.empty()) throw not_found("upload");
  co_return rows[0].get<ProjectId>("project_id");
}

Task<UploadRow> Uploads::find(Tenant tenant, UploadId id) {
  tenant.require(tenancy::Permission::asset_write);
  const auto rows = co_await database_.query(tenant.scope(), sql::get_upload,
                                             db::args(id, tenant.organization(), tenant.user()));
  auto row = rows.first<UploadRow>();
  const bool expired =
      row && row->state == UploadState::receiving && row->expires_at < clock_.now();
  if (!row || expired) throw not_found("upload");
  co_return std::move(*row);
}

Task<UploadView> Uploads::get(Tenant tenant, UploadId id) {
  auto row = co_await find(tenant, id);
  const bool waits = row.state == UploadState::received || row.state == UploadState::storing;
  // Its server may be gone: whoever asks sets it going again.
  if (waits && row.lease_until < clock_.now()) {
    store_aside(row, std::make_shared<runtime::Event>());
  }
  co_return view_of(row);
}

Task<> Uploads::remove(Tenant tenant, UploadId id) {
  auto row = co_await find(tenant, id);
  if (row.state == UploadState::storing) {
    throw conflict("upload_is_stored", "The file is being stored as images just now.");
  }
  co_await forget(std::move(row));
}

Task<> Uploads::forget_parts(UploadRow upload) {
  const auto rows = co_await database_.query(upload.scope(), sql::list_parts,
                                             db::args(upload.id, upload.organization_id));
  const auto parts = rows.as<PartRow>();
  co_await database_.write(upload.scope(), sql::delete_parts,
                           db::args(upload.id, upload.organization_id));
  auto work = [this, parts, organization = upload.organization_id] {
    for (const auto& part : parts) blobs_.remove(part_key(organization, part.id));
  };
  co_await runtime::run_on(executors_.blocking(), std::move(work));
}

Task<> Uploads::forget(UploadRow upload) {
  co_await forget_parts(upload);
  co_await database_.write(upload.scope(), sql::delete_upload,
                           db::args(upload.id, upload.organization_id));
}

Task<std::set<std::string>> Uploads::known_parts(OrganizationId organization, blob::Names names) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::find_parts,
                                             db::args(organization, json::write(names)));
  std::set<std::string> out;
  for (std::size_t i = 0; i < rows.size(); ++i) out.insert(rows[i].get<PartId>("id").str());
  co_return out;
}

blob::OwnedFolder Uploads::part_folder() {
  return {std::string(kPartFolder), {}, [this](OrganizationId organization, blob::Names names) {
            return known_parts(organization, std::move(names));
          }};
}

Task<> Uploads::tidy() {
  const auto now = clock_.now();
  const auto expired =
      co_await database_.query(db::Scope::system(), sql::list_expired, db::args(now));
  for (auto& row : expired.as<UploadRow>()) co_await forget(std::move(row));
  const auto waiting =
      co_await database_.query(db::Scope::system(), sql::list_waiting, db::args(now));
  for (auto& row : waiting.as<UploadRow>()) co_await store(std::move(row));
}

Task<> Uploads::take_over() {
  co_await database_.write(db::Scope::system(), sql::release_all);
  co_await tidy();
}

void Uploads::start() { boost::asio::co_spawn(executors_.io(), work(), boost::asio::detached); }

Task<> Uploads::work() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  bool alone = blobs_.opened_alone();
  for (;;) {
    try {
      if (std::exchange(alone, false)) {
        co_await take_over();
      } else {
        co_await tidy();
      }
    } catch (const std::exception& e) {
      observe::warn("uploads.tidy", {{"error", std::string_view(e.what())}});
    }
    timer.expires_after(kTidyPeriod);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace aa::uploads
