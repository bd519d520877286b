#include "core/runtime/event.hpp"

#include <algorithm>

namespace aa::runtime {
namespace {

struct Shared {
  std::size_t count = 0;
  const std::function<Task<>(std::size_t)>* work = nullptr;
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> alive = 0;
  std::mutex mutex;
  std::exception_ptr error;
  Event done;
};

Task<> take_turns(std::shared_ptr<Shared> shared) {
  try {
    for (std::size_t i = shared->next++; i < shared->count; i = shared->next++) {
      co_await (*shared->work)(i);
    }
  } catch (...) {
    shared->next = shared->count;
    const std::lock_guard lock(shared->mutex);
    if (!shared->error) shared->error = std::current_exception();
  }
  if (--shared->alive == 0) shared->done.set();
}

}  // namespace

Task<> for_each_limited(Executor executor, std::size_t count, std::size_t limit,
                        const std::function<Task<>(std::size_t)>& work) {
  auto shared = std::make_shared<Shared>();
  shared->count = count;
  shared->work = &work;
  const std::size_t workers = std::min(count, std::max<std::size_t>(limit, 1));
  if (workers == 0) co_return;
  shared->alive = workers;
  for (std::size_t i = 0; i < workers; ++i) {
    boost::asio::co_spawn(executor, take_turns(shared), boost::asio::detached);
  }
  // `work` is the caller's: it must not go away under running turns, so a cancelled wait waits on.
  while (!shared->done.happened()) co_await shared->done.wait();
  if (shared->error) std::rethrow_exception(shared->error);
}

}  // namespace aa::runtime
