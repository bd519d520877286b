// Kill -9 while writing: whatever was acknowledged is there afterwards.
#include <cstdio>
#include <filesystem>
#include <poll.h>
#include <random>
#include <set>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/observe/log.hpp"
#include "core/runtime/executors.hpp"
#include "driver/db/open.hpp"

namespace aa::db {
namespace {

using runtime::Task;

constexpr int kRounds = 20;
constexpr int kWriters = 8;
constexpr Statement kInsert{"test.insert", "insert into acks (id, twin) values ($1, $1)", ""};
constexpr Statement kTwin{"test.twin", "insert into twins (id) values ($1)", ""};
constexpr Statement kIds{"test.ids", "select id from acks", ""};
constexpr Statement kHalves{
    "test.halves", "select count(*) as n from acks where id not in (select id from twins)", ""};
constexpr Statement kIntegrity{"test.integrity", "pragma integrity_check", ""};

const std::vector<Migration>& schema() {
  static const std::vector<Migration> kSchema = {
      {1, "acks",
       "create table acks (id integer primary key, twin integer);"
       "create table twins (id integer primary key)",
       ""}};
  return kSchema;
}

std::unique_ptr<Database> open_file(const std::filesystem::path& file,
                                    runtime::Executors& executors, observe::Metrics& metrics) {
  Settings settings;
  settings.url = Secret("sqlite:" + file.string());
  return open_with(settings, executors, metrics, schema());
}

Task<> write_for_ever(Database& database, std::int64_t id, int acknowledged) {
  for (;; id += kWriters) {
    auto transaction = co_await database.begin(Scope::system());
    co_await transaction->exec(kInsert, args(id));
    co_await transaction->exec(kTwin, args(id));
    co_await transaction->commit();
    if (::write(acknowledged, &id, sizeof id) != sizeof id) std::abort();
  }
}

[[noreturn]] void be_the_writer(const std::filesystem::path& file, int round, int acknowledged) {
  runtime::Executors executors({.io_threads = 2, .compute_threads = 1, .blocking_threads = 1});
  observe::Metrics metrics;
  const auto database = open_file(file, executors, metrics);
  std::vector<std::future<void>> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.push_back(boost::asio::co_spawn(
        executors.io(), write_for_ever(*database, round * 10'000'000LL + i, acknowledged),
        boost::asio::use_future));
  }
  for (auto& writer : writers) writer.get();
  std::abort();
}

// Ids that the writer got a commit for, up to the moment it was killed.
std::vector<std::int64_t> write_and_kill(const std::filesystem::path& file, int round,
                                         std::chrono::milliseconds life) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    be_the_writer(file, round, ends[1]);
  }
  ::close(ends[1]);
  pollfd first{.fd = ends[0], .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&first, 1, 60'000), 1);
  std::vector<std::int64_t> ids;
  std::thread killer([child, life] {
    std::this_thread::sleep_for(life);
    ::kill(child, SIGKILL);
  });
  for (std::int64_t id = 0; ::read(ends[0], &id, sizeof id) == sizeof id;) ids.push_back(id);
  killer.join();
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  return ids;
}

void expect_all_there(const std::filesystem::path& file,
                      const std::vector<std::int64_t>& acknowledged) {
  runtime::Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  observe::Metrics metrics;
  const auto database = open_file(file, executors, metrics);
  const auto ask = [&](const Statement& statement) {
    return runtime::block_on(executors, database->query(Scope::system(), statement, {}));
  };
  std::set<std::int64_t> stored;
  for (const Row& row : ask(kIds)) stored.insert(row.get<std::int64_t>("id"));
  for (const std::int64_t id : acknowledged) {
    ASSERT_TRUE(stored.contains(id)) << id << " was acknowledged and is lost";
  }
  EXPECT_EQ(ask(kHalves).one().get<int>("n"), 0) << "half a transaction";
  EXPECT_EQ(ask(kIntegrity).one().get<std::string>(0), "ok");
}

TEST(Durability, nothing_acknowledged_is_lost_when_killed) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("aa_kill_" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  observe::set_level(observe::Level::warning);
  std::mt19937 random(20240607);
  std::vector<std::int64_t> acknowledged;
  for (int round = 1; round <= kRounds; ++round) {
    const std::chrono::milliseconds life(random() % 80);
    for (const auto id : write_and_kill(folder / "a.db", round, life)) acknowledged.push_back(id);
    expect_all_there(folder / "a.db", acknowledged);
  }
  observe::set_level(observe::Level::info);
  EXPECT_GE(acknowledged.size(), kRounds);
  std::printf("%zu acknowledged in %d rounds\n", acknowledged.size(), kRounds);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace aa::db
