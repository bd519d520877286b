// Durable jobs: long work as rows.
//
// A job is queued in the transaction of what asked for it, leased by a worker, and done step by
// step; a step that is done is never done again. A worker that dies loses its lease, and another
// takes the job over from the first step that is not done. Attempts are counted; after
// limits::kJobAttempts a job fails for good and does not hold up others. PostgreSQL workers skip
// each other's rows (SKIP LOCKED); SQLite has one writer anyway.
//
// Errands are small jobs that nobody watches: letters, deliveries. They have workers of their own,
// so that no dataset holds them up, are not listed or found by id, and leave no row when done.
//
// Thread rule: shared by all coroutines.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "core/observe/metrics.hpp"
#include "core/runtime/executors.hpp"
#include "driver/db/database.hpp"

namespace aa::jobs {

using runtime::Task;

enum class State { queued, running, succeeded, failed, cancelled };
BOOST_DESCRIBE_ENUM(State, queued, running, succeeded, failed, cancelled)

struct Progress {
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::string unit;
};
BOOST_DESCRIBE_STRUCT(Progress, (), (done, total, unit))

struct JobError {
  std::string code;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(JobError, (), (code, detail))

// A job as the API shows it.
struct Job {
  JobId id;
  std::string kind;
  std::optional<ProjectId> project_id;
  State state = State::queued;
  Progress progress;
  std::optional<JobError> error;
  std::optional<json::Object> result;
  UserId created_by;
  Timestamp created_at;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> finished_at;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(Job, (),
                      (id, kind, project_id, state, progress, error, result, created_by, created_at,
                       started_at, finished_at, revision))

bool is_final(State state);

struct NewJob {
  OrganizationId organization;
  UserId created_by;
  std::optional<ProjectId> project;
  std::string kind;
  std::string unit;  // of the progress: "images"
  json::Object payload;
  std::vector<std::string> subjects;  // one step each; empty: one step with no subject
  bool errand = false;
};

class Queue;

// What a running job sees.
class Run {
 public:
  struct Step {
    std::int64_t number = 0;
    std::string subject;
  };

  const JobId& id() const { return id_; }
  OrganizationId organization() const { return organization_; }
  UserId created_by() const { return created_by_; }
  std::optional<ProjectId> project() const { return project_; }
  const json::Object& payload() const { return payload_; }
  db::Scope scope() const { return db::Scope::tenant(organization_); }

  // Steps not done yet, at most `limit`, in order.
  Task<std::vector<Step>> pending(int limit);
  // Marks a step done inside the transaction that holds its effect, and moves the progress.
  Task<> done(db::Transaction& transaction, Step step);
  // Says how far a step is that is long and can be counted, in the job's unit.
  Task<> report(std::int64_t done, std::int64_t total);
  // Marks a step failed, with a reason for the result; the job goes on.
  Task<> failed(Step step, std::string reason);
  // True when the job should stop (cancelled, lease lost, shutting down). Renews the lease.
  Task<bool> should_stop();
  void set_result(json::Object result) { result_ = std::move(result); }
  Task<std::int64_t> done_steps();
  // Steps that failed so far, with their reasons, at most `limit`.
  Task<std::vector<std::pair<std::string, std::string>>> failures(int limit);

 private:
  friend class Queue;
  friend class Heartbeat;
  Task<bool> renew();  // true when the job should stop
  Run(Queue& queue, JobId id, OrganizationId organization, UserId created_by,
      std::optional<ProjectId> project, json::Object payload)
      : queue_(queue),
        id_(id),
        organization_(organization),
        created_by_(created_by),
        project_(project),
        payload_(std::move(payload)) {}

  Queue& queue_;
  JobId id_;
  OrganizationId organization_;
  UserId created_by_;
  std::optional<ProjectId> project_;
  json::Object payload_;
  std::optional<json::Object> result_;
  std::atomic<std::int64_t> renewed_at_ = 0;  // microseconds, see should_stop()
  std::atomic<bool> lost_ = false;            // the lease; another worker has the job
};

// A kind of job is a row: its name, what runs it, and under what people find it in lists. Throwing
// Error from `run` retries when the error is unavailable or conflict, and fails the job otherwise.
// The waits between attempts double up to four minutes.
struct Kind {
  std::string name;
  std::function<Task<>(Run&)> run;
  int attempts_max = limits::kJobAttempts;
  std::string group = "other";
};

// Which jobs a list shows.
struct Filter {
  std::optional<ProjectId> project;
  std::optional<State> state;
  std::optional<UserId> created_by;
  std::optional<std::string> group;  // of kinds
};

struct QueueSettings {
  unsigned workers = 2;
  std::chrono::milliseconds poll{500};
  std::chrono::seconds lease{30};
  unsigned errand_workers = 2;
};

class Queue {
 public:
  Queue(db::Database& database, const Clock& clock, IdSource& ids, runtime::Executors& executors,
        observe::Metrics& metrics, QueueSettings settings = {});
  ~Queue();

  void add_kind(Kind kind);  // before start()
  void start();              // workers begin to lease jobs
  // Stops leasing, asks running jobs to pause at their next step, waits for them at most `grace`.
  void stop(std::chrono::milliseconds grace);

  Task<JobId> enqueue(db::Transaction& transaction, NewJob job);
  Task<Job> get(db::Scope scope, JobId id);  // Error not_found
  // Newest first. Error invalid_argument "invalid_query" for a group that no kind belongs to.
  Task<std::vector<Job>> list(db::Scope scope, Filter filter, std::optional<JobId> before,
                              int limit);
  // `also` writes what must be written with it, when it changes anything.
  using Also = std::function<Task<>(db::Transaction&)>;
  Task<Job> cancel(db::Scope scope, JobId id, Also also = {});
  // Runs a job that failed or was cancelled once more, without the steps that are done. Error
  // conflict "job_not_over" for any other.
  Task<Job> retry(db::Scope scope, JobId id, Also also = {});
  // Jobs that may still run, with their payloads as text.
  Task<std::vector<std::pair<JobId, std::string>>> unfinished(OrganizationId organization);

 private:
  friend class Run;
  struct Leased;
  std::string kinds_of(const std::string& group) const;
  void start_workers(unsigned count, bool errands);
  Task<> work(bool errands);
  Task<bool> run_one(bool errands);
  Task<std::optional<Leased>> lease(bool errands);
  int attempts_max(const std::string& kind) const;
  Task<> finish(Leased job, State state, std::optional<JobError> error,
                std::optional<json::Object> result);
  Task<> retry_later(Leased job, JobError error);
  Task<> execute(Leased job);

  db::Database& database_;
  const Clock& clock_;
  IdSource& ids_;
  runtime::Executors& executors_;
  observe::Metrics& metrics_;
  QueueSettings settings_;
  std::string owner_;
  std::map<std::string, Kind> kinds_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> running_ = 0;
};

// Stops what runs or waits in a person's name in the projects of an organisation.
Task<> cancel_of(db::Transaction& transaction, OrganizationId organization, UserId user,
                 Timestamp now);

}  // namespace aa::jobs
