// Whose job is next (case 103): organisations take turns, however long their queues are.
#include <thread>

#include "service/jobs/job_queue.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Task<> enqueue_many(fixture::World& world, NewJob job, int count) {
  auto transaction = co_await world.database->begin(db::Scope::tenant(job.organization));
  for (int i = 0; i < count; ++i) co_await world.queue.enqueue(*transaction, job);
  co_await transaction->commit();
}

class FairJobsTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    for (const std::string name : {"ada", "eve", "vic"}) {
      const auto tenant = register_person(name);
      const auto organization = tenant.organization();
      tenants_.emplace(name, tenant);
      names_.emplace(organization, name);
    }
    bare("delete from jobs");  // the letters of those who registered
  }
  void enqueue(const std::string& who, int count = 1, bool errand = false) {
    const auto& tenant = tenants_.at(who);
    NewJob job{tenant.organization(), tenant.user(), std::nullopt, "turn", "steps", {}, {}, errand};
    run(enqueue_many(*world_, std::move(job), count));
    world_->clock.advance(milliseconds(1));
  }
  // Notes whose job it is, and does nothing else: its one step stays for the next time.
  Kind noting() {
    return {"turn", [this](jobs::Run& run) { return note(run); }};
  }
  Task<> note(jobs::Run& run) {
    const auto steps = co_await run.pending(1);
    auto transaction = co_await world_->database->begin(run.scope());
    co_await run.done(*transaction, steps[0]);
    co_await transaction->commit();
    const std::lock_guard lock(mutex_);
    turns_.push_back(names_.at(run.organization()));
  }
  void work(unsigned workers, std::size_t jobs, unsigned errand_workers = 0) {
    Queue queue(*world_->database, world_->clock, world_->ids, world_->executors, world_->metrics,
                QueueSettings{workers, milliseconds(5), seconds(30), errand_workers});
    queue.add_kind(noting());
    queue.start();
    const auto until = std::chrono::steady_clock::now() + seconds(20);
    while (done() < jobs && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(milliseconds(2));
    }
    queue.stop(seconds(10));
  }
  std::size_t done() {
    const std::lock_guard lock(mutex_);
    return turns_.size();
  }
  // At which place `who` came first.
  std::size_t place_of(const std::string& who) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::find(turns_, who) - turns_.begin());
  }
  void set_running(const std::string& who, seconds lease) {
    bare(
        "update jobs set state = 'running', lease_owner = 'elsewhere', lease_until = $2"
        " where organization_id = $1",
        db::args(tenants_.at(who).organization(), world_->clock.now() + lease));
  }

  std::map<std::string, tenancy::Tenant> tenants_;
  std::map<OrganizationId, std::string> names_;
  std::vector<std::string> turns_;
  std::mutex mutex_;
};
AA_ON_BOTH_ENGINES(FairJobsTest);

using Names = std::vector<std::string>;

TEST_P(FairJobsTest, organisations_take_turns_and_each_does_its_oldest_first_103) {
  enqueue("ada", 4);
  enqueue("eve", 2);
  enqueue("vic", 1);
  work(1, 7);
  EXPECT_EQ(turns_, (Names{"ada", "eve", "vic", "ada", "eve", "ada", "ada"}));
}

TEST_P(FairJobsTest, who_had_a_turn_last_waits_for_the_others_next_time) {
  enqueue("eve");
  work(1, 1);
  enqueue("eve");
  enqueue("ada");
  work(1, 3);
  EXPECT_EQ(turns_, (Names{"eve", "ada", "eve"}));
}

TEST_P(FairJobsTest, who_has_fewer_running_comes_first) {
  enqueue("ada", 2);
  set_running("ada", seconds(30));
  enqueue("vic");
  work(1, 1);  // the last turn was vic's
  enqueue("ada");
  enqueue("vic");
  work(1, 3);
  EXPECT_EQ(turns_, (Names{"vic", "vic", "ada"}));
}

TEST_P(FairJobsTest, a_dead_workers_jobs_do_not_count_as_running_and_are_done_again) {
  enqueue("ada", 2);
  set_running("ada", seconds(1));
  enqueue("vic");
  work(1, 1);
  world_->clock.advance(seconds(2));
  enqueue("vic");
  work(1, 4);
  EXPECT_EQ(turns_, (Names{"vic", "ada", "vic", "ada"}));
}

TEST_P(FairJobsTest, errands_take_turns_of_their_own) {
  enqueue("ada", 4, true);
  enqueue("vic", 1, true);
  work(0, 5, 1);
  EXPECT_EQ(turns_, (Names{"ada", "vic", "ada", "ada", "ada"}));
}

TEST_P(FairJobsTest, behind_ten_thousand_of_another_one_waits_for_no_more_than_one_191) {
  enqueue("ada", 10'000);
  enqueue("vic");
  const auto began = std::chrono::steady_clock::now();
  work(2, 50);
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_LE(place_of("vic"), 2U) << "two workers, so two of ada's may begin before";
  EXPECT_LT(took, seconds(10)) << "leasing does not look at the whole queue";
}

TEST_P(FairJobsTest, what_is_to_run_later_holds_up_nobody) {
  enqueue("ada", 3);
  bare("update jobs set run_after = $1", db::args(world_->clock.now() + seconds(60)));
  enqueue("vic");
  work(1, 1);
  EXPECT_EQ(turns_, Names{"vic"});
  world_->clock.advance(seconds(61));
  work(1, 4);
  EXPECT_EQ(turns_, (Names{"vic", "ada", "ada", "ada"}));
}

}  // namespace
}  // namespace aa::jobs
