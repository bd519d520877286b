// Commits and reads per second on SQLite, with and without company.
#include <filesystem>
#include <unistd.h>

#include <benchmark/benchmark.h>

#include "core/observe/log.hpp"
#include "core/runtime/executors.hpp"
#include "driver/db/open.hpp"

namespace aa::db {
namespace {

using runtime::Task;

constexpr Statement kInsert{"bench.insert", "insert into t (body) values ($1)", ""};
constexpr Statement kSelect{"bench.select", "select id, body from t where id = $1", ""};
constexpr int kPerCoroutine = 50;

struct Place {
  Place() {
    observe::set_level(observe::Level::warning);
    std::filesystem::create_directory(folder);
    Settings settings;
    settings.url = Secret("sqlite:" + (folder / "bench.db").string());
    settings.acquire_timeout = std::chrono::seconds(60);
    database = open_with(settings, executors, metrics,
                         {{1, "t", "create table t (id integer primary key, body text)", ""}});
  }
  ~Place() {
    database.reset();
    std::filesystem::remove_all(folder);
  }
  template <class Make>
  void run(int count, Make make) {
    std::vector<std::future<void>> running;
    for (int i = 0; i < count; ++i) {
      running.push_back(
          boost::asio::co_spawn(executors.io(), make(*database), boost::asio::use_future));
    }
    for (auto& one : running) one.get();
  }

  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("aa_bench_" + std::to_string(::getpid()));
  runtime::Executors executors{{.io_threads = 2, .compute_threads = 1, .blocking_threads = 1}};
  observe::Metrics metrics;
  std::unique_ptr<Database> database;
};

Task<> write_some(Database& database) {
  for (int i = 0; i < kPerCoroutine; ++i) {
    co_await database.write(Scope::system(), kInsert, args("an annotation of ordinary length"));
  }
}

Task<> transact_some(Database& database) {
  for (int i = 0; i < kPerCoroutine; ++i) {
    auto transaction = co_await database.begin(Scope::system());
    co_await transaction->exec(kInsert, args("an annotation of ordinary length"));
    co_await transaction->commit();
  }
}

Task<> read_some(Database& database) {
  for (int i = 0; i < kPerCoroutine; ++i) {
    co_await database.query(Scope::system(), kSelect, args(1 + i));
  }
}

template <Task<> (*kWork)(Database&)>
void measure(benchmark::State& state) {
  Place place;
  place.run(4, write_some);
  const int count = static_cast<int>(state.range(0));
  for (auto _ : state) place.run(count, kWork);
  state.SetItemsProcessed(state.iterations() * count * kPerCoroutine);
}

BENCHMARK(measure<write_some>)->Arg(1)->Arg(8)->Arg(64)->UseRealTime();
BENCHMARK(measure<transact_some>)->Arg(1)->Arg(8)->Arg(64)->UseRealTime();
BENCHMARK(measure<read_some>)->Arg(1)->Arg(8)->Arg(64)->UseRealTime();

}  // namespace
}  // namespace aa::db

BENCHMARK_MAIN();
