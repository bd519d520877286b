#include "driver/blob/sweep.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/observe/log.hpp"

namespace aa::blob {
namespace {

constexpr std::chrono::minutes kAge{5};
constexpr std::chrono::minutes kPeriod{3};
// How long an upload may take, from its id to its row.
constexpr std::chrono::hours kLook{24};
constexpr std::size_t kBatch = 200;

// Ids of this program begin with the milliseconds at which they were made. What is no id is not
// this program's to remove.
bool is_made_after(const std::string& name, Timestamp limit) {
  const auto id = Uuid::parse(name);
  if (!id) return false;
  std::int64_t milliseconds = 0;
  for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds * 256 + id->bytes[i];
  return milliseconds * 1000 >= limit.micros;
}

}  // namespace

Sweep::Sweep(Store& store, const Clock& clock, runtime::Executors& executors)
    : store_(store), clock_(clock), executors_(executors), opened_at_(clock.now()) {}

void Sweep::add(OwnedFolder folder) { folders_.push_back(std::move(folder)); }

void Sweep::start() { boost::asio::co_spawn(executors_.io(), work(), boost::asio::detached); }

Task<> Sweep::work() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  // Whoever opened the store alone knows that what was there has no writer any more.
  Timestamp before = store_.opened_alone() ? opened_at_ : clock_.now() + -kAge;
  Timestamp after{0};
  for (;;) {
    try {
      const auto removed = co_await run(after, before);
      if (removed > 0) {
        observe::warn("blobs.orphans_removed", {{"count", static_cast<std::int64_t>(removed)}});
      }
    } catch (const std::exception& e) {
      observe::warn("blobs.sweep", {{"error", std::string_view(e.what())}});
    }
    timer.expires_after(kPeriod);
    co_await timer.async_wait(boost::asio::use_awaitable);
    before = clock_.now() + -kAge;
    after = clock_.now() + -kLook;
  }
}

Task<std::size_t> Sweep::run(Timestamp made_after, Timestamp before) {
  auto list = [this] { return store_.organizations(); };
  const auto organizations = co_await runtime::run_on(executors_.blocking(), std::move(list));
  std::size_t removed = 0;
  for (const auto organization : organizations) {
    for (const auto& folder : folders_) {
      removed += co_await run_folder(organization, folder, made_after, before);
    }
  }
  co_return removed;
}

Task<std::size_t> Sweep::run_folder(OrganizationId organization, OwnedFolder folder,
                                    Timestamp after, Timestamp before) {
  auto list = [this, organization, name = folder.name] { return store_.names(organization, name); };
  auto names = co_await runtime::run_on(executors_.blocking(), std::move(list));
  std::erase_if(names, [after](const auto& name) { return !is_made_after(name, after); });
  std::size_t removed = 0;
  for (std::size_t first = 0; first < names.size(); first += kBatch) {
    const auto last = std::min(names.size(), first + kBatch);
    const Names batch(names.begin() + static_cast<std::ptrdiff_t>(first),
                      names.begin() + static_cast<std::ptrdiff_t>(last));
    const auto used = co_await folder.in_use(organization, batch);
    for (const auto& name : batch) {
      if (used.contains(name)) continue;
      auto remove = [this, organization, &folder, &name, before] {
        return remove_entry(organization, folder, name, before);
      };
      const bool gone = co_await runtime::run_on(executors_.blocking(), std::move(remove));
      removed += gone ? 1 : 0;
    }
  }
  co_return removed;
}

bool Sweep::remove_entry(OrganizationId organization, const OwnedFolder& folder,
                         const std::string& name, Timestamp before) {
  std::vector<Key> keys;
  if (folder.parts.empty()) keys.push_back({organization, folder.name + "/" + name});
  for (const auto& part : folder.parts) {
    keys.push_back({organization, folder.name + "/" + name + "/" + part});
  }
  bool any = false;
  for (const auto& key : keys) {
    const auto versions = store_.versions(key);
    any = any || !versions.empty();
    if (!versions.empty() && versions.back().created_at >= before) return false;
  }
  for (const auto& key : keys) store_.remove(key);
  return any;
}

}  // namespace aa::blob
