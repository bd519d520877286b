// A change of a thread on its way through. Private to the module.
// Thread rule: belongs to one coroutine.
#pragma once

#include "service/comments/comments.hpp"
#include "service/comments/rows.hpp"

namespace aa::comments {

struct Comments::Change {
  Tenant tenant;
  ThreadRow thread;
  std::unique_ptr<db::Transaction> transaction;
  std::int64_t revision = 0;  // of the asset's comments, this change included
  Timestamp now;
};

// Throws Error(invalid_argument, "invalid_comment") when there are problems.
void refuse(std::vector<ErrorDetail> problems);
void check_body(std::string_view body, std::string pointer = "/body");
template <class IdType>
void check_client_id(const std::optional<IdType>& id) {
  if (id && id->uuid.version() != 7) refuse({{"/id", "must be a UUID of version 7"}});
}

}  // namespace aa::comments
