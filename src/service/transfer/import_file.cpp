#include "service/transfer/import_file.hpp"

#include <algorithm>
#include <array>

#include "base/hash.hpp"
#include "kernel/document/labels.hpp"
#include "service/assets/blob_source.hpp"
#include "service/assets/zip_content.hpp"
#include "service/transfer/asset_names.hpp"

namespace aa::transfer {
namespace {

constexpr std::size_t kChunkBytes = 1 << 20;

bool ends_with_path(std::string_view path, std::string_view end) {
  return path == end || (path.ends_with(end) && path[path.size() - end.size() - 1] == '/');
}

}  // namespace

bool is_picture(std::string_view path) {
  static constexpr std::array<std::string_view, 10> kExtensions = {
      "jpg", "jpeg", "jpe", "png", "webp", "bmp", "tif", "tiff", "avif", "jfif"};
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos || assets::is_leftover(path)) return false;
  return std::ranges::count(kExtensions, document::folded_case(path.substr(dot + 1))) > 0;
}

ImportFile::ImportFile(blob::Store& blobs, const blob::Key& key) : reader_(blobs.open(key)) {
  std::array<char, 4> head{};
  const auto count = reader_->read_at(0, std::as_writable_bytes(std::span(head)));
  if (!archive::looks_like_zip({head.data(), count})) return;
  zip_ = std::make_unique<archive::ZipReader>(std::make_shared<assets::BlobSource>(reader_));
  for (const auto& entry : zip_->entries()) {
    if (entry.folder || !is_picture(entry.path)) continue;
    pictures_.push_back(&entry);
    by_path_.emplace(entry.path, &entry);
    by_base_.emplace(base_name(entry.path), &entry);
  }
}

const archive::ZipEntry* ImportFile::picture(std::string_view file_name) const {
  const auto exact = by_path_.find(file_name);
  if (exact != by_path_.end()) return exact->second;
  const auto [first, last] = by_base_.equal_range(base_name(file_name));
  const archive::ZipEntry* found = nullptr;
  for (auto it = first; it != last; ++it) {
    if (!ends_with_path(it->second->path, file_name)) continue;
    if (found != nullptr) return nullptr;
    found = it->second;
  }
  if (found != nullptr) return found;
  return std::distance(first, last) == 1 ? first->second : nullptr;
}

std::string ImportFile::sha256_of(const archive::ZipEntry& entry) const {
  const auto stream = zip_->open(entry);
  Sha256 hash;
  std::vector<std::byte> buffer(kChunkBytes);
  while (const auto count = stream->read(buffer)) hash.update(std::span(buffer).first(count));
  return to_hex(hash.finish());
}

const archive::ZipEntry& ImportFile::annotations_entry() const {
  const archive::ZipEntry* found = nullptr;
  for (const auto& entry : zip_->entries()) {
    const bool fits = entry.path.ends_with(".json") && !assets::is_leftover(entry.path);
    if (!fits) continue;
    if (entry.path == "annotations.json") return entry;
    if (found != nullptr) {
      throw invalid("several_annotations", "The zip holds \"" + found->path + "\" and \"" +
                                               entry.path +
                                               "\"; name the one to be read annotations.json.");
    }
    found = &entry;
  }
  if (found == nullptr) throw invalid("no_annotations", "The zip holds no COCO file (.json).");
  return *found;
}

formats::CocoDataset ImportFile::read_coco() const {
  formats::CocoReader coco;
  std::vector<std::byte> buffer(kChunkBytes);
  const auto feed = [&](std::size_t count) {
    coco.feed({reinterpret_cast<const char*>(buffer.data()), count});
  };
  if (zip_) {
    const auto stream = zip_->open(annotations_entry());
    while (const auto count = stream->read(buffer)) feed(count);
  } else {
    std::uint64_t at = 0;
    while (const auto count = reader_->read_at(at, buffer)) {
      feed(count);
      at += count;
    }
  }
  return coco.finish();
}

}  // namespace aa::transfer
