// Resumable uploads: files that come in pieces, over hours if need be, and over restarts of either
// side.
//
// What arrives is cut into parts; a part is a blob of its own, and counts once it is on the disk
// and its row is written. A request that breaks off leaves the parts it brought, so that neither
// side ever loses an acknowledged byte. The whole file then takes the way of every other upload
// (assets::Upload), zips too; its assets' ids follow from the upload's, so that a server that dies
// in the middle begins again and makes nothing double.
//
// An upload belongs to who began it; for everybody else it does not exist. Uploads that nothing
// came for in kLife are removed, with their parts.
//
// Thread rule: shared by all coroutines. Errors: not_found; conflict "offset_differs",
// "too_many_uploads"; too_large "file_too_large", "too_much_waiting".
#pragma once

#include <functional>
#include <set>

#include "core/runtime/event.hpp"
#include "core/runtime/executors.hpp"
#include "driver/blob/sweep.hpp"
#include "driver/db/database.hpp"
#include "service/assets/assets.hpp"
#include "service/projects/projects.hpp"
#include "service/tenancy/tenant.hpp"
#include "service/uploads/checksum.hpp"
#include "service/uploads/upload_types.hpp"

namespace aa::uploads {

using runtime::Task;
using tenancy::Tenant;

inline constexpr std::chrono::hours kLife{24};
inline constexpr std::int64_t kUnfinishedMax = 2'000;          // of an organisation
inline constexpr std::int64_t kUnfinishedBytes = 256LL << 30;  // announced, of an organisation

// Fills a buffer with what comes next, 0 at the end.
using NextBytes = std::function<Task<std::size_t>(std::span<std::byte>)>;

struct UploadRow;  // upload_row.hpp, private to the module

class Uploads {
 public:
  Uploads(db::Database& database, blob::Store& blobs, projects::Projects& projects,
          assets::Assets& assets, const Clock& clock, IdSource& ids, runtime::Executors& executors)
      : database_(database),
        blobs_(blobs),
        projects_(projects),
        assets_(assets),
        clock_(clock),
        ids_(ids),
        executors_(executors) {}

  blob::OwnedFolder part_folder();
  // At once, and again every few minutes until the executors stop.
  void start();
  // Stores what is whole and nobody is storing, removes what expired.
  Task<> tidy();
  // The same, knowing that no other server is storing anything.
  Task<> take_over();

  Task<UploadView> create(Tenant tenant, NewUpload input);
  Task<UploadView> get(Tenant tenant, UploadId id);
  // Appends at `offset`, which must be what is there. The answer to the last byte comes when the
  // file is stored as images; that goes on when the caller leaves. Bytes with a checksum count once
  // all of them came and have it, else none does: Error invalid_argument "checksum_mismatch".
  Task<UploadView> receive(Tenant tenant, UploadId id, std::int64_t offset, NextBytes next,
                           std::optional<Checksum> checksum = {});
  Task<> remove(Tenant tenant, UploadId id);
  Task<ProjectId> project_for(OrganizationId organization, UploadId id);

 private:
  struct Part;
  Task<UploadRow> find(Tenant tenant, UploadId id);
  using PartEnd = std::function<Task<>(std::shared_ptr<Part>)>;
  Task<std::int64_t> append(UploadRow upload, NextBytes next);
  Task<std::int64_t> append_checked(UploadRow upload, NextBytes next, Checksum checksum);
  // Cuts what comes into parts; each is begun here, and `end` has it when it is full. What came of
  // the last one when the bytes broke off is in `open`.
  Task<std::int64_t> cut(UploadRow upload, NextBytes next, PartEnd end,
                         std::shared_ptr<Part>& open);
  Task<std::shared_ptr<Part>> begin_part(OrganizationId organization, std::int64_t first);
  Task<> commit_part(std::shared_ptr<Part> part);
  Task<> count_part(UploadRow upload, std::shared_ptr<Part> part);
  Task<> keep_part(UploadRow upload, std::shared_ptr<Part> part);
  Task<> drop_part(OrganizationId organization, std::shared_ptr<Part> part);
  void keep_what_came(UploadRow upload, std::shared_ptr<Part> part);
  Task<> store(UploadRow upload);
  Task<> store_and_tell(UploadRow upload, std::shared_ptr<runtime::Event> stored);
  void store_aside(UploadRow upload, std::shared_ptr<runtime::Event> stored);
  Task<StoredFile> take_in(UploadRow upload);
  Task<> renew_while(UploadRow upload, std::shared_ptr<runtime::Event> ended);
  Task<> forget(UploadRow upload);
  Task<> forget_parts(UploadRow upload);
  Task<std::set<std::string>> known_parts(OrganizationId organization, blob::Names names);
  Task<> work();

  db::Database& database_;
  blob::Store& blobs_;
  projects::Projects& projects_;
  assets::Assets& assets_;
  const Clock& clock_;
  IdSource& ids_;
  runtime::Executors& executors_;
};

}  // namespace aa::uploads
