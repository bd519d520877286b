#include "service/transfer/asset_names.hpp"

#include <algorithm>
#include <charconv>

#include "kernel/document/labels.hpp"

namespace aa::transfer {
namespace {

using assets::Asset;

std::string extension_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? "" : std::string(name.substr(dot));
}

std::string numbered(std::string_view name, std::int64_t rank) {
  return stem_of(name) + "_" + std::to_string(rank) + extension_of(name);
}

}  // namespace

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

std::string base_name(std::string_view path) {
  const auto slash = path.find_last_of("/\\");
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string stem_of(std::string_view name) { return std::string(name.substr(0, name.rfind('.'))); }

std::string ExportNames::key_of(std::string_view name) const {
  return document::folded_case(by_stem_ ? stem_of(name) : std::string(name));
}

void ExportNames::add(const Asset& asset) {
  items_.push_back({asset.id, asset.rank, safe_name(asset.filename)});
}

void ExportNames::finish() {
  std::map<std::string, int> count;
  for (const auto& item : items_) ++count[key_of(item.name)];
  std::set<std::string> taken;
  for (const auto& item : items_) {
    if (count[key_of(item.name)] > 1) continue;
    taken.insert(key_of(item.name));
    names_[item.id] = item.name;
  }
  for (const auto& item : items_) {
    if (names_.contains(item.id)) continue;
    auto name = numbered(item.name, item.rank);
    while (!taken.insert(key_of(name)).second) name = numbered(name, item.rank);
    names_[item.id] = name;
  }
  items_.clear();
}

void AssetIndex::add(Asset asset) {
  const auto at = assets_.size();
  const auto base = base_name(asset.filename);
  const auto safe = safe_name(asset.filename);
  by_id_[asset.id] = at;
  by_rank_[asset.rank] = at;
  full_.emplace(asset.filename, at);
  base_.emplace(base, at);
  safe_.emplace(safe, at);
  base_stem_.emplace(stem_of(base), at);
  safe_stem_.emplace(stem_of(safe), at);
  sha256_.emplace(asset.sha256, at);
  assets_.push_back(std::move(asset));
}

const Asset* AssetIndex::find(AssetId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &assets_[found->second];
}

const Asset* AssetIndex::find(std::string_view name, By by, std::size_t& count) const {
  const auto base = base_name(name);
  std::vector<std::pair<const Names*, std::string>> steps = {{&base_stem_, base},
                                                             {&safe_stem_, base}};
  if (by == By::name) steps = {{&full_, std::string(name)}, {&base_, base}, {&safe_, base}};
  count = 0;
  for (const auto& [names, key] : steps) {
    const auto [first, last] = names->equal_range(key);
    const auto found = static_cast<std::size_t>(std::distance(first, last));
    if (found == 1) {
      count = 1;
      return &assets_[first->second];
    }
    count = std::max(count, found);
  }
  const auto* asset = find_numbered(base, by);
  if (asset != nullptr) count = 1;
  return asset;
}

const Asset* AssetIndex::find_numbered(const std::string& base, By by) const {
  const auto stem = by == By::name ? stem_of(base) : base;
  const auto bar = stem.rfind('_');
  if (bar == std::string::npos) return nullptr;
  std::int64_t rank = -1;
  const char* end = stem.data() + stem.size();
  const auto [stop, error] = std::from_chars(stem.data() + bar + 1, end, rank);
  const auto placed = by_rank_.find(rank);
  if (error != std::errc{} || stop != end || placed == by_rank_.end()) return nullptr;
  const auto& asset = assets_[placed->second];
  const auto plain = stem.substr(0, bar) + (by == By::name ? extension_of(base) : "");
  const auto safe = safe_name(asset.filename);
  return (by == By::name ? safe : stem_of(safe)) == plain ? &asset : nullptr;
}

bool AssetIndex::any_named(std::string_view name) const {
  return full_.contains(name) || base_.contains(base_name(name)) || safe_.contains(base_name(name));
}

const Asset* AssetIndex::find_same(std::string_view name, const std::string& sha256,
                                   const std::set<AssetId>& but) const {
  const auto base = base_name(name);
  const Asset* alike = nullptr;
  const auto [first, last] = sha256_.equal_range(sha256);
  for (auto it = first; it != last; ++it) {
    const auto& asset = assets_[it->second];
    if (but.contains(asset.id)) continue;
    if (asset.filename == name) return &asset;
    const bool named = base_name(asset.filename) == base || safe_name(asset.filename) == base;
    if (named && alike == nullptr) alike = &asset;
  }
  return alike;
}

}  // namespace aa::transfer
