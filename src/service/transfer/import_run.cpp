#include "service/transfer/import_run.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "driver/db/transact.hpp"

namespace aa::transfer {
namespace {

using assets::Asset;
using document::Annotation;

constexpr int kTries = 4;  // against other writers of the same annotations

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

}  // namespace

void ImportRun::problem(std::string where, std::string detail) {
  if (result_.problems.size() < formats::Problems::kKept) {
    result_.problems.push_back({std::move(where), std::move(detail)});
  }
}

Task<bool> ImportRun::open_file() {
  const blob::Key key{run_.organization(), std::string(run_.payload().at("blob").as_string())};
  auto open = [this, key] { return std::make_shared<ImportFile>(t_.blobs_, key); };
  file_ = co_await on_disk(std::move(open));
  if (file_->zip() == nullptr) co_return true;
  for (const auto& entry : file_->zip()->entries()) {
    auto verify = [zip = file_->zip(), &entry] {
      zip->verify(entry);
      return true;
    };
    co_await on_disk(std::move(verify));
    const bool stop = co_await run_.should_stop();
    if (stop) co_return false;
  }
  co_return true;
}

Task<> ImportRun::match_labels() {
  labels_ = co_await t_.projects_.labels_for(run_.organization(), *run_.project());
  std::map<std::string, std::set<std::string>> spellings;
  for (const auto& category : dataset_.categories) {
    spellings[document::folded_case(category.name)].insert(category.name);
  }
  const auto label_for = [&](const std::string& name) -> const document::Label* {
    const auto* label = labels_.find_name(name);
    const bool apart = spellings[document::folded_case(name)].size() > 1;
    return label != nullptr && apart && label->name != name ? nullptr : label;
  };
  std::vector<projects::LabelInput> missing;
  for (const auto& category : dataset_.categories) {
    if (label_for(category.name) != nullptr) continue;
    projects::LabelInput input;
    input.name = category.name;
    if (!category.keypoints.empty()) input.skeleton = skeleton_of(category);
    missing.push_back(std::move(input));
  }
  if (!missing.empty()) {
    audit::Actor actor(run_.organization(), run_.created_by(), "", run_.id().str());
    co_await t_.projects_.add_labels_for(std::move(actor), *run_.project(), std::move(missing));
    labels_ = co_await t_.projects_.labels_for(run_.organization(), *run_.project());
  }
  for (const auto& category : dataset_.categories) {
    if (const auto* label = label_for(category.name)) label_of_[category.id] = label->id;
  }
}

Task<> ImportRun::keep_foreign_members() {
  std::vector<CocoExtra> extras;
  const auto keep = [&](ExtraKind kind, std::string subject, std::string where,
                        const json::Object& members) {
    if (members.empty()) return;
    auto text = json::write(members);
    if (text.size() > kExtraBytes) {
      problem(std::move(where), "has more members that are not COCO's than are kept");
      return;
    }
    extras.push_back({kind, std::move(subject), std::move(text)});
  };
  keep(ExtraKind::file, std::string(kFileSubject), "file", dataset_.extra);
  for (const auto& category : dataset_.categories) {
    const auto label = label_of_.find(category.id);
    if (label == label_of_.end()) continue;
    keep(ExtraKind::category, label->second.str(), "categories/" + std::to_string(category.id),
         category_extra(category));
  }
  for (const auto& image : dataset_.images) {
    const auto asset = asset_of_.find(image.id);
    if (asset == asset_of_.end()) continue;
    keep(ExtraKind::image, asset->second.id.str(), "images/" + std::to_string(image.id),
         image_extra(image));
  }
  co_await keep_extras(t_.database_, run_, std::move(extras));
}

AnnotationId ImportRun::id_on(const Asset& asset, const AnnotationId& id) const {
  if (present_.contains(id)) return id;
  return derived_id<AnnotationId>(id.uuid, "on" + asset.id.str());
}

// Of an annotation of ours on its own image the id stays. On another image its id is taken, so
// there the id follows from both.
AnnotationId ImportRun::id_for(const Asset& asset, const Annotation& annotation) {
  if (annotation.id != AnnotationId{}) return id_on(asset, annotation.id);
  const auto essence = annotation.label_id.str() + json::write(annotation.shape);
  const auto number = alike_[essence]++;
  return derived_id<AnnotationId>(asset.id.uuid, essence + "#" + std::to_string(number));
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
  annotation.asset_id = asset.id;
  annotation.label_id = label->second;
  annotation.id = id_for(asset, annotation);
  if (annotation.relations) {
    for (auto& relation : *annotation.relations) relation.to = id_on(asset, relation.to);
  }
  set_aside_unknown_attributes(annotation, *labels_.find(label->second));
  const auto problems = document::validate(
      annotation, labels_,
      {static_cast<std::uint32_t>(asset.width), static_cast<std::uint32_t>(asset.height), {}});
  if (!problems.empty()) {
    problem(where, problems[0].pointer + " " + problems[0].detail);
    return std::nullopt;
  }
  return annotation;
}

Task<> ImportRun::load_present(AssetId asset) {
  present_.clear();
  const auto olds = co_await t_.annotations_.list_for(run_.organization(), asset);
  for (const auto& old : olds) present_.insert(old.id);
}

Task<bool> ImportRun::append(const Asset& asset, std::span<const std::size_t> items,
                             bool last_try) {
  const auto fresh = co_await t_.assets_.get_for(run_.organization(), asset.id);
  co_await load_present(asset.id);
  annotation::Batch batch;
  batch.base_revision = fresh.revision;
  for (const auto item : items) {
    const auto& annotation = adapted_.at(item);
    const bool foreign = dataset_.annotations[item].annotation.id == AnnotationId{};
    if (foreign && present_.contains(annotation.id)) continue;  // imported before
    batch.operations.push_back(
        {derived_id<OperationId>(run_.id().uuid, "operation" + std::to_string(item)),
         document::Put{annotation}});
  }
  if (batch.operations.empty()) co_return true;
  annotation::Author author{{run_.organization(), run_.created_by(), "", run_.id().str()},
                            run_.created_by(),
                            document::Source::import};
  annotation::Outcome outcome;
  auto apply = [&](db::Transaction& transaction) -> Task<> {
    outcome = co_await t_.annotations_.apply_in(transaction, author, fresh, labels_, batch);
  };
  co_await db::transact(t_.database_, run_.scope(), apply);
  if (outcome.rejected.empty()) co_return true;
  if (last_try) {
    for (const auto& rejected : outcome.rejected) {
      problem("operations/" + rejected.id.str(), rejected.detail);
    }
  }
  co_return false;
}

Task<> ImportRun::import_asset(const Asset& asset, std::vector<std::size_t> items) {
  co_await load_present(asset.id);
  adapted_.clear();
  alike_.clear();
  std::vector<std::size_t> sound;
  for (const auto item : items) {
    auto annotation = adapt(asset, item);
    if (!annotation) continue;
    adapted_.emplace(item, std::move(*annotation));
    sound.push_back(item);
  }
  result_.skipped += static_cast<std::int64_t>(items.size() - sound.size());
  for (std::size_t first = 0; first < sound.size(); first += limits::kOperationsPerBatch) {
    const auto count = std::min(sound.size() - first, limits::kOperationsPerBatch);
    const auto part = std::span<const std::size_t>(sound).subspan(first, count);
    bool done = false;
    for (int i = 1; i <= kTries && !done; ++i) {
      done = co_await append(asset, part, i == kTries);
    }
    (done ? result_.imported : result_.skipped) += static_cast<std::int64_t>(count);
  }
}

Task<bool> ImportRun::import_annotations() {
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
    if (stop) co_return false;
  }
  co_return true;
}

Task<> ImportRun::finish() {
  auto transaction = co_await t_.database_.begin(run_.scope());
  const auto steps = co_await run_.pending(1);
  if (!steps.empty()) co_await run_.done(*transaction, steps[0]);
  co_await transaction->commit();
  run_.set_result(json::parse(json::write(result_)).as_object());
  co_await t_.assets_.took_in(asset_of_.size());
  co_await t_.annotations_.took_in(static_cast<std::size_t>(result_.imported));
}

Task<> ImportRun::execute() {
  const bool opened = co_await open_file();
  if (!opened) co_return;
  auto read = [this] {
    if (yolo_)
      read_yolo_layout();
    else
      dataset_ = file_->read_coco();
    return true;
  };
  co_await on_disk(std::move(read));
  const bool resolved = co_await resolve_images();
  if (!resolved) co_return;
  co_await match_labels();
  if (yolo_)
    co_await read_yolo_labels();
  else
    co_await keep_foreign_members();
  for (const auto& [where, detail] : dataset_.problems.kept()) problem(where, detail);
  result_.skipped += static_cast<std::int64_t>(dataset_.problems.total());
  const bool imported = co_await import_annotations();
  if (imported) co_await finish();
}

Task<> Transfer::run_import(jobs::Run& run) {
  ImportRun execution(*this, run);
  co_await execution.execute();
}

}  // namespace aa::transfer
