// Operations against what others did since they were made: kernel/ot for a batch. Private to the
// module.
//
// Thread rule: pure functions. Errors: none.
#pragma once

#include "kernel/ot/ot.hpp"
#include "service/annotation/annotation_types.hpp"

namespace aa::annotation {

// What each of `operations` becomes after all of `since`; those of other annotations do not meet,
// and an operation of `since` that is one of `operations` (sent again) does not count.
std::vector<ot::Merge> merge_since(const std::vector<document::Operation>& operations,
                                   const std::vector<StoredOperation>& since);

// Would it take too long? Conflict "too_far_behind" then: the sender must look at what is there
// now.
std::optional<Error> too_far_behind(std::size_t operations,
                                    const std::vector<StoredOperation>& since);

// Why nothing is left of it.
DroppedOperation lost_to(const document::Document& present, const document::Operation& operation,
                         std::string_view rule);

}  // namespace aa::annotation
