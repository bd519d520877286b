#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <set>

#include "base/hash.hpp"
#include "driver/media/image_codec.hpp"
#include "kernel/formats/yolo.hpp"
#include "service/transfer/statements.hpp"
#include "service/transfer/transfer.hpp"

namespace aa::transfer {
namespace {

using assets::Asset;

constexpr int kPage = 200;
constexpr std::size_t kFlushBytes = 512 * 1024;
constexpr int kUprightQuality = 95;

// "My dogs!" becomes "my-dogs".
std::string slug_of(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, 60)) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) out += static_cast<char>(std::tolower(byte));
    else if (!out.empty() && out.back() != '-') out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "dataset" : out;
}

// A user's file name as a path inside an archive: one part, nothing that a shell or a file system
// reads as more than a name.
std::string safe_name(std::string_view filename) {
  std::string out;
  for (const char c : filename) {
    const auto byte = static_cast<unsigned char>(c);
    const bool bad = byte < 0x20 || byte == 0x7f || c == '/' || c == '\\' || c == ':';
    out += bad ? '_' : c;
  }
  while (out.starts_with('.') || out.starts_with('-')) out.front() = '_';
  return out.empty() ? "unnamed" : out;
}

// A zip that streams into a blob. Blocks.
class ZipWriter {
 public:
  explicit ZipWriter(std::shared_ptr<blob::Writer> sink)
      : sink_(std::move(sink)), archive_(archive_write_new()) {
    archive_write_set_format_zip(archive_);
    archive_write_zip_set_compression_deflate(archive_);
    archive_write_set_bytes_per_block(archive_, 0);
    check(archive_write_open(archive_, this, nullptr, &ZipWriter::on_write, nullptr));
  }
  ~ZipWriter() { archive_write_free(archive_); }
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  void add(const std::string& path, std::string_view bytes, bool compress) {
    if (compress) archive_write_zip_set_compression_deflate(archive_);
    else archive_write_zip_set_compression_store(archive_);
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname_utf8(entry, path.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    const int header = archive_write_header(archive_, entry);
    archive_entry_free(entry);
    check(header);
    if (archive_write_data(archive_, bytes.data(), bytes.size()) < 0) check(ARCHIVE_FATAL);
  }
  void close() { check(archive_write_close(archive_)); }

 private:
  static la_ssize_t on_write(archive*, void* self, const void* data, size_t size) {
    auto& zip = *static_cast<ZipWriter*>(self);
    try {
      zip.sink_->write({static_cast<const std::byte*>(data), size});
      return static_cast<la_ssize_t>(size);
    } catch (...) {
      zip.error_ = std::current_exception();
      return -1;
    }
  }
  void check(int code) {
    if (error_) std::rethrow_exception(error_);
    if (code < ARCHIVE_WARN) {
      const char* text = archive_error_string(archive_);
      throw internal_error(std::string("zip: ") + (text != nullptr ? text : "failed"));
    }
  }

  std::shared_ptr<blob::Writer> sink_;
  archive* archive_;
  std::exception_ptr error_;
};

}  // namespace

// One export from its first page to its blob.
class ExportRun {
 public:
  ExportRun(Transfer& transfer, jobs::Run& run)
      : t_(transfer), run_(run),
        format_(run.payload().at("format").as_string()),
        images_(run.payload().at("images").as_bool()) {}

  Task<> execute();

 private:
  template <class F>
  Task<> on_disk(F work) {
    co_await runtime::run_on(t_.executors_.blocking(), std::move(work));
  }
  Task<> write(std::string text, bool flush = false);
  Task<> each_asset(std::function<Task<>(const Asset&)> work);
  Task<> write_coco();
  Task<> write_yolo();
  Task<> add_picture(const Asset& asset, std::string path);
  std::string unique_name(const Asset& asset);
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
  std::set<std::string> names_;
  std::map<AssetId, std::string> name_of_;
};

std::string ExportRun::unique_name(const Asset& asset) {
  const auto known = name_of_.find(asset.id);
  if (known != name_of_.end()) return known->second;
  const std::string plain = safe_name(asset.filename);
  const auto dot = plain.rfind('.');
  const auto stem = plain.substr(0, dot);
  const auto rest = dot == std::string::npos ? "" : plain.substr(dot);
  // A YOLO label file has its image's name without the extension: that must be unique there.
  const bool by_stem = format_ != "coco";
  std::string name = plain;
  for (std::string tail; !names_.insert(by_stem ? stem + tail : name).second;) {
    tail += "_" + std::to_string(asset.rank);
    name = stem + tail + rest;
  }
  name_of_[asset.id] = name;
  return name;
}

formats::CocoImage ExportRun::coco_image(const Asset& asset) {
  formats::CocoImage image;
  image.id = asset.rank + 1;
  image.file_name = unique_name(asset);
  image.width = static_cast<std::uint32_t>(asset.width);
  image.height = static_cast<std::uint32_t>(asset.height);
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

Task<> ExportRun::each_asset(std::function<Task<>(const Asset&)> work) {
  for (std::int64_t after = -1;;) {
    const auto page =
        co_await t_.assets_.list_for(run_.organization(), *run_.project(), after, kPage);
    for (const auto& asset : page) co_await work(asset);
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
  auto add = [zip = zip_, path, bytes = std::move(bytes)] { zip->add(path, bytes, false); };
  co_await on_disk(std::move(add));
}

Task<> ExportRun::write_coco() {
  formats::CocoWriter writer;
  const auto categories = formats::coco_categories(labels_);
  std::map<LabelId, std::int64_t> category_of;
  for (std::size_t i = 0; i < labels_.labels.size(); ++i) {
    category_of[labels_.labels[i].id] = categories[i].id;
  }
  co_await write(writer.begin(categories));
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
  auto add = [zip = zip_, text = std::move(text_)] { zip->add("annotations.json", text, true); };
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
  const auto variant = format_ == "yolo-seg" ? formats::YoloVariant::segmentation
                                             : formats::YoloVariant::detection;
  const std::function<Task<>(const Asset&)> lines = [&](const Asset& asset) -> Task<> {
    const auto list = co_await t_.annotations_.list_for(run_.organization(), asset.id);
    std::string text;
    for (const auto& annotation : list) {
      text += formats::yolo_lines(annotation.shape, class_of.at(annotation.label_id),
                                  static_cast<std::uint32_t>(asset.width),
                                  static_cast<std::uint32_t>(asset.height), variant);
    }
    const std::string name = unique_name(asset);
    const std::string path = "labels/train/" + name.substr(0, name.rfind('.')) + ".txt";
    auto add = [zip = zip_, path, text = std::move(text)] { zip->add(path, text, true); };
    co_await on_disk(std::move(add));
  };
  co_await each_asset(lines);
  auto add = [zip = zip_, yaml = formats::yolo_data_yaml(classes)] {
    zip->add("data.yaml", yaml, true);
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
  if (zipped) zip_ = std::make_shared<ZipWriter>(sink_);
  if (format_ == "coco") co_await write_coco();
  else co_await write_yolo();
  if (images_) {
    const std::string folder = format_ == "coco" ? "images/" : "images/train/";
    const std::function<Task<>(const Asset&)> picture = [&](const Asset& asset) {
      return add_picture(asset, folder + unique_name(asset));
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
