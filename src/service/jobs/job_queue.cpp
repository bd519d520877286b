#include "service/jobs/job_queue.hpp"

#include <set>
#include <thread>

#include <boost/algorithm/string/join.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "core/observe/log.hpp"
#include "service/jobs/heartbeat.hpp"
#include "service/jobs/statements.hpp"

namespace aa::jobs {
namespace {

// A row of the jobs table.
struct JobRow {
  JobId id;
  std::string kind;
  std::optional<ProjectId> project_id;
  State state = State::queued;
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::string unit;
  std::optional<json::Object> error;
  std::optional<json::Object> result;
  UserId created_by;
  Timestamp created_at;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> finished_at;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(JobRow, (),
                      (id, kind, project_id, state, done, total, unit, error, result, created_by,
                       created_at, started_at, finished_at, revision))

Job to_job(JobRow row) {
  std::optional<JobError> error;
  if (row.error) error = json::read<JobError>(*row.error);
  return {.id = row.id,
          .kind = std::move(row.kind),
          .project_id = row.project_id,
          .state = row.state,
          .progress = {row.done, row.total, std::move(row.unit)},
          .error = std::move(error),
          .result = std::move(row.result),
          .created_by = row.created_by,
          .created_at = row.created_at,
          .started_at = row.started_at,
          .finished_at = row.finished_at,
          .revision = row.revision};
}

bool worth_retrying(const Error& error) {
  return error.code() == ErrorCode::unavailable || error.code() == ErrorCode::conflict ||
         error.code() == ErrorCode::deadline_exceeded;
}

struct StepRow {
  std::int64_t step = 0;
  std::string subject;
};
BOOST_DESCRIBE_STRUCT(StepRow, (), (step, subject))

}  // namespace

struct Queue::Leased {
  JobId id;
  OrganizationId organization_id;
  UserId created_by;
  std::optional<ProjectId> project_id;
  std::string kind;
  json::Object payload;
  std::int64_t attempts = 0;
  bool cancel_requested = false;
  bool errand = false;
};

bool is_final(State state) { return state != State::queued && state != State::running; }

Task<std::vector<Run::Step>> Run::pending(int limit) {
  const auto rows =
      co_await queue_.database_.query(scope(), sql::pending_steps, db::args(id_, limit));
  std::vector<Step> out;
  for (auto& row : rows.as<StepRow>()) out.push_back({row.step, std::move(row.subject)});
  co_return out;
}

Task<> Run::done(db::Transaction& transaction, Step step) {
  const auto changed = co_await transaction.exec(
      sql::finish_step,
      db::args(id_, step.number, "done", std::optional<std::string>{}, queue_.clock_.now()));
  // Another worker took the job over and did the step: what this one did of it is undone.
  if (changed.affected() == 0) {
    throw conflict("step_done_already", "Another worker did this step of the job.");
  }
  co_await transaction.exec(sql::advance, db::args(id_));
}

Task<> Run::report(std::int64_t done, std::int64_t total) {
  co_await queue_.database_.write(scope(), sql::report_progress, db::args(id_, done, total));
}

Task<> Run::failed(Step step, std::string reason) {
  auto transaction = co_await queue_.database_.begin(scope());
  const auto changed = co_await transaction->exec(
      sql::finish_step, db::args(id_, step.number, "failed", reason, queue_.clock_.now()));
  if (changed.affected() > 0) co_await transaction->exec(sql::advance, db::args(id_));
  co_await transaction->commit();
}

Task<bool> Run::should_stop() {
  if (queue_.stopping_ || lost_) co_return true;
  const auto now = queue_.clock_.now();
  const auto renewed = renewed_at_.load();
  // Asked at every step; the lease is written rarely, since a write costs a disk flush.
  if (now.micros - renewed < std::chrono::microseconds(queue_.settings_.lease).count() / 3) {
    const auto cancelled =
        co_await queue_.database_.query(scope(), sql::is_cancelled, db::args(id_));
    co_return !cancelled.empty();
  }
  co_return co_await renew();
}

Task<bool> Run::renew() {
  const auto now = queue_.clock_.now();
  renewed_at_ = now.micros;
  const auto until = now + queue_.settings_.lease;
  const auto rows = co_await queue_.database_.write(scope(), sql::renew_lease,
                                                    db::args(id_, queue_.owner_, until));
  if (rows.empty()) lost_ = true;
  co_return lost_ || rows[0].get<bool>("cancel_requested");
}

Task<std::int64_t> Run::done_steps() {
  const auto rows = co_await queue_.database_.query(scope(), sql::count_done_steps, db::args(id_));
  co_return rows[0].get<std::int64_t>("done");
}

Task<std::vector<std::pair<std::string, std::string>>> Run::failures(int limit) {
  const auto rows =
      co_await queue_.database_.query(scope(), sql::failed_steps, db::args(id_, limit));
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& row : rows) {
    out.emplace_back(row.get<std::string>("subject"),
                     row.get<std::optional<std::string>>("error").value_or(""));
  }
  co_return out;
}

Queue::Queue(db::Database& database, const Clock& clock, IdSource& ids,
             runtime::Executors& executors, observe::Metrics& metrics, QueueSettings settings)
    : database_(database),
      clock_(clock),
      ids_(ids),
      executors_(executors),
      metrics_(metrics),
      settings_(settings),
      owner_(ids.next().str()) {}

Queue::~Queue() { stop(std::chrono::milliseconds(0)); }

void Queue::add_kind(Kind kind) { kinds_.emplace(kind.name, kind); }

void Queue::start() {
  start_workers(settings_.workers, false);
  start_workers(settings_.errand_workers, true);
}

void Queue::start_workers(unsigned count, bool errands) {
  for (unsigned i = 0; i < count; ++i) {
    ++running_;
    boost::asio::co_spawn(executors_.io(), work(errands), boost::asio::detached);
  }
}

int Queue::attempts_max(const std::string& kind) const {
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? limits::kJobAttempts : found->second.attempts_max;
}

void Queue::stop(std::chrono::milliseconds grace) {
  stopping_ = true;
  const auto deadline = std::chrono::steady_clock::now() + grace;
  while (running_ > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

Task<JobId> Queue::enqueue(db::Transaction& transaction, NewJob job) {
  const auto id = ids_.next_as<JobId>();
  if (job.subjects.empty()) job.subjects.emplace_back();
  const auto total = static_cast<std::int64_t>(job.subjects.size());
  co_await transaction.exec(
      sql::insert_job, db::args(id, job.organization, job.project, job.kind, job.payload, total,
                                job.unit, job.created_by, clock_.now(), job.errand));
  // All steps in one statement: a dataset has many images.
  json::Array subjects;
  for (const auto& subject : job.subjects) subjects.emplace_back(subject);
  co_await transaction.exec(
      sql::insert_steps,
      db::args(id, job.organization, json::to_text(json::Value(std::move(subjects)))));
  co_return id;
}

Task<Job> Queue::get(db::Scope scope, JobId id) {
  const auto rows =
      co_await database_.query(scope, sql::get_job, db::args(id, scope.organization()));
  auto row = rows.first<JobRow>();
  if (!row) throw not_found("job");
  co_return to_job(std::move(*row));
}

// As the statement wants them: each between slashes.
std::string Queue::kinds_of(const std::string& group) const {
  std::string out;
  for (const auto& [name, kind] : kinds_) {
    if (kind.group == group) out += "/" + name + "/";
  }
  if (!out.empty()) return out;
  std::set<std::string> known;
  for (const auto& [name, kind] : kinds_) known.insert(kind.group);
  throw invalid("invalid_query", "group must be one of " + boost::algorithm::join(known, ", ") +
                                     ", not \"" + group + "\".");
}

Task<std::vector<Job>> Queue::list(db::Scope scope, Filter filter, std::optional<JobId> before,
                                   int limit) {
  const auto last = before ? before->str() : std::string("ffffffff-ffff-ffff-ffff-ffffffffffff");
  const std::string state =
      filter.state ? boost::describe::enum_to_string(*filter.state, "") : std::string();
  const std::string kinds = filter.group ? kinds_of(*filter.group) : std::string();
  auto values = db::args(scope.organization(), last, limit, state, filter.created_by, kinds);
  if (filter.project) values.push_back(db::to_value(*filter.project));
  const auto& statement = filter.project ? sql::list_project_jobs : sql::list_jobs;
  const auto rows = co_await database_.query(scope, statement, std::move(values));
  std::vector<Job> out;
  for (auto& row : rows.as<JobRow>()) out.push_back(to_job(std::move(row)));
  co_return out;
}

Task<Job> Queue::cancel(db::Scope scope, JobId id, Also also) {
  auto transaction = co_await database_.begin(scope);
  const auto changed =
      co_await transaction->exec(sql::cancel_job, db::args(id, scope.organization(), clock_.now()));
  if (changed.affected() > 0 && also) co_await also(*transaction);
  co_await transaction->commit();
  transaction.reset();
  co_return co_await get(scope, id);
}

Task<Job> Queue::retry(db::Scope scope, JobId id, Also also) {
  auto transaction = co_await database_.begin(scope);
  co_await transaction->exec(sql::reopen_steps, db::args(id, scope.organization()));
  const auto changed =
      co_await transaction->exec(sql::reopen_job, db::args(id, scope.organization(), clock_.now()));
  const bool reopened = changed.affected() > 0;
  if (reopened && also) co_await also(*transaction);
  if (reopened) co_await transaction->commit();
  transaction.reset();
  const auto job = co_await get(scope, id);
  if (!reopened) {
    throw Error(ErrorCode::conflict, "job_not_over",
                "Only a job that failed or was cancelled can be run again.");
  }
  co_return job;
}

Task<std::vector<std::pair<JobId, std::string>>> Queue::unfinished(OrganizationId organization) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::unfinished_jobs,
                                             db::args(organization));
  std::vector<std::pair<JobId, std::string>> out;
  for (const auto& row : rows) {
    out.emplace_back(row.get<JobId>("id"), row.get<std::string>("payload"));
  }
  co_return out;
}

Task<> Queue::work(bool errands) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!stopping_) {
    bool worked = false;
    try {
      worked = co_await run_one(errands);
    } catch (const std::exception& e) {
      observe::error("jobs.worker", {{"error", std::string_view(e.what())}});
    }
    if (!worked && !stopping_) {
      timer.expires_after(settings_.poll);
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
  }
  --running_;
}

Task<bool> Queue::run_one(bool errands) {
  auto leased = co_await lease(errands);
  if (!leased) co_return false;
  co_await execute(std::move(*leased));
  co_return true;
}

Task<std::optional<Queue::Leased>> Queue::lease(bool errands) {
  const auto now = clock_.now();
  const auto rows = co_await database_.write(db::Scope::system(), sql::lease_job,
                                             db::args(now, owner_, now + settings_.lease, errands));
  if (rows.empty()) co_return std::nullopt;
  const auto& row = rows[0];
  Leased job;
  job.id = row.get<JobId>("id");
  job.organization_id = row.get<OrganizationId>("organization_id");
  job.created_by = row.get<UserId>("created_by");
  job.project_id = row.get<std::optional<ProjectId>>("project_id");
  job.kind = row.get<std::string>("kind");
  job.payload = row.get<json::Object>("payload");
  job.attempts = row.get<std::int64_t>("attempts");
  job.cancel_requested = row.get<bool>("cancel_requested");
  job.errand = errands;
  co_return job;
}

Task<> Queue::execute(Leased job) {
  const auto kind = kinds_.find(job.kind);
  std::optional<JobError> error;
  bool retry = false;
  Run run(*this, job.id, job.organization_id, job.created_by, job.project_id, job.payload);
  if (job.cancel_requested) {
    co_await finish(std::move(job), State::cancelled, std::nullopt, std::nullopt);
    co_return;
  }
  const int attempts = attempts_max(job.kind);
  if (job.attempts > attempts) {
    // It was leased that often and never gave an answer: its workers died of it.
    error = JobError{"gave_up", "The job ended its worker " + std::to_string(attempts) + " times."};
  } else if (kind == kinds_.end()) {
    error = JobError{"unknown_kind", "This server does not know jobs of kind " + job.kind + "."};
  } else {
    Heartbeat heartbeat(run, executors_.io(), std::chrono::milliseconds(settings_.lease) / 3);
    try {
      co_await kind->second.run(run);
    } catch (const Error& e) {
      retry = worth_retrying(e);
      // Stopping early when told to is no failure: the job is cancelled, or goes on elsewhere.
      if (e.code() != ErrorCode::cancelled) {
        error = JobError{e.slug(), e.message()};
        observe::warn("jobs.failed",
                      {{"job", job.id.str()}, {"error", std::string_view(e.what())}});
      }
    } catch (const std::exception& e) {
      error = JobError{"internal", "Something went wrong on our side."};
      observe::error("jobs.failed", {{"job", job.id.str()}, {"error", std::string_view(e.what())}});
    }
    co_await heartbeat.stop();
  }
  if (error && retry && job.attempts < attempts && !stopping_) {
    co_await retry_later(std::move(job), std::move(*error));
    co_return;
  }
  if (error) {
    co_await finish(std::move(job), State::failed, std::move(error), std::move(run.result_));
    co_return;
  }
  const auto cancelled = co_await database_.query(run.scope(), sql::is_cancelled, db::args(job.id));
  if (!cancelled.empty()) {
    co_await finish(std::move(job), State::cancelled, std::nullopt, std::move(run.result_));
    co_return;
  }
  const auto left = co_await run.pending(1);
  if (left.empty()) {
    co_await finish(std::move(job), State::succeeded, std::nullopt, std::move(run.result_));
  } else {
    // Stopped in the middle (shutdown): another worker goes on from here.
    co_await database_.write(run.scope(), sql::release_job, db::args(job.id, owner_, clock_.now()));
  }
}

Task<> Queue::retry_later(Leased job, JobError error) {
  const auto wait = std::chrono::seconds(1LL << std::min<std::int64_t>(job.attempts, 8));
  co_await database_.write(db::Scope::tenant(job.organization_id), sql::retry_job,
                           db::args(job.id, owner_, clock_.now() + wait, json::write(error)));
}

Task<> Queue::finish(Leased job, State state, std::optional<JobError> error,
                     std::optional<json::Object> result) {
  std::optional<std::string> error_text;
  if (error) error_text = json::write(*error);
  std::optional<std::string> result_text;
  if (result) result_text = json::write(*result);
  co_await database_.write(db::Scope::tenant(job.organization_id), sql::finish_job,
                           db::args(job.id, owner_, state, error_text, result_text, clock_.now()));
  if (job.errand && state == State::succeeded) {
    co_await database_.write(db::Scope::tenant(job.organization_id), sql::drop_errand,
                             db::args(job.id));
  }
  metrics_.add(
      "aa_jobs_finished_total", "Jobs that ended",
      {{"kind", job.kind}, {"state", std::string(boost::describe::enum_to_string(state, ""))}});
}

Task<> cancel_of(db::Transaction& transaction, OrganizationId organization, UserId user,
                 Timestamp now) {
  co_await transaction.exec(sql::cancel_of, db::args(organization, user, now));
}

}  // namespace aa::jobs
