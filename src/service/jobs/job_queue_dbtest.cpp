#include <thread>

#include "core/runtime/event.hpp"
#include "service/jobs/job_queue.hpp"
#include "service/jobs/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const bool kCensus = fixture::require_statements(sql::kAll);

Task<JobId> enqueue_one(fixture::World& world, Queue& queue, NewJob job) {
  auto transaction = co_await world.database->begin(db::Scope::tenant(job.organization));
  const auto id = co_await queue.enqueue(*transaction, std::move(job));
  co_await transaction->commit();
  co_return id;
}

// Does every step once, in a transaction with a mark that outlives it.
Task<> do_steps(fixture::World& world, jobs::Run& run, std::vector<std::string>& marks,
                std::mutex& mutex) {
  while (true) {
    const bool stop = co_await run.should_stop();
    if (stop) co_return;
    const auto steps = co_await run.pending(1);
    if (steps.empty()) co_return;
    auto transaction = co_await world.database->begin(run.scope());
    co_await run.done(*transaction, steps[0]);
    co_await transaction->commit();
    const std::lock_guard lock(mutex);
    marks.push_back(steps[0].subject);
  }
}

class JobQueueTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_).id;
  }
  std::unique_ptr<Queue> make_queue(unsigned workers = 1) {
    return std::make_unique<Queue>(*world_->database, world_->clock, world_->ids, world_->executors,
                                   world_->metrics,
                                   QueueSettings{workers, milliseconds(5), seconds(30)});
  }
  Kind stepping() {
    return {"walk", [this](jobs::Run& run) { return do_steps(*world_, run, marks_, mutex_); }};
  }
  JobId enqueue(const std::string& kind, std::vector<std::string> subjects = {}) {
    NewJob job{tenant_->organization(), tenant_->user(), project_, kind, "steps", {}, {}};
    job.payload["color"] = "red";
    job.subjects = std::move(subjects);
    return run(enqueue_one(*world_, world_->queue, std::move(job)));
  }
  Job get(JobId id) { return run(world_->queue.get(tenant_->scope(), id)); }
  using Ids = std::vector<JobId>;
  Ids listed(Filter filter, std::optional<JobId> before = std::nullopt, int limit = 10) {
    Ids out;
    for (const auto& job : run(world_->queue.list(tenant_->scope(), filter, before, limit))) {
      out.push_back(job.id);
    }
    return out;
  }
  template <class Condition>
  static bool eventually(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(milliseconds(5));
    }
    return true;
  }

  std::optional<tenancy::Tenant> tenant_;
  ProjectId project_;
  std::vector<std::string> marks_;
  std::mutex mutex_;
};
AA_ON_BOTH_ENGINES(JobQueueTest);

TEST_P(JobQueueTest, a_job_does_its_steps_in_order_and_tells_its_progress) {
  const auto id = enqueue("walk", {"a", "b", "c"});
  auto job = get(id);
  EXPECT_EQ(job.state, State::queued);
  EXPECT_EQ(job.progress.total, 3);
  EXPECT_EQ(job.progress.done, 0);
  EXPECT_EQ(job.progress.unit, "steps");
  EXPECT_EQ(job.started_at, std::nullopt);
  world_->queue.add_kind(stepping());
  world_->queue.start();
  job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, State::succeeded);
  EXPECT_EQ(job.progress.done, 3);
  EXPECT_EQ(job.started_at, world_->clock.now());
  EXPECT_EQ(job.finished_at, world_->clock.now());
  EXPECT_EQ(marks_, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_P(JobQueueTest, a_step_that_is_long_tells_how_far_it_is) {
  const auto id = enqueue("count");
  const auto counting = [this](jobs::Run& run) -> Task<> {
    co_await do_steps(*world_, run, marks_, mutex_);
    const auto done = co_await run.done_steps();
    co_await run.report(69 + done, 100);
  };
  world_->queue.add_kind({"count", counting});
  world_->queue.start();
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.progress.done, 70);
  EXPECT_EQ(job.progress.total, 100);
}

TEST_P(JobQueueTest, a_job_sees_its_payload_and_leaves_a_result) {
  const auto kind = [](jobs::Run& run) -> Task<> {
    const auto steps = co_await run.pending(10);
    for (const auto& step : steps) co_await run.failed(step, "no " + step.subject);
    const auto failures = co_await run.failures(10);
    json::Object result{{"color", run.payload().at("color")}, {"failures", failures.size()}};
    result["last"] = failures.back().second;
    run.set_result(std::move(result));
  };
  world_->queue.add_kind({"paint", kind});
  world_->queue.start();
  const auto job = wait_for(*tenant_, enqueue("paint", {"wall", "door"}));
  EXPECT_EQ(job.state, State::succeeded);
  EXPECT_EQ(job.progress.done, 2) << "a failed step counts as dealt with";
  ASSERT_TRUE(job.result);
  EXPECT_EQ(json::write(*job.result), R"({"color":"red","failures":2,"last":"no door"})");
}

TEST_P(JobQueueTest, a_passing_trouble_is_tried_again_later_and_later) {
  std::atomic<int> attempts = 0;
  const auto kind = [&](jobs::Run& run) -> Task<> {
    if (++attempts < 3) throw unavailable("away", "The other side is away.");
    return do_steps(*world_, run, marks_, mutex_);
  };
  world_->queue.add_kind({"call", kind});
  world_->queue.start();
  const auto id = enqueue("call");
  ASSERT_TRUE(eventually([&] { return attempts == 1 && get(id).state == State::queued; }));
  EXPECT_EQ(get(id).error->code, "away");
  world_->clock.advance(seconds(1));
  std::this_thread::sleep_for(milliseconds(60));
  EXPECT_EQ(attempts, 1) << "before the wait of two seconds is over";
  world_->clock.advance(seconds(1));
  ASSERT_TRUE(eventually([&] { return attempts == 2 && get(id).state == State::queued; }));
  world_->clock.advance(seconds(3));
  std::this_thread::sleep_for(milliseconds(60));
  EXPECT_EQ(attempts, 2) << "before the wait of four seconds is over";
  world_->clock.advance(seconds(1));
  EXPECT_EQ(wait_for(*tenant_, id).state, State::succeeded);
  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(get(id).error, std::nullopt);
}

TEST_P(JobQueueTest, after_three_attempts_it_fails_and_does_not_hold_up_others) {
  std::atomic<int> attempts = 0;
  const auto poison = [&](jobs::Run&) -> Task<> {
    ++attempts;
    throw unavailable("away", "The other side is away.");
    co_return;
  };
  world_->queue.add_kind({"poison", poison});
  world_->queue.add_kind(stepping());
  const auto id = enqueue("poison");
  const auto other = enqueue("walk");
  world_->queue.start();
  EXPECT_EQ(wait_for(*tenant_, other).state, State::succeeded);
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(eventually([&] { return attempts == i && get(id).state != State::running; }));
    world_->clock.advance(seconds(60));
  }
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, State::failed);
  EXPECT_EQ(job.error->code, "away");
  EXPECT_EQ(job.error->detail, "The other side is away.");
  EXPECT_EQ(attempts, 3);
}

TEST_P(JobQueueTest, a_defect_or_a_bad_request_fails_at_once) {
  world_->queue.add_kind({"bad", [](jobs::Run&) -> Task<> {
                            throw invalid("no_assets", "There are none.");
                            co_return;
                          }});
  world_->queue.add_kind({"defect", [](jobs::Run&) -> Task<> {
                            throw std::runtime_error("a secret of ours");
                            co_return;
                          }});
  world_->queue.start();
  const auto bad = wait_for(*tenant_, enqueue("bad"));
  EXPECT_EQ(bad.state, State::failed);
  EXPECT_EQ(bad.error->code, "no_assets");
  const auto defect = wait_for(*tenant_, enqueue("defect"));
  EXPECT_EQ(defect.error->code, "internal");
  EXPECT_EQ(defect.error->detail.find("secret"), std::string::npos);
  EXPECT_EQ(wait_for(*tenant_, enqueue("unheard_of")).error->code, "unknown_kind");
}

TEST_P(JobQueueTest, a_queued_job_is_cancelled_at_once_and_never_runs) {
  const auto id = enqueue("walk", {"a"});
  const auto job = run(world_->queue.cancel(tenant_->scope(), id));
  EXPECT_EQ(job.state, State::cancelled);
  EXPECT_EQ(job.finished_at, world_->clock.now());
  world_->queue.add_kind(stepping());
  world_->queue.start();
  EXPECT_EQ(wait_for(*tenant_, enqueue("walk", {"b"})).state, State::succeeded);
  EXPECT_EQ(marks_, (std::vector<std::string>{"b"}));
}

TEST_P(JobQueueTest, a_running_job_is_cancelled_between_two_steps) {
  runtime::Event begun;
  const auto kind = [&](jobs::Run& run) -> Task<> {
    begun.set();
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (true) {
      const bool stop = co_await run.should_stop();
      if (stop) co_return;
      timer.expires_after(milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
  };
  world_->queue.add_kind({"endless", kind});
  world_->queue.start();
  const auto id = enqueue("endless");
  ASSERT_TRUE(eventually([&] { return begun.happened(); }));
  run(world_->queue.cancel(tenant_->scope(), id));
  EXPECT_EQ(wait_for(*tenant_, id).state, State::cancelled);
  EXPECT_EQ(run(world_->queue.cancel(tenant_->scope(), id)).state, State::cancelled);
}

TEST_P(JobQueueTest, a_failed_job_runs_again_without_the_steps_that_are_done) {
  bool broken = true;
  const auto kind = [&](jobs::Run& run) -> Task<> {
    const auto steps = co_await run.pending(10);
    for (const auto& step : steps) {
      if (broken && step.subject == "b") throw invalid("broken", "It is broken.");
      auto transaction = co_await world_->database->begin(run.scope());
      co_await run.done(*transaction, step);
      co_await transaction->commit();
      marks_.push_back(step.subject);
    }
  };
  world_->queue.add_kind({"fragile", kind});
  world_->queue.start();
  const auto id = enqueue("fragile", {"a", "b", "c"});
  EXPECT_EQ(wait_for(*tenant_, id).state, State::failed);
  broken = false;
  const auto again = run(world_->queue.retry(tenant_->scope(), id));
  EXPECT_EQ(again.progress.done, 1);
  EXPECT_EQ(again.error, std::nullopt);
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, State::succeeded);
  EXPECT_EQ(job.progress.done, 3);
  EXPECT_EQ(marks_, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(slug_of(world_->queue.retry(tenant_->scope(), id)), "job_not_over");
  const auto eve = register_person("eve");
  EXPECT_EQ(slug_of(world_->queue.retry(eve.scope(), id)), "not_found");
}

TEST_P(JobQueueTest, one_that_ends_itself_when_told_to_stop_is_cancelled_not_failed) {
  runtime::Event begun;
  const auto kind = [&](jobs::Run& run) -> Task<> {
    begun.set();
    while (true) {
      const bool stop = co_await run.should_stop();
      if (stop) throw Error(ErrorCode::cancelled, "cancelled", "Stopped.");
    }
  };
  world_->queue.add_kind({"polite", kind});
  world_->queue.start();
  const auto id = enqueue("polite");
  ASSERT_TRUE(eventually([&] { return begun.happened(); }));
  run(world_->queue.cancel(tenant_->scope(), id));
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, State::cancelled);
  EXPECT_EQ(job.error, std::nullopt);
}

// A worker that hangs until it is let go, as one that died would never come back.
struct Hanging {
  runtime::Event begun;
  runtime::Event let_go;
  std::atomic<bool> ended = false;
  std::string late_error;

  Task<> hang(jobs::Run& run) {
    begun.set();
    co_await let_go.wait();
    ended = true;
    co_await run.pending(1);
  }
};

TEST_P(JobQueueTest, a_dead_workers_job_is_taken_over_from_the_first_step_not_done) {
  Hanging hanging;
  const auto half = [&](jobs::Run& run) -> Task<> {
    const auto steps = co_await run.pending(1);
    auto transaction = co_await world_->database->begin(run.scope());
    co_await run.done(*transaction, steps[0]);
    co_await transaction->commit();
    co_await hanging.hang(run);
  };
  const auto id = enqueue("walk", {"a", "b", "c"});
  auto dead = make_queue();
  dead->add_kind({"walk", half});
  dead->start();
  ASSERT_TRUE(eventually([&] { return hanging.begun.happened(); }));
  dead->stop(milliseconds(0));
  world_->queue.add_kind(stepping());
  world_->queue.start();
  std::this_thread::sleep_for(milliseconds(60));
  EXPECT_EQ(get(id).state, State::running) << "the lease still holds";
  EXPECT_TRUE(marks_.empty());
  world_->clock.advance(seconds(31));
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, State::succeeded);
  EXPECT_EQ(job.progress.done, 3);
  EXPECT_EQ(marks_, (std::vector<std::string>{"b", "c"}));
  hanging.let_go.set();
  ASSERT_TRUE(eventually([&] { return hanging.ended.load(); }));
  dead->stop(seconds(10));
  EXPECT_EQ(get(id).revision, job.revision) << "the late worker changed nothing";
}

TEST_P(JobQueueTest, a_late_worker_cannot_do_a_step_again) {
  Hanging hanging;
  std::string late;
  const auto slow = [&](jobs::Run& run) -> Task<> {
    const auto steps = co_await run.pending(1);
    co_await hanging.hang(run);
    try {
      auto transaction = co_await world_->database->begin(run.scope());
      co_await run.done(*transaction, steps[0]);
      co_await transaction->commit();
      late = "did it again";
    } catch (const Error& error) {
      late = error.slug();
    }
  };
  const auto id = enqueue("walk", {"a"});
  auto dead = make_queue();
  dead->add_kind({"walk", slow});
  dead->start();
  ASSERT_TRUE(eventually([&] { return hanging.begun.happened(); }));
  world_->clock.advance(seconds(31));
  world_->queue.add_kind(stepping());
  world_->queue.start();
  EXPECT_EQ(wait_for(*tenant_, id).state, State::succeeded);
  hanging.let_go.set();
  dead->stop(seconds(10));
  EXPECT_EQ(late, "step_done_already");
  EXPECT_EQ(get(id).progress.done, 1);
}

TEST_P(JobQueueTest, a_job_that_keeps_killing_its_workers_is_given_up) {
  bare("select 1");
  const auto id = enqueue("walk", {"a"});
  // What three dead workers leave behind.
  bare(
      "update jobs set state = 'running', attempts = 3, lease_owner = $2, lease_until = $3 "
      "where id = $1",
      db::args(id, fresh<JobId>(), world_->clock.now()));
  world_->clock.advance(seconds(1));
  world_->queue.add_kind(stepping());
  world_->queue.start();
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, State::failed);
  EXPECT_EQ(job.error->code, "gave_up");
  EXPECT_TRUE(marks_.empty());
}

TEST_P(JobQueueTest, a_job_that_moves_on_between_deaths_of_its_workers_keeps_its_attempts) {
  const auto id = enqueue("walk", {"a"});
  bare("update jobs set attempts = 2 where id = $1", db::args(id));
  const auto open = run(world_->queue.unfinished(tenant_->organization()));
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].first, id);
  EXPECT_TRUE(open[0].second.starts_with("{")) << "the payload";
  world_->queue.add_kind(stepping());
  world_->queue.start();
  EXPECT_EQ(wait_for(*tenant_, id).state, State::succeeded);
  const auto rows = bare("select attempts from jobs where id = $1", db::args(id));
  EXPECT_EQ(rows.one().get<int>("attempts"), 1);
  EXPECT_TRUE(run(world_->queue.unfinished(tenant_->organization())).empty());
}

TEST_P(JobQueueTest, a_shutdown_leaves_the_rest_to_the_next_process) {
  runtime::Event begun;
  runtime::Event go_on;
  const auto two_steps = [&](jobs::Run& run) -> Task<> {
    while (true) {
      const bool stop = co_await run.should_stop();
      const auto steps = co_await run.pending(1);
      if (stop || steps.empty()) co_return;
      auto transaction = co_await world_->database->begin(run.scope());
      co_await run.done(*transaction, steps[0]);
      co_await transaction->commit();
      begun.set();
      co_await go_on.wait();
    }
  };
  const auto id = enqueue("walk", {"a", "b"});
  auto first = make_queue();
  first->add_kind({"walk", two_steps});
  first->start();
  ASSERT_TRUE(eventually([&] { return begun.happened(); }));
  std::thread stopper([&] { first->stop(seconds(20)); });
  std::this_thread::sleep_for(milliseconds(30));
  go_on.set();
  stopper.join();
  EXPECT_EQ(get(id).state, State::queued);
  EXPECT_EQ(get(id).progress.done, 1);
  world_->queue.add_kind(stepping());
  world_->queue.start();
  EXPECT_EQ(wait_for(*tenant_, id).state, State::succeeded);
  EXPECT_EQ(marks_, (std::vector<std::string>{"b"}));
}

TEST_P(JobQueueTest, a_long_job_keeps_its_lease) {
  std::atomic<int> runs = 0;
  const auto kind = [&](jobs::Run& run) -> Task<> {
    ++runs;
    for (int i = 0; i < 6; ++i) {
      world_->clock.advance(seconds(11));
      const bool stop = co_await run.should_stop();
      EXPECT_FALSE(stop);
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, milliseconds(20));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_await do_steps(*world_, run, marks_, mutex_);
  };
  auto queue = make_queue(3);
  queue->add_kind({"long", kind});
  queue->start();
  const auto id = enqueue("long", {"a"});
  EXPECT_EQ(wait_for(*tenant_, id).state, State::succeeded);
  queue->stop(seconds(10));
  EXPECT_EQ(runs, 1);
}

TEST_P(JobQueueTest, work_in_one_long_piece_keeps_its_lease) {
  std::atomic<int> runs = 0;
  runtime::Event finished;
  const auto kind = [&](jobs::Run& run) -> Task<> {
    ++runs;
    co_await finished.wait();
    co_await do_steps(*world_, run, marks_, mutex_);
  };
  auto queue =
      std::make_unique<Queue>(*world_->database, world_->clock, world_->ids, world_->executors,
                              world_->metrics, QueueSettings{3, milliseconds(5), seconds(1)});
  queue->add_kind({"piece", kind});
  queue->start();
  const auto id = enqueue("piece", {"a"});
  ASSERT_TRUE(eventually([&] { return runs == 1; }));
  const auto leased_until = [&] {
    return bare("select lease_until from jobs where id = $1", db::args(id))[0].get<std::int64_t>(
        "lease_until");
  };
  for (int i = 0; i < 4; ++i) {  // together far beyond one lease
    world_->clock.advance(milliseconds(800));
    const auto now = world_->clock.now().micros;
    ASSERT_TRUE(eventually([&] { return leased_until() >= now + 1'000'000; }));
  }
  finished.set();
  EXPECT_EQ(wait_for(*tenant_, id).state, State::succeeded);
  queue->stop(seconds(10));
  EXPECT_EQ(runs, 1);
}

TEST_P(JobQueueTest, many_workers_do_each_job_once) {
  constexpr int kJobs = 30;
  auto first = make_queue(3);
  auto second = make_queue(3);
  first->add_kind(stepping());
  second->add_kind(stepping());
  std::vector<JobId> ids;
  for (int i = 0; i < kJobs; ++i) ids.push_back(enqueue("walk", {std::to_string(i)}));
  first->start();
  second->start();
  for (const auto& id : ids) EXPECT_EQ(wait_for(*tenant_, id).state, State::succeeded);
  first->stop(seconds(10));
  second->stop(seconds(10));
  EXPECT_EQ(marks_.size(), static_cast<std::size_t>(kJobs));
  EXPECT_EQ(std::set<std::string>(marks_.begin(), marks_.end()).size(), marks_.size());
}

TEST_P(JobQueueTest, lists_are_newest_first_and_a_tenants_own) {
  const auto a = enqueue("walk");
  const auto b = enqueue("walk");
  const auto c = enqueue("walk");
  EXPECT_EQ(listed({}, std::nullopt, 2), (Ids{c, b}));
  EXPECT_EQ(listed({}, b), Ids{a});
  EXPECT_EQ(listed({.project = project_}), (Ids{c, b, a}));
  EXPECT_EQ(listed({.project = fresh<ProjectId>()}), Ids{});
  const auto eve = register_person("eve");
  auto& queue = world_->queue;
  EXPECT_TRUE(run(queue.list(eve.scope(), {}, std::nullopt, 10)).empty());
  EXPECT_EQ(slug_of(queue.get(eve.scope(), a)), "not_found");
  EXPECT_EQ(slug_of(queue.cancel(eve.scope(), a)), "not_found");
  EXPECT_EQ(get(a).state, State::queued);
}

Task<> cancel_all_of(fixture::World& world, tenancy::Tenant tenant, UserId user) {
  auto transaction = co_await world.database->begin(tenant.scope());
  co_await cancel_of(*transaction, tenant.organization(), user, world.clock.now());
  co_await transaction->commit();
}

TEST_P(JobQueueTest, what_somebody_began_stops_when_they_have_to_go) {
  const auto id = enqueue("walk", {"a"});
  run(cancel_all_of(*world_, *tenant_, fresh<UserId>()));
  EXPECT_EQ(get(id).state, State::queued) << "it is somebody else's";
  run(cancel_all_of(*world_, *tenant_, tenant_->user()));
  EXPECT_EQ(get(id).state, State::cancelled);
}

TEST_P(JobQueueTest, lists_show_what_is_asked_for_page_by_page) {
  world_->queue.add_kind({.name = "walk", .run = {}, .group = "sport"});
  world_->queue.add_kind({.name = "walk_far", .run = {}, .group = "sport"});
  world_->queue.add_kind({.name = "rest", .run = {}});
  const auto a = enqueue("walk");
  const auto b = enqueue("rest");
  const auto c = enqueue("walk_far");
  const auto d = enqueue("walk");
  run(world_->queue.cancel(tenant_->scope(), a));
  EXPECT_EQ(listed({.group = "sport"}), (Ids{d, c, a}));
  EXPECT_EQ(listed({.group = "sport"}, std::nullopt, 1), Ids{d});
  EXPECT_EQ(listed({.group = "sport"}, d, 1), Ids{c});
  EXPECT_EQ(listed({.group = "other"}), Ids{b});
  EXPECT_EQ(listed({.state = State::cancelled}), Ids{a});
  EXPECT_EQ(listed({.state = State::queued, .group = "sport"}), (Ids{d, c}));
  EXPECT_EQ(listed({.created_by = tenant_->user()}), (Ids{d, c, b, a}));
  EXPECT_EQ(listed({.created_by = fresh<UserId>()}), Ids{});
  EXPECT_EQ(listed({.project = project_, .state = State::queued, .group = "other"}), Ids{b});
  EXPECT_EQ(slug_of(world_->queue.list(tenant_->scope(), {.group = "walk"}, std::nullopt, 10)),
            "invalid_query");
}

}  // namespace
}  // namespace aa::jobs
