// What COCO files say of themselves, their images and categories and we have no place for: kept by
// an import, written back by the next exports, so that other programs find their members again.
// Members of annotations stay with the annotations. Private to the module.
//
// A later import of the same image, category or file replaces what an earlier one left.
// Memory: all of a project's rows while it is exported. Limits: kExtraBytes a row.
// Thread rule: one coroutine.
#pragma once

#include <map>

#include "driver/db/database.hpp"
#include "kernel/formats/coco.hpp"
#include "service/jobs/job_queue.hpp"

namespace aa::transfer {

using runtime::Task;

inline constexpr std::size_t kExtraBytes = 256 << 10;
inline constexpr std::string_view kFileSubject = "file";

enum class ExtraKind { file, image, category };
BOOST_DESCRIBE_ENUM(ExtraKind, file, image, category)

struct CocoExtra {
  ExtraKind kind = ExtraKind::file;
  std::string subject;  // an asset's or a label's id, kFileSubject
  std::string extra;    // a JSON object
};

json::Object image_extra(const formats::CocoImage& image);
json::Object category_extra(const formats::CocoCategory& category);

// In the job's name, some hundred rows a transaction.
Task<> keep_extras(db::Database& database, jobs::Run& run, std::vector<CocoExtra> extras);
// By subject.
Task<std::map<std::string, json::Object>> load_extras(db::Database& database, jobs::Run& run,
                                                      ExtraKind kind);
// Gives back what was kept; what the label itself says stays.
void restore(formats::CocoCategory& category, const json::Object& extra);

}  // namespace aa::transfer
