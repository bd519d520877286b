#include "service/transfer/coco_extras.hpp"

#include <algorithm>
#include <span>

#include "driver/db/transact.hpp"
#include "service/transfer/statements.hpp"

namespace aa::transfer {
namespace {

constexpr std::size_t kRowsPerTransaction = 500;
constexpr int kPage = 1000;
constexpr std::string_view kSupercategory = "supercategory";

struct ExtraRow {
  std::string subject;
  std::string extra;
};
BOOST_DESCRIBE_STRUCT(ExtraRow, (), (subject, extra))

Task<> put_all(db::Transaction& transaction, jobs::Run& run, std::span<const CocoExtra> extras) {
  for (const auto& row : extras) {
    co_await transaction.exec(sql::put_coco_extra, db::args(run.organization(), *run.project(),
                                                            row.kind, row.subject, row.extra));
  }
}

}  // namespace

// "annotateai" says what an export of ours knew; the next one knows it better.
json::Object image_extra(const formats::CocoImage& image) {
  json::Object out = image.extra;
  out.erase("annotateai");
  return out;
}

json::Object category_extra(const formats::CocoCategory& category) {
  json::Object out = category.extra;
  if (!category.supercategory.empty()) out[kSupercategory] = category.supercategory;
  return out;
}

Task<> keep_extras(db::Database& database, jobs::Run& run, std::vector<CocoExtra> extras) {
  for (std::size_t first = 0; first < extras.size(); first += kRowsPerTransaction) {
    const auto rows =
        std::span(extras).subspan(first, std::min(extras.size() - first, kRowsPerTransaction));
    auto put = [&run, rows](db::Transaction& transaction) {
      return put_all(transaction, run, rows);
    };
    co_await db::transact(database, run.scope(), put);
  }
}

Task<std::map<std::string, json::Object>> load_extras(db::Database& database, jobs::Run& run,
                                                      ExtraKind kind) {
  std::map<std::string, json::Object> out;
  for (std::string after;;) {
    const auto rows =
        co_await database.query(run.scope(), sql::list_coco_extras,
                                db::args(*run.project(), run.organization(), kind, after, kPage));
    const auto page = rows.as<ExtraRow>();
    for (const auto& row : page) out[row.subject] = json::parse(row.extra).as_object();
    if (static_cast<int>(page.size()) < kPage) break;
    after = page.back().subject;
  }
  co_return out;
}

void restore(formats::CocoCategory& category, const json::Object& extra) {
  for (const auto& [name, value] : extra) {
    if (name == kSupercategory && value.is_string()) {
      category.supercategory = std::string(std::string_view(value.get_string()));
    } else if (!category.extra.contains(name)) {
      category.extra[name] = value;
    }
  }
}

}  // namespace aa::transfer
