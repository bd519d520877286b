// What was when, who did it, and taking it back.
#include "api/routes/routes.hpp"
#include "service/identity/person.hpp"

namespace aa::api {
namespace {

using annotation::Blame;
using annotation::ChooseStep;
using annotation::Outcome;
using annotation::Restored;
using annotation::Reverted;
using annotation::RevertProject;
using annotation::StoredOperation;
using annotation::UndoSteps;
using identity::Person;

struct JobAccepted {
  JobId job_id;
};
BOOST_DESCRIBE_STRUCT(JobAccepted, (), (job_id))

struct HistoryItem {
  std::int64_t revision = 0;
  document::Operation operation;
  Person created_by;
  document::Source source = document::Source::manual;
  Timestamp created_at;
  std::optional<StepId> step;
  std::optional<StepId> undoes;
  std::optional<JobId> run;
};
BOOST_DESCRIBE_STRUCT(HistoryItem, (),
                      (revision, operation, created_by, source, created_at, step, undoes, run))

struct BlameItem {
  AnnotationId annotation_id;
  Person created_by;
  Timestamp created_at;
  Person changed_by;
  Timestamp changed_at;
  std::int64_t changes = 0;
  std::optional<JobId> run;
};
BOOST_DESCRIBE_STRUCT(BlameItem, (),
                      (annotation_id, created_by, created_at, changed_by, changed_at, changes, run))

using Names = std::map<UserId, std::string>;

Person person(const Names& names, const UserId& id) {
  const auto found = names.find(id);
  return {id, found == names.end() ? std::string() : found->second};
}

Task<http::Response> handle_list(Services& services, Call call) {
  const auto limit = call.limit();
  const auto found = co_await services.history.list(call.tenant(), call.id<AssetId>("id"),
                                                    call.query_number("before"), limit);
  std::vector<UserId> ids;
  for (const auto& stored : found) ids.push_back(stored.author);
  const auto names = co_await services.identity.names_for(std::move(ids));
  Page<HistoryItem> page;
  for (const auto& stored : found) {
    const auto& operation = stored.operation;
    page.items.push_back({stored.revision, operation, person(names, stored.author), stored.source,
                          stored.at, operation.step, operation.undoes, stored.run});
  }
  const bool more = found.size() == static_cast<std::size_t>(limit) && found.back().revision > 1;
  if (more) page.next_cursor = std::to_string(found.back().revision);
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_blame(Services& services, Call call) {
  const auto found = co_await services.history.blame(call.tenant(), call.id<AssetId>("id"));
  std::vector<UserId> ids;
  for (const auto& one : found) {
    ids.push_back(one.created_by);
    ids.push_back(one.changed_by);
  }
  const auto names = co_await services.identity.names_for(std::move(ids));
  Page<BlameItem> page;
  for (const Blame& one : found) {
    page.items.push_back({one.annotation_id, person(names, one.created_by), one.created_at,
                          person(names, one.changed_by), one.changed_at, one.changes, one.run});
  }
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_undo_steps(Services& services, Call call) {
  co_return answer(200,
                   co_await services.history.undo_steps(call.tenant(), call.id<AssetId>("id")));
}

Task<http::Response> handle_undo(Services& services, Call call) {
  const auto which = co_await read_body<ChooseStep>(call);
  co_return answer(200,
                   co_await services.history.undo(call.tenant(), call.id<AssetId>("id"), which));
}

Task<http::Response> handle_redo(Services& services, Call call) {
  const auto which = co_await read_body<ChooseStep>(call);
  co_return answer(200,
                   co_await services.history.redo(call.tenant(), call.id<AssetId>("id"), which));
}

Task<http::Response> handle_restore(Services& services, Call call) {
  const auto to = co_await read_body<annotation::Restore>(call);
  co_return answer(200,
                   co_await services.history.restore(call.tenant(), call.id<AssetId>("id"), to));
}

Task<http::Response> handle_revert(Services& services, Call call) {
  const auto what = co_await read_body<annotation::Revert>(call);
  co_return answer(200,
                   co_await services.history.revert(call.tenant(), call.id<AssetId>("id"), what));
}

Task<http::Response> handle_revert_project(Services& services, Call call) {
  const auto what = co_await read_body<RevertProject>(call);
  JobAccepted accepted;
  accepted.job_id =
      co_await services.history.revert_project(call.tenant(), call.id<ProjectId>("id"), what);
  co_return answer(202, accepted);
}

// Rows that change an asset by a small body, and answer with what came of it.
template <class In, class Out>
Route change_route(std::string_view pattern, std::string_view summary) {
  return {.method = "POST",
          .pattern = pattern,
          .summary = summary,
          .permission = Permission::annotation_write,
          .rate = RateClass::write,
          .request_type = "application/json",
          .request_schema = schema_of<In>(),
          .response_schema = schema_of<Out>()};
}

void add_change_routes(Services& services, Routes& out) {
  auto undo = change_route<ChooseStep, Outcome>("/api/v1/assets/{id}/undo",
                                                "Take back one's own latest step, or one of them");
  undo.handler = [&](Call call) { return handle_undo(services, call); };
  auto redo = change_route<ChooseStep, Outcome>("/api/v1/assets/{id}/redo",
                                                "Bring again what one undid last");
  redo.handler = [&](Call call) { return handle_redo(services, call); };
  auto restore = change_route<annotation::Restore, Restored>(
      "/api/v1/assets/{id}/restore", "Make the annotations what they were at a revision");
  restore.handler = [&](Call call) { return handle_restore(services, call); };
  auto revert = change_route<annotation::Revert, Reverted>(
      "/api/v1/assets/{id}/revert",
      "Take back all of a person or a model run that nobody changed since");
  revert.handler = [&](Call call) { return handle_revert(services, call); };
  auto project = change_route<RevertProject, JobAccepted>("/api/v1/projects/{id}/revert",
                                                          "The same in all of a project");
  project.rate = RateClass::heavy;
  project.status = 202;
  project.handler = [&](Call call) { return handle_revert_project(services, call); };
  for (auto* route : {&undo, &redo, &restore, &revert, &project}) {
    out.push_back(std::move(*route));
  }
}

}  // namespace

Routes history_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}/history",
                 .summary = "What was done to an asset's annotations, newest first",
                 .permission = Permission::annotation_read,
                 .response_schema = page_schema_of<HistoryItem>(),
                 .query = {{"before", "integer", "a revision; next_cursor of the page before"},
                           {"limit", "integer", ""}},
                 .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}/blame",
                 .summary = "Who made and who last changed each annotation",
                 .permission = Permission::annotation_read,
                 .response_schema = page_schema_of<BlameItem>(),
                 .handler = [&](Call call) { return handle_blame(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}/undo-steps",
                 .summary = "What one can undo and redo, with the operations that do it",
                 .permission = Permission::annotation_read,
                 .response_schema = schema_of<UndoSteps>(),
                 .handler = [&](Call call) { return handle_undo_steps(services, call); }});
  add_change_routes(services, out);
  return out;
}

}  // namespace aa::api
