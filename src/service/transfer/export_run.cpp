#include "base/hash.hpp"
#include "driver/archive/zip_writer.hpp"
#include "driver/media/image_codec.hpp"
#include "kernel/formats/yolo.hpp"
#include "service/transfer/asset_names.hpp"
#include "service/transfer/coco_extras.hpp"
#include "service/transfer/statements.hpp"
#include "service/transfer/transfer.hpp"

namespace aa::transfer {
namespace {

using archive::Packing;
using archive::ZipWriter;
using assets::Asset;

constexpr int kPage = 200;
constexpr std::size_t kFlushBytes = 512 * 1024;
constexpr int kUprightQuality = 95;

// "My dogs!" becomes "my-dogs".
std::string slug_of(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, 60)) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0)
      out += static_cast<char>(std::tolower(byte));
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "dataset" : out;
}

}  // namespace

// One export from its first page to its blob.
class ExportRun {
 public:
  ExportRun(Transfer& transfer, jobs::Run& run)
      : t_(transfer),
        run_(run),
        format_(run.payload().at("format").as_string()),
        images_(run.payload().at("images").as_bool()),
        names_(format_ != "coco") {
    if (const auto* wanted = run.payload().if_contains("asset_ids")) {
      wanted_.emplace();
      for (const auto& id : wanted->as_array()) wanted_->emplace(id.as_string());
    }
  }

  Task<> execute();

 private:
  template <class F>
  Task<> on_disk(F work) {
    co_await runtime::run_on(t_.executors_.blocking(), std::move(work));
  }
  Task<> write(std::string text, bool flush = false);
  Task<> name_assets();
  Task<> each_asset(std::function<Task<>(const Asset&)> work);
  Task<> write_coco();
  Task<> write_yolo();
  Task<> add_picture(const Asset& asset, std::string path);
  formats::CocoImage coco_image(const Asset& asset);
  Task<> record(std::string filename);

  Transfer& t_;
  jobs::Run& run_;
  std::string format_;
  bool images_;
  std::string blob_;
  std::shared_ptr<blob::Writer> sink_;
  std::shared_ptr<ZipWriter> zip_;
  std::string text_;
  document::LabelSchema labels_;
  ExportNames names_;
  std::optional<std::set<std::string>> wanted_;  // absent: all
  std::map<std::string, json::Object> extras_;   // of images, by asset
};

// Also says which image it is, so that an import need not go by the name.
formats::CocoImage ExportRun::coco_image(const Asset& asset) {
  formats::CocoImage image;
  if (const auto found = extras_.find(asset.id.str()); found != extras_.end()) {
    image.extra = found->second;
  }
  image.id = asset.rank + 1;
  image.file_name = names_.of(asset.id);
  image.width = static_cast<std::uint32_t>(asset.width);
  image.height = static_cast<std::uint32_t>(asset.height);
  image.extra["annotateai"] = json::Object{
      {"asset_id", asset.id.str()}, {"exported_as", image.file_name}, {"filename", asset.filename}};
  return image;
}

// Text goes out in large pieces; into the zip it goes whole, since an entry names its size first.
Task<> ExportRun::write(std::string text, bool flush) {
  text_ += text;
  if (zip_ || (text_.size() < kFlushBytes && !flush)) co_return;
  auto work = [sink = sink_, piece = std::move(text_)] {
    sink->write(std::as_bytes(std::span(piece.data(), piece.size())));
  };
  text_.clear();
  co_await on_disk(std::move(work));
}

Task<> ExportRun::name_assets() {
  for (std::int64_t after = -1;;) {
    const auto page =
        co_await t_.assets_.list_for(run_.organization(), *run_.project(), after, kPage);
    for (const auto& asset : page) {
      if (!wanted_ || wanted_->contains(asset.id.str())) names_.add(asset);
    }
    if (static_cast<int>(page.size()) < kPage) break;
    after = page.back().rank;
  }
  names_.finish();
}

// Those that were there when the export began.
Task<> ExportRun::each_asset(std::function<Task<>(const Asset&)> work) {
  for (std::int64_t after = -1;;) {
    const auto page =
        co_await t_.assets_.list_for(run_.organization(), *run_.project(), after, kPage);
    for (const auto& asset : page) {
      if (names_.knows(asset.id)) co_await work(asset);
    }
    if (static_cast<int>(page.size()) < kPage) co_return;
    after = page.back().rank;
    const bool stop = co_await run_.should_stop();
    if (stop) {
      throw Error(ErrorCode::cancelled, "cancelled", "The export was cancelled.");
    }
  }
}

Task<> ExportRun::add_picture(const Asset& asset, std::string path) {
  auto bytes = co_await t_.assets_.bytes_for(run_.organization(), asset.id);
  if (asset.orientation != 1) {
    const auto pixels = co_await t_.assets_.pixels_for(run_.organization(), asset.id);
    auto encode = [pixels, png = asset.format == "png"] {
      return png ? media::encode_png(pixels->view())
                 : media::encode_jpeg(pixels->view(), kUprightQuality);
    };
    bytes = co_await runtime::run_on(t_.executors_.compute(), encode);
  }
  auto add = [zip = zip_, path, bytes = std::move(bytes)] {
    zip->add(path, bytes, Packing::stored);
  };
  co_await on_disk(std::move(add));
}

Task<> ExportRun::write_coco() {
  formats::CocoWriter writer;
  auto categories = formats::coco_categories(labels_);
  const auto kept = co_await load_extras(t_.database_, run_, ExtraKind::category);
  std::map<LabelId, std::int64_t> category_of;
  for (std::size_t i = 0; i < labels_.labels.size(); ++i) {
    const auto id = labels_.labels[i].id;
    category_of[id] = categories[i].id;
    if (const auto found = kept.find(id.str()); found != kept.end()) {
      restore(categories[i], found->second);
    }
  }
  auto files = co_await load_extras(t_.database_, run_, ExtraKind::file);
  extras_ = co_await load_extras(t_.database_, run_, ExtraKind::image);
  co_await write(writer.begin(categories, files[std::string(kFileSubject)]));
  const std::function<Task<>(const Asset&)> image = [&](const Asset& asset) {
    return write(writer.image(coco_image(asset)));
  };
  co_await each_asset(image);
  std::int64_t next_id = 1;
  const std::function<Task<>(const Asset&)> annotations = [&](const Asset& asset) -> Task<> {
    const auto list = co_await t_.annotations_.list_for(run_.organization(), asset.id);
    const auto picture = coco_image(asset);
    for (const auto& annotation : list) {
      formats::CocoAnnotation item{next_id++, picture.id, category_of.at(annotation.label_id),
                                   annotation};
      co_await write(writer.annotation(item, picture));
    }
  };
  co_await each_asset(annotations);
  co_await write(writer.end(), true);
  if (!zip_) co_return;
  auto add = [zip = zip_, text = std::move(text_)] {
    zip->add("annotations.json", text, Packing::deflate);
  };
  text_.clear();
  co_await on_disk(std::move(add));
}

Task<> ExportRun::write_yolo() {
  std::vector<std::string> classes;
  std::map<LabelId, std::size_t> class_of;
  for (const auto& label : labels_.labels) {
    class_of[label.id] = classes.size();
    classes.push_back(label.name);
  }
  const auto variant =
      format_ == "yolo-seg" ? formats::YoloVariant::segmentation : formats::YoloVariant::detection;
  const std::function<Task<>(const Asset&)> lines = [&](const Asset& asset) -> Task<> {
    const auto list = co_await t_.annotations_.list_for(run_.organization(), asset.id);
    std::string text;
    for (const auto& annotation : list) {
      text += formats::yolo_lines(annotation.shape, class_of.at(annotation.label_id),
                                  static_cast<std::uint32_t>(asset.width),
                                  static_cast<std::uint32_t>(asset.height), variant);
    }
    const std::string path = "labels/train/" + stem_of(names_.of(asset.id)) + ".txt";
    auto add = [zip = zip_, path, text = std::move(text)] {
      zip->add(path, text, Packing::deflate);
    };
    co_await on_disk(std::move(add));
  };
  co_await each_asset(lines);
  auto add = [zip = zip_, yaml = formats::yolo_data_yaml(classes)] {
    zip->add("data.yaml", yaml, Packing::deflate);
  };
  co_await on_disk(std::move(add));
}

Task<> ExportRun::record(std::string filename) {
  auto commit = [sink = sink_] { return sink->commit(); };
  const auto version = co_await runtime::run_on(t_.executors_.blocking(), commit);
  auto transaction = co_await t_.database_.begin(run_.scope());
  co_await transaction->exec(
      sql::insert_export,
      db::args(run_.id(), run_.organization(), *run_.project(), format_, filename, blob_,
               version.size, to_hex(version.sha256), t_.clock_.now()));
  const auto steps = co_await run_.pending(1);
  if (!steps.empty()) co_await run_.done(*transaction, steps[0]);
  co_await transaction->commit();
  json::Object result;
  result["filename"] = filename;
  result["size_bytes"] = version.size;
  run_.set_result(std::move(result));
}

Task<> ExportRun::execute() {
  labels_ = co_await t_.projects_.labels_for(run_.organization(), *run_.project());
  const auto name = co_await t_.projects_.name_for(run_.organization(), *run_.project());
  blob_ = "exports/" + run_.id().str();
  auto create = [this] {
    return std::shared_ptr<blob::Writer>(t_.blobs_.create({run_.organization(), blob_}));
  };
  sink_ = co_await runtime::run_on(t_.executors_.blocking(), create);
  const bool zipped = images_ || format_ != "coco";
  if (zipped) {
    zip_ = std::make_shared<ZipWriter>(
        [sink = sink_](std::span<const std::byte> bytes) { sink->write(bytes); });
  }
  co_await name_assets();
  if (format_ == "coco")
    co_await write_coco();
  else
    co_await write_yolo();
  if (images_) {
    const std::string folder = format_ == "coco" ? "images/" : "images/train/";
    const std::function<Task<>(const Asset&)> picture = [&](const Asset& asset) {
      return add_picture(asset, folder + names_.of(asset.id));
    };
    co_await each_asset(picture);
  }
  if (zip_) {
    auto close = [zip = zip_] { zip->close(); };
    co_await on_disk(close);
  }
  co_await record(slug_of(name) + "." + format_ + (zipped ? ".zip" : ".json"));
}

Task<> Transfer::run_export(jobs::Run& run) {
  ExportRun execution(*this, run);
  co_await execution.execute();
}

}  // namespace aa::transfer
