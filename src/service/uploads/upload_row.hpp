// An upload as it is stored. Private to the module.
#pragma once

#include "service/uploads/uploads.hpp"

namespace aa::uploads {

using PartId = Id<struct PartTag>;

struct UploadRow {
  UploadId id;
  OrganizationId organization_id;
  ProjectId project_id;
  UserId user_id;
  std::string filename;
  std::int64_t size_bytes = 0;
  std::int64_t received = 0;
  UploadState state = UploadState::receiving;
  std::string result;
  Timestamp expires_at;
  Timestamp lease_until;

  db::Scope scope() const { return db::Scope::tenant(organization_id); }
};
BOOST_DESCRIBE_STRUCT(UploadRow, (),
                      (id, organization_id, project_id, user_id, filename, size_bytes, received,
                       state, result, expires_at, lease_until))

struct PartRow {
  PartId id;
  std::int64_t first = 0;
};
BOOST_DESCRIBE_STRUCT(PartRow, (), (id, first))

inline constexpr std::string_view kPartFolder = "upload-parts";

inline blob::Key part_key(OrganizationId organization, PartId id) {
  return {organization, std::string(kPartFolder) + "/" + id.str()};
}

}  // namespace aa::uploads
