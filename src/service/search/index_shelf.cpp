#include "service/search/index_shelf.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "core/observe/log.hpp"

namespace aa::search {
namespace {

constexpr int kPage = 1'000;
constexpr std::size_t kGrownAtOnce = 64;

// Gives the thread back after each piece, so that models and decoders get their turn.
Task<> build_graph(std::shared_ptr<ProjectIndex> index) {
  try {
    while (index->grow_graph(kGrownAtOnce)) {
      co_await boost::asio::post(boost::asio::use_awaitable);
    }
  } catch (const std::exception& e) {
    // Searches go on exactly.
    observe::warn("search.no_graph", {{"error", std::string_view(e.what())}});
  }
}

}  // namespace

std::size_t IndexShelf::sets() const {
  const std::lock_guard lock(mutex_);
  return by_use_.size();
}

// Null when the caller may load; else what to wait for.
std::shared_ptr<runtime::Event> IndexShelf::claim(const SetKey& set,
                                                  std::shared_ptr<ProjectIndex>& index) {
  const std::lock_guard lock(mutex_);
  const auto it = std::ranges::find(by_use_, set, &Shelved::set);
  if (it == by_use_.end()) {
    by_use_.push_front({set, std::make_shared<ProjectIndex>(), nullptr});
  } else {
    by_use_.splice(by_use_.begin(), by_use_, it);
  }
  auto& shelved = by_use_.front();
  index = shelved.index;
  if (shelved.loading) return shelved.loading;
  shelved.loading = std::make_shared<runtime::Event>();
  return nullptr;
}

void IndexShelf::release(const SetKey& set) {
  std::shared_ptr<runtime::Event> loaded;
  {
    const std::lock_guard lock(mutex_);
    const auto it = std::ranges::find(by_use_, set, &Shelved::set);
    loaded = std::exchange(it->loading, nullptr);
    make_room();
  }
  loaded->set();
}

void IndexShelf::make_room() {
  std::size_t used = 0;
  for (auto it = by_use_.begin(); it != by_use_.end();) {
    used += it->index->bytes();
    const bool over = used > memory_bytes_ && it != by_use_.begin() && !it->loading;
    it = over ? by_use_.erase(it) : std::next(it);
  }
}

Task<std::shared_ptr<ProjectIndex>> IndexShelf::current(OrganizationId organization, SetKey set) {
  std::shared_ptr<ProjectIndex> index;
  while (auto loading = claim(set, index)) {
    co_await loading->wait();
    if (!loading->happened()) {
      throw Error(ErrorCode::cancelled, "cancelled", "The request was cancelled.");
    }
  }
  std::exception_ptr failure;
  try {
    co_await load(organization, set, index);
  } catch (...) {
    failure = std::current_exception();
  }
  release(set);
  if (failure) std::rethrow_exception(failure);
  if (index->wants_graph()) {
    boost::asio::co_spawn(executors_.compute(), build_graph(index), boost::asio::detached);
  }
  co_return index;
}

Task<> IndexShelf::load(OrganizationId organization, SetKey set,
                        std::shared_ptr<ProjectIndex> index) {
  while (true) {
    const auto rows = co_await table_.page(organization, set, index->head(), kPage);
    if (rows.empty()) co_return;
    auto apply = [&index, &rows] { index->apply(rows); };
    co_await runtime::run_on(executors_.compute(), apply);
  }
}

}  // namespace aa::search
