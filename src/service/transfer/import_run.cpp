#include <algorithm>
#include <set>

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "service/transfer/statements.hpp"
#include "service/transfer/transfer.hpp"

namespace aa::transfer {
namespace {

using assets::Asset;
using document::Annotation;

constexpr int kPage = 200;
constexpr std::size_t kChunkBytes = 1 << 20;

std::string base_name(std::string_view path) {
  const auto slash = path.find_last_of("/\\");
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

// Follows from what it is made of, so that doing it again makes the same: the time bits are those
// of `from`, the rest is a hash.
template <class IdType>
IdType derived_id(const Uuid& from, const std::string& what) {
  const auto digest = sha256(from.str() + what);
  IdType id;
  id.uuid = from;
  for (std::size_t i = 6; i < 16; ++i) id.uuid.bytes[i] = digest[i];
  id.uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | (digest[6] & 0x0f));
  id.uuid.bytes[8] = static_cast<std::uint8_t>(0x80 | (digest[8] & 0x3f));
  return id;
}

// COCO's pairs count from one; what names no point is left out.
document::SkeletonTemplate skeleton_of(const formats::CocoCategory& category) {
  document::SkeletonTemplate out{category.keypoints, {}};
  const auto* member = category.extra.if_contains("skeleton");
  const auto* pairs = member != nullptr ? member->if_array() : nullptr;
  if (pairs == nullptr) return out;
  const auto count = static_cast<std::int64_t>(category.keypoints.size());
  auto is_point = [count](const json::Value& end) {
    const auto* number = end.if_int64();
    return number != nullptr && *number >= 1 && *number <= count;
  };
  for (const auto& pair : *pairs) {
    const auto* ends = pair.if_array();
    if (ends == nullptr || ends->size() != 2 || !std::ranges::all_of(*ends, is_point)) continue;
    out.edges.push_back({static_cast<int>(ends->at(0).as_int64() - 1),
                         static_cast<int>(ends->at(1).as_int64() - 1)});
  }
  return out;
}

// Attributes that the label does not have stay with the foreign members, so they are not lost.
void set_aside_unknown_attributes(Annotation& annotation, const document::Label& label) {
  json::Object unknown;
  for (const auto& [name, value] : annotation.attributes) {
    const auto has_name = [&name = name](const document::LabelAttribute& attribute) {
      return std::string_view(name) == attribute.name;
    };
    if (std::ranges::none_of(label.attributes, has_name)) unknown[name] = value;
  }
  if (unknown.empty()) return;
  for (const auto& [name, value] : unknown) annotation.attributes.erase(name);
  if (!annotation.extra) annotation.extra.emplace();
  (*annotation.extra)["attributes"] = std::move(unknown);
}

std::string fold_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return out;
}

}  // namespace

// One import: reads the dataset, matches images and labels, appends operations asset by asset.
class ImportRun {
 public:
  ImportRun(Transfer& transfer, jobs::Run& run) : t_(transfer), run_(run) {}
  Task<> execute();

 private:
  Task<formats::CocoDataset> read_file();
  Task<> match_assets();
  Task<> match_labels();
  Task<> add_missing_labels(std::vector<projects::LabelInput> missing);
  Task<> import_asset(const Asset& asset, std::vector<std::size_t> items);
  std::optional<Annotation> adapt(const Asset& asset, std::size_t item);
  AnnotationId id_for(const Asset& asset, std::size_t item) const;
  void problem(std::string where, std::string detail);

  Transfer& t_;
  jobs::Run& run_;
  formats::CocoDataset dataset_;
  document::LabelSchema labels_;
  std::map<std::int64_t, Asset> asset_of_;    // by COCO image id
  std::map<std::int64_t, LabelId> label_of_;  // by COCO category id
  std::set<AnnotationId> present_;            // on the image that is worked on
  ImportResult result_;
};

void ImportRun::problem(std::string where, std::string detail) {
  if (result_.problems.size() < formats::Problems::kKept) {
    result_.problems.push_back({std::move(where), std::move(detail)});
  }
}

Task<formats::CocoDataset> ImportRun::read_file() {
  auto work = [this] {
    const auto reader = t_.blobs_.open(
        {run_.organization(), std::string(run_.payload().at("blob").as_string())});
    formats::CocoReader coco;
    std::vector<std::byte> buffer(kChunkBytes);
    for (std::uint64_t at = 0;;) {
      const auto count = reader->read_at(at, buffer);
      if (count == 0) break;
      coco.feed({reinterpret_cast<const char*>(buffer.data()), count});
      at += count;
    }
    return coco.finish();
  };
  co_return co_await runtime::run_on(t_.executors_.compute(), std::move(work));
}

// By file name, whatever folder the file says; a name that several images have is not guessed.
Task<> ImportRun::match_assets() {
  std::multimap<std::string, Asset> by_name;
  for (std::int64_t after = -1;;) {
    const auto page =
        co_await t_.assets_.list_for(run_.organization(), *run_.project(), after, kPage);
    for (const auto& asset : page) by_name.emplace(asset.filename, asset);
    if (static_cast<int>(page.size()) < kPage) break;
    after = page.back().rank;
  }
  for (const auto& image : dataset_.images) {
    const auto name = base_name(image.file_name);
    const auto count = by_name.count(name);
    const std::string where = "images/" + std::to_string(image.id);
    if (count != 1) {
      problem(where, count == 0 ? "no image named \"" + name + "\" is in the project"
                                : "several images named \"" + name + "\" are in the project");
      continue;
    }
    const auto& asset = by_name.find(name)->second;
    const bool sized = image.width != 0 && image.height != 0;
    if (sized && (image.width != asset.width || image.height != asset.height)) {
      problem(where, "\"" + name + "\" is " + std::to_string(asset.width) + " x " +
                         std::to_string(asset.height) + " pixels in the project, not " +
                         std::to_string(image.width) + " x " + std::to_string(image.height));
      continue;
    }
    asset_of_[image.id] = asset;
  }
}

Task<> ImportRun::match_labels() {
  labels_ = co_await t_.projects_.labels_for(run_.organization(), *run_.project());
  std::vector<projects::LabelInput> missing;
  for (const auto& category : dataset_.categories) {
    const bool known = std::ranges::any_of(labels_.labels, [&](const auto& label) {
      return fold_case(label.name) == fold_case(category.name);
    });
    if (known) continue;
    projects::LabelInput input;
    input.name = category.name;
    if (!category.keypoints.empty()) {
      input.skeleton = skeleton_of(category);
    }
    missing.push_back(std::move(input));
  }
  if (!missing.empty()) co_await add_missing_labels(std::move(missing));
  for (const auto& category : dataset_.categories) {
    for (const auto& label : labels_.labels) {
      if (fold_case(label.name) == fold_case(category.name)) label_of_[category.id] = label.id;
    }
  }
}

Task<> ImportRun::add_missing_labels(std::vector<projects::LabelInput> missing) {
  co_await t_.projects_.add_labels_for(
      {run_.organization(), run_.created_by(), "", run_.id().str()}, *run_.project(),
      std::move(missing));
  labels_ = co_await t_.projects_.labels_for(run_.organization(), *run_.project());
}

// An annotation of ours that is on this very image is replaced. On another image its id is taken,
// so there the id follows from both: importing a file twice makes nothing double.
AnnotationId ImportRun::id_for(const Asset& asset, std::size_t item) const {
  const auto& given = dataset_.annotations[item].annotation.id;
  if (given == AnnotationId{}) {
    return derived_id<AnnotationId>(run_.id().uuid, "annotation" + std::to_string(item));
  }
  if (present_.contains(given)) return given;
  return derived_id<AnnotationId>(given.uuid, "on" + asset.id.str());
}

std::optional<Annotation> ImportRun::adapt(const Asset& asset, std::size_t item) {
  const auto& source = dataset_.annotations[item];
  const std::string where = "annotations/" + std::to_string(source.id);
  const auto label = label_of_.find(source.category_id);
  if (label == label_of_.end()) {
    problem(where, "category " + std::to_string(source.category_id) + " is not in the file");
    return std::nullopt;
  }
  Annotation annotation = source.annotation;
  annotation.id = id_for(asset, item);
  annotation.asset_id = asset.id;
  annotation.label_id = label->second;
  set_aside_unknown_attributes(annotation, *labels_.find(label->second));
  const auto problems = document::validate(annotation, labels_,
                                           {static_cast<std::uint32_t>(asset.width),
                                            static_cast<std::uint32_t>(asset.height), {}});
  if (!problems.empty()) {
    problem(where, problems[0].pointer + " " + problems[0].detail);
    return std::nullopt;
  }
  return annotation;
}

Task<> ImportRun::import_asset(const Asset& asset, std::vector<std::size_t> items) {
  present_.clear();
  const auto olds = co_await t_.annotations_.list_for(run_.organization(), asset.id);
  for (const auto& old : olds) present_.insert(old.id);
  for (std::size_t first = 0; first < items.size(); first += limits::kOperationsPerBatch) {
    annotation::Batch batch;
    const auto fresh = co_await t_.assets_.get_for(run_.organization(), asset.id);
    batch.base_revision = fresh.revision;
    const auto last = std::min(items.size(), first + limits::kOperationsPerBatch);
    for (std::size_t i = first; i < last; ++i) {
      auto annotation = adapt(asset, items[i]);
      if (!annotation) {
        ++result_.skipped;
        continue;
      }
      batch.operations.push_back(
          {derived_id<OperationId>(run_.id().uuid, "operation" + std::to_string(items[i])),
           document::Put{std::move(*annotation)}});
    }
    if (batch.operations.empty()) continue;
    const auto count = batch.operations.size();
    auto transaction = co_await t_.database_.begin(run_.scope());
    annotation::Author author{{run_.organization(), run_.created_by(), "", run_.id().str()},
                              run_.created_by(), document::Source::import};
    const auto outcome = co_await t_.annotations_.apply_in(*transaction, std::move(author), fresh,
                                                           labels_, std::move(batch));
    for (const auto& rejected : outcome.rejected) {
      problem("operations/" + rejected.id.str(), rejected.detail);
    }
    if (!outcome.rejected.empty()) {
      result_.skipped += static_cast<std::int64_t>(count);
      continue;
    }
    co_await transaction->commit();
    result_.imported += static_cast<std::int64_t>(count);
  }
}

Task<> ImportRun::execute() {
  dataset_ = co_await read_file();
  for (const auto& [where, detail] : dataset_.problems.kept()) problem(where, detail);
  result_.skipped = static_cast<std::int64_t>(dataset_.problems.total());
  co_await match_assets();
  co_await match_labels();
  std::map<std::int64_t, std::vector<std::size_t>> by_image;
  for (std::size_t i = 0; i < dataset_.annotations.size(); ++i) {
    by_image[dataset_.annotations[i].image_id].push_back(i);
  }
  for (auto& [image, items] : by_image) {
    const auto asset = asset_of_.find(image);
    if (asset == asset_of_.end()) {
      result_.skipped += static_cast<std::int64_t>(items.size());
      continue;
    }
    co_await import_asset(asset->second, std::move(items));
    const bool stop = co_await run_.should_stop();
    if (stop) co_return;
  }
  auto transaction = co_await t_.database_.begin(run_.scope());
  const auto steps = co_await run_.pending(1);
  if (!steps.empty()) co_await run_.done(*transaction, steps[0]);
  co_await transaction->commit();
  run_.set_result(json::parse(json::write(result_)).as_object());
}

Task<> Transfer::run_import(jobs::Run& run) {
  ImportRun execution(*this, run);
  co_await execution.execute();
}

}  // namespace aa::transfer
