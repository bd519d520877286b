// The names of a project's images inside its exports, and the way back from a name in a file to the
// image that is meant.
//
// Exports: an image keeps its file name, made safe, when no other image has it (case aside). Images
// that share one are all numbered by their place in the project, "a_0.png" and "a_1.png": places
// are never given again, so the name still means the same image after another was deleted.
// Imports look, in this order, for the one image: whose file name is the name; whose file name ends
// with it, folders aside; whose safe name it is; of that place and that safe name. A step that
// finds several goes on to the next; nothing is guessed.
//
// Thread rule: values. Errors: none.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "service/assets/asset_types.hpp"

namespace aa::transfer {

// A user's file name as a path inside an archive: one part, nothing that a shell or a file system
// reads as more than a name.
std::string safe_name(std::string_view filename);
std::string base_name(std::string_view path);
// Up to the last dot.
std::string stem_of(std::string_view name);

class ExportNames {
 public:
  // `by_stem`: names must differ without their extensions too, as YOLO's label files are named.
  explicit ExportNames(bool by_stem) : by_stem_(by_stem) {}
  void add(const assets::Asset& asset);  // each, by rank
  void finish();                         // once
  bool knows(AssetId id) const { return names_.contains(id); }
  const std::string& of(AssetId id) const { return names_.at(id); }

 private:
  struct Item {
    AssetId id;
    std::int64_t rank = 0;
    std::string name;
  };
  std::string key_of(std::string_view name) const;

  bool by_stem_;
  std::vector<Item> items_;
  std::map<AssetId, std::string> names_;
};

class AssetIndex {
 public:
  enum class By { name, stem };

  void add(assets::Asset asset);
  const assets::Asset* find(AssetId id) const;
  // The image a name means; null when there is none or several, which `count` tells.
  const assets::Asset* find(std::string_view name, By by, std::size_t& count) const;
  // The first, by rank, of these bytes and of this name in one of the ways above; the whole name
  // goes before its last part. Not one of `but`.
  const assets::Asset* find_same(std::string_view name, const std::string& sha256,
                                 const std::set<AssetId>& but) const;
  bool any_named(std::string_view name) const;

 private:
  const assets::Asset* find_numbered(const std::string& base, By by) const;

  using Names = std::multimap<std::string, std::size_t, std::less<>>;

  std::vector<assets::Asset> assets_;
  std::map<AssetId, std::size_t> by_id_;
  std::map<std::int64_t, std::size_t> by_rank_;
  Names full_;
  Names base_;
  Names safe_;
  Names base_stem_;
  Names safe_stem_;
  Names sha256_;
};

}  // namespace aa::transfer
