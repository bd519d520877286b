#include "service/search/project_index.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "kernel/learning/picture_hash.hpp"
#include "kernel/learning/similarity.hpp"

namespace aa::search {
namespace {

constexpr std::size_t kEntryBytes = 200;
constexpr std::size_t kNeighbours = 16;
constexpr float kWorthKeeping = 0.5F;

}  // namespace

void ProjectIndex::apply(std::span<const StoredEmbedding> rows) {
  const std::unique_lock lock(mutex_);
  for (const auto& row : rows) {
    if (row.sequence <= head_) continue;
    add(row);
    head_ = row.sequence;
  }
}

void ProjectIndex::add(const StoredEmbedding& row) {
  if (!vectors_) vectors_ = vector_index::make_exact_index(row.vector.size());
  const auto number = vectors_->add(row.vector);
  entries_.push_back({row.subject, row.asset_id, row.content, row.picture_hash});
  const auto [at, fresh] = numbers_.try_emplace(row.subject, number);
  if (fresh) return;
  entries_[at->second].retired = true;
  ++retired_;
  at->second = number;
}

std::int64_t ProjectIndex::head() const {
  const std::shared_lock lock(mutex_);
  return head_;
}

std::size_t ProjectIndex::size() const {
  const std::shared_lock lock(mutex_);
  return entries_.size() - retired_;
}

std::size_t ProjectIndex::bytes() const {
  const std::shared_lock lock(mutex_);
  return (vectors_ ? vectors_->bytes() : 0) + entries_.size() * kEntryBytes;
}

// Not retired, at most `count`. Under the lock.
std::vector<vector_index::Neighbour> ProjectIndex::near(std::span<const float> unit,
                                                        std::size_t count) const {
  if (!vectors_) return {};
  auto found = vectors_->search(unit, count + std::min(retired_, count));
  std::erase_if(found, [&](const auto& one) { return entries_[one.number].retired; });
  if (found.size() > count) found.resize(count);
  return found;
}

std::vector<Hit> ProjectIndex::search(std::span<const float> unit, std::size_t count) const {
  const std::shared_lock lock(mutex_);
  std::vector<Hit> out;
  for (const auto& one : near(unit, count)) {
    const auto& entry = entries_[one.number];
    out.push_back({entry.subject, entry.asset, one.similarity});
  }
  return out;
}

std::optional<std::vector<float>> ProjectIndex::vector_of(const Uuid& subject) const {
  const std::shared_lock lock(mutex_);
  const auto it = numbers_.find(subject);
  if (it == numbers_.end()) return std::nullopt;
  return vectors_->vector(it->second);
}

std::size_t ProjectIndex::compare(std::size_t budget) {
  for (; budget > 0; --budget) {
    std::vector<Likeness> found;
    std::size_t at = 0;
    {
      const std::shared_lock lock(mutex_);
      if (compared_ >= entries_.size()) return 0;
      at = compared_;
      const auto number = static_cast<std::uint32_t>(at);
      if (!entries_[at].retired) {
        for (const auto& one : near(vectors_->vector(number), kNeighbours)) {
          if (one.number == number || one.similarity < kWorthKeeping) continue;
          found.push_back({number, one.number, one.similarity});
        }
      }
    }
    const std::unique_lock lock(mutex_);
    if (compared_ != at) continue;  // somebody else did this one
    ++compared_;
    likenesses_.insert(likenesses_.end(), found.begin(), found.end());
  }
  const std::shared_lock lock(mutex_);
  return entries_.size() - compared_;
}

std::vector<Likeness> ProjectIndex::likenesses(double min_similarity) const {
  const std::shared_lock lock(mutex_);
  std::vector<Likeness> out;
  for (const auto& one : likenesses_) {
    if (one.similarity < min_similarity) continue;
    if (!entries_[one.a].retired && !entries_[one.b].retired) out.push_back(one);
  }
  std::map<std::string_view, std::uint32_t> by_content;
  std::map<std::uint64_t, std::uint32_t> by_hash;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const auto& entry = entries_[i];
    if (entry.retired) continue;
    const auto [same_bytes, first] = by_content.try_emplace(entry.content, i);
    if (!first) out.push_back({i, same_bytes->second, 1});
    if (!learning::is_telling(entry.picture_hash)) continue;
    const auto [same_look, unseen] = by_hash.try_emplace(entry.picture_hash, i);
    if (!unseen) {
      const auto similarity =
          learning::cosine_of_units(vectors_->vector(i), vectors_->vector(same_look->second));
      out.push_back({i, same_look->second, similarity});
    }
  }
  return out;
}

Hit ProjectIndex::subject(std::uint32_t number) const {
  const std::shared_lock lock(mutex_);
  return {entries_[number].subject, entries_[number].asset, 1};
}

bool ProjectIndex::in_graph() const {
  const std::shared_lock lock(mutex_);
  return graph_begun_ && !growing_;
}

bool ProjectIndex::wants_graph() {
  const std::unique_lock lock(mutex_);
  if (graph_begun_ || entries_.size() < kGraphFrom) return false;
  growing_ = vector_index::make_graph_index(vectors_->dimensions(),
                                            {.capacity = entries_.size() + entries_.size() / 8});
  graph_begun_ = true;
  return true;
}

bool ProjectIndex::grow_graph(std::size_t budget) {
  for (; budget > 0; --budget) {
    std::vector<float> next;
    {
      const std::shared_lock lock(mutex_);
      const auto at = growing_->size();
      if (at < entries_.size()) next = vectors_->vector(static_cast<std::uint32_t>(at));
    }
    if (!next.empty()) {
      growing_->add(next);
      continue;
    }
    const std::unique_lock lock(mutex_);
    if (growing_->size() < entries_.size()) continue;  // one more came meanwhile
    vectors_ = std::move(growing_);
    return false;
  }
  return true;
}

}  // namespace aa::search
