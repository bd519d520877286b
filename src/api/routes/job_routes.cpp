#include <boost/asio/steady_timer.hpp>

#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using jobs::Job;

constexpr std::chrono::milliseconds kPoll{250};
constexpr std::chrono::seconds kKeepAlive{15};

// Server-sent events of one job: `progress` and `state`, until it has ended. The row is polled, so
// it works whichever process runs the job.
class JobEvents final : public http::BodySource {
 public:
  JobEvents(jobs::Queue& queue, db::Scope scope, JobId id)
      : queue_(queue), scope_(scope), id_(id) {}

  Task<std::size_t> read(std::span<std::byte> buffer) override {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    auto quiet_since = std::chrono::steady_clock::now();
    while (pending_.empty()) {
      if (ended_) co_return 0;
      const Job job = co_await queue_.get(scope_, id_);
      note(job);
      if (!pending_.empty()) break;
      if (std::chrono::steady_clock::now() - quiet_since > kKeepAlive) pending_ = ": waiting\n\n";
      timer.expires_after(kPoll);
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    const std::size_t count = std::min(buffer.size(), pending_.size());
    std::memcpy(buffer.data(), pending_.data(), count);
    pending_.erase(0, count);
    co_return count;
  }

 private:
  void note(const Job& job) {
    if (job.revision == seen_revision_) return;
    const bool state_changed = job.state != seen_state_ || seen_revision_ == 0;
    seen_revision_ = job.revision;
    seen_state_ = job.state;
    pending_ += "event: progress\ndata: " + json::write(job.progress) + "\n\n";
    if (state_changed) pending_ += "event: state\ndata: " + json::write(job) + "\n\n";
    ended_ = jobs::is_final(job.state);
  }

  jobs::Queue& queue_;
  db::Scope scope_;
  JobId id_;
  std::string pending_;
  std::int64_t seen_revision_ = 0;
  jobs::State seen_state_ = jobs::State::queued;
  bool ended_ = false;
};

jobs::Filter query_filter(const Call& call) {
  jobs::Filter out;
  if (const auto text = call.query("project_id")) {
    out.project = ProjectId::parse(*text);
    if (!out.project) throw invalid("invalid_query", "project_id must be a UUID.");
  }
  if (const auto text = call.query("state")) {
    out.state.emplace();
    if (!boost::describe::enum_from_string(text->c_str(), *out.state)) {
      throw invalid("invalid_query", "state does not take \"" + *text + "\".");
    }
  }
  const auto mine = call.query("mine").value_or("false");
  if (mine != "true" && mine != "false") {
    throw invalid("invalid_query", "mine must be true or false.");
  }
  if (mine == "true") out.created_by = call.tenant().user();
  out.group = call.query("group");
  return out;
}

Task<http::Response> handle_list(Services& services, Call call) {
  const auto filter = query_filter(call);
  std::optional<JobId> before;
  if (const auto cursor = call.query("cursor")) {
    before = JobId::parse(*cursor);
    if (!before) throw invalid("invalid_query", "cursor is not one that this list gave.");
  }
  Page<Job> page;
  page.items = co_await services.jobs.list(call.tenant().scope(), filter, before, call.limit());
  if (static_cast<int>(page.items.size()) == call.limit()) {
    page.next_cursor = page.items.back().id.str();
  }
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_get(Services& services, Call call) {
  co_return answer(200, co_await services.jobs.get(call.tenant().scope(), call.id<JobId>("id")));
}

// Writes the entry of the trail in the transaction of the change.
jobs::Queue::Also recorded(Services& services, const Call& call, std::string action) {
  return [&trail = services.trail, actor = call.tenant().actor(), action = std::move(action),
          id = call.id<JobId>("id")](db::Transaction& transaction) {
    return trail.append(transaction, actor, audit::Entry(action, "job", id.str()));
  };
}

Task<http::Response> handle_cancel(Services& services, Call call) {
  const auto id = call.id<JobId>("id");
  auto entry = recorded(services, call, "job.cancel");
  co_return answer(200, co_await services.jobs.cancel(call.tenant().scope(), id, std::move(entry)));
}

Task<http::Response> handle_retry(Services& services, Call call) {
  const auto id = call.id<JobId>("id");
  auto entry = recorded(services, call, "job.retry");
  co_return answer(200, co_await services.jobs.retry(call.tenant().scope(), id, std::move(entry)));
}

Task<http::Response> handle_events(Services& services, Call call) {
  const auto id = call.id<JobId>("id");
  co_await services.jobs.get(call.tenant().scope(), id);
  http::Response response;
  response.headers.set("Content-Type", "text/event-stream");
  response.headers.set("Cache-Control", "no-store");
  response.body = std::make_shared<JobEvents>(services.jobs, call.tenant().scope(), id);
  co_return response;
}

}  // namespace

Routes job_routes(Services& services) {
  Routes out;
  out.push_back(
      {.method = "GET",
       .pattern = "/api/v1/jobs",
       .summary = "Jobs, newest first",
       .permission = Permission::job_read,
       .response_schema = page_schema_of<Job>(),
       .query = {{"project_id", "string", ""},
                 {"state", "string", "queued, running, succeeded, failed or cancelled"},
                 {"group", "string", "preannotation, export, import, index, model or other"},
                 {"mine", "boolean", "only those that whoever asks has started"},
                 {"limit", "integer", "1 to 200"},
                 {"cursor", "string", ""}},
       .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/jobs/{id}",
                 .summary = "A job",
                 .permission = Permission::job_read,
                 .response_schema = schema_of<Job>(),
                 .handler = [&](Call call) { return handle_get(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/jobs/{id}/cancel",
                 .summary = "Ask a job to stop",
                 .permission = Permission::job_cancel,
                 .rate = RateClass::write,
                 .response_schema = schema_of<Job>(),
                 .handler = [&](Call call) { return handle_cancel(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/jobs/{id}/retry",
                 .summary = "Run a job again that failed or was cancelled",
                 .permission = Permission::job_cancel,
                 .rate = RateClass::write,
                 .response_schema = schema_of<Job>(),
                 .handler = [&](Call call) { return handle_retry(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/jobs/{id}/events",
                 .summary = "Server-sent events: progress, state",
                 .permission = Permission::job_read,
                 .response_type = "text/event-stream",
                 .handler = [&](Call call) { return handle_events(services, call); }});
  return out;
}

}  // namespace aa::api
