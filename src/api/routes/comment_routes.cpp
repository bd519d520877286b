#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using comments::CommentView;
using comments::EditComment;
using comments::MentionView;
using comments::NewComment;
using comments::NewThread;
using comments::ReadMentions;
using comments::SeenMentions;
using comments::ThreadView;

bool flag(const Call& call, std::string_view name) {
  const auto text = call.query(name);
  if (!text || *text == "false") return false;
  if (*text == "true") return true;
  throw invalid("invalid_query", std::string(name) + " must be true or false.");
}

template <class IdType>
std::optional<IdType> cursor_of(const Call& call) {
  const auto text = call.query("cursor");
  if (!text) return std::nullopt;
  const auto id = IdType::parse(*text);
  if (!id) throw invalid("invalid_query", "cursor is not one that this list gave.");
  return id;
}

comments::ThreadQuery thread_query(const Call& call) {
  return {cursor_of<ThreadId>(call), flag(call, "open"),
          std::min(call.limit(), comments::kThreadsPerPage)};
}

template <class PageOf>
http::Response page_answer(PageOf found) {
  Page<typename decltype(found.items)::value_type> page;
  page.items = std::move(found.items);
  if (found.next) page.next_cursor = found.next->str();
  return json_response(200, write_page(page));
}

Task<http::Response> handle_asset_threads(Services& services, Call call) {
  const auto query = thread_query(call);
  co_return page_answer(
      co_await services.comments.list(call.tenant(), call.id<AssetId>("id"), query));
}

Task<http::Response> handle_project_threads(Services& services, Call call) {
  const auto query = thread_query(call);
  co_return page_answer(
      co_await services.comments.list_project(call.tenant(), call.id<ProjectId>("id"), query));
}

Task<http::Response> handle_thread(Services& services, Call call) {
  co_return answer(200, co_await services.comments.get(call.tenant(), call.id<ThreadId>("id")));
}

Task<http::Response> handle_comments(Services& services, Call call) {
  const auto skip = call.query_number("cursor").value_or(0);
  Page<CommentView> page;
  page.items = co_await services.comments.comments(call.tenant(), call.id<ThreadId>("id"), skip,
                                                   call.limit());
  if (static_cast<int>(page.items.size()) == call.limit()) {
    page.next_cursor = std::to_string(skip + call.limit());
  }
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_open(Services& services, Call call) {
  const auto asset = call.id<AssetId>("id");
  auto input = co_await read_body<NewThread>(call);
  co_return answer(201, co_await services.comments.open(call.tenant(), asset, std::move(input)));
}

Task<http::Response> handle_reply(Services& services, Call call) {
  const auto thread = call.id<ThreadId>("id");
  auto input = co_await read_body<NewComment>(call);
  co_return answer(201, co_await services.comments.reply(call.tenant(), thread, std::move(input)));
}

Task<http::Response> handle_edit(Services& services, Call call) {
  const auto comment = call.id<CommentId>("id");
  auto input = co_await read_body<EditComment>(call);
  co_return answer(200, co_await services.comments.edit(call.tenant(), comment, std::move(input)));
}

Task<http::Response> handle_delete(Services& services, Call call) {
  co_await services.comments.remove(call.tenant(), call.id<CommentId>("id"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_resolve(Services& services, Call call) {
  co_return answer(200, co_await services.comments.resolve(call.tenant(), call.id<ThreadId>("id")));
}

Task<http::Response> handle_reopen(Services& services, Call call) {
  co_return answer(200, co_await services.comments.reopen(call.tenant(), call.id<ThreadId>("id")));
}

Task<http::Response> handle_mentions(Services& services, Call call) {
  const comments::MentionQuery query{cursor_of<MentionId>(call), flag(call, "unread"),
                                     call.limit()};
  co_return page_answer(co_await services.comments.mentions(call.tenant(), query));
}

Task<http::Response> handle_read(Services& services, Call call) {
  co_await services.comments.read_mention(call.tenant(), call.id<MentionId>("id"));
  co_return http::Response::empty(204);
}

Task<http::Response> handle_read_all(Services& services, Call call) {
  const auto seen = co_await read_body<SeenMentions>(call);
  co_return answer(200, co_await services.comments.read_mentions(call.tenant(), seen));
}

void add_reading(Routes& out, Services& services) {
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}/threads",
                 .summary = "Comment threads of an asset, newest first",
                 .permission = Permission::comment_read,
                 .response_schema = page_schema_of<ThreadView>(),
                 .query = {{"limit", "integer", "1 to 100"},
                           {"cursor", "string", ""},
                           {"open", "boolean", "only those not resolved"}},
                 .handler = [&](Call call) { return handle_asset_threads(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}/threads",
                 .summary = "Comment threads of a project, newest first",
                 .permission = Permission::comment_read,
                 .response_schema = page_schema_of<ThreadView>(),
                 .query = {{"limit", "integer", "1 to 100"},
                           {"cursor", "string", ""},
                           {"open", "boolean", "only those not resolved"}},
                 .handler = [&](Call call) { return handle_project_threads(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/threads/{id}",
                 .summary = "A comment thread with its latest comments",
                 .permission = Permission::comment_read,
                 .response_schema = schema_of<ThreadView>(),
                 .handler = [&](Call call) { return handle_thread(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/threads/{id}/comments",
                 .summary = "All comments of a thread, oldest first",
                 .permission = Permission::comment_read,
                 .response_schema = page_schema_of<CommentView>(),
                 .query = {{"limit", "integer", "1 to 200"}, {"cursor", "string", ""}},
                 .handler = [&](Call call) { return handle_comments(services, call); }});
}

void add_writing(Routes& out, Services& services) {
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/assets/{id}/threads",
                 .summary = "Open a comment thread on a spot or an annotation",
                 .permission = Permission::comment_write,
                 .rate = RateClass::write,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<NewThread>(),
                 .response_schema = schema_of<ThreadView>(),
                 .handler = [&](Call call) { return handle_open(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/threads/{id}/comments",
                 .summary = "Answer in a comment thread",
                 .permission = Permission::comment_write,
                 .rate = RateClass::write,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<NewComment>(),
                 .response_schema = schema_of<ThreadView>(),
                 .handler = [&](Call call) { return handle_reply(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/comments/{id}",
                 .summary = "Change a comment; concurrent edits of the text are merged",
                 .permission = Permission::comment_write,
                 .rate = RateClass::write,
                 .request_type = "application/json",
                 .request_schema = schema_of<EditComment>(),
                 .response_schema = schema_of<ThreadView>(),
                 .handler = [&](Call call) { return handle_edit(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/comments/{id}",
                 .summary = "Delete a comment: its place stays, its text goes",
                 .permission = Permission::comment_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_delete(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/threads/{id}/resolve",
                 .summary = "Mark a comment thread as settled",
                 .permission = Permission::comment_write,
                 .rate = RateClass::write,
                 .response_schema = schema_of<ThreadView>(),
                 .handler = [&](Call call) { return handle_resolve(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/threads/{id}/reopen",
                 .summary = "Take back that a comment thread is settled",
                 .permission = Permission::comment_write,
                 .rate = RateClass::write,
                 .response_schema = schema_of<ThreadView>(),
                 .handler = [&](Call call) { return handle_reopen(services, call); }});
}

void add_mentions(Routes& out, Services& services) {
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/mentions",
                 .summary = "Comments that mention whoever asks, newest first",
                 .permission = Permission::comment_read,
                 .response_schema = page_schema_of<MentionView>(),
                 .query = {{"limit", "integer", "1 to 200"},
                           {"cursor", "string", ""},
                           {"unread", "boolean", "only those not read"}},
                 .handler = [&](Call call) { return handle_mentions(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/mentions/{id}/read",
                 .summary = "Mark a mention as read",
                 .permission = Permission::comment_read,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_read(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/mentions/read",
                 .summary = "Mark all mentions up to one as read",
                 .permission = Permission::comment_read,
                 .rate = RateClass::write,
                 .request_type = "application/json",
                 .request_schema = schema_of<SeenMentions>(),
                 .response_schema = schema_of<ReadMentions>(),
                 .handler = [&](Call call) { return handle_read_all(services, call); }});
}

}  // namespace

Routes comment_routes(Services& services) {
  Routes out;
  add_reading(out, services);
  add_writing(out, services);
  add_mentions(out, services);
  return out;
}

}  // namespace aa::api
