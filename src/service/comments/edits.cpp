// Changes of a comment's text.
#include <algorithm>

#include "kernel/ot/text.hpp"
#include "service/comments/change.hpp"
#include "service/comments/statements.hpp"

namespace aa::comments {
namespace {

using document::TextEdit;

struct EditRow {
  OperationId id;
  std::string edit;
};
BOOST_DESCRIBE_STRUCT(EditRow, (), (id, edit))

Error changed_meanwhile() {
  return conflict("changed_meanwhile", "The comment was changed meanwhile. Load it again.");
}

// All of the old text goes, the new one comes.
TextEdit replacing(std::string_view old, std::string_view body) {
  TextEdit out;
  out.insert(body);
  out.remove(document::text_length(old));
  out.finish();
  return out;
}

}  // namespace

void check_body(std::string_view body, std::string pointer) {
  const bool blank = std::ranges::all_of(body, [](unsigned char byte) { return byte <= ' '; });
  if (blank) refuse({{std::move(pointer), "must leave something to read"}});
  if (document::text_length(body) <= kBodyCodePoints) return;
  const std::string limit = std::to_string(kBodyCodePoints);
  refuse({{std::move(pointer), "makes more than " + limit + " characters"}});
}

struct Comments::NewText {
  std::string body;
  TextEdit edit;
};

// The client's edit, made on an earlier version, on the present one (rule R11). Nothing is left of
// one that is there already.
Task<TextEdit> Comments::brought_up(Change& change, CommentRow comment, EditComment input) {
  const auto base = *input.base_version;
  if (base > comment.version) refuse({{"/base_version", "is newer than the comment"}});
  const auto rows = co_await change.transaction->exec(
      sql::edits_since, db::args(comment.id, change.tenant.organization(), base));
  if (static_cast<std::int64_t>(rows.size()) != comment.version - base) throw changed_meanwhile();
  TextEdit edit = std::move(*input.edit);
  for (const auto& row : rows.as<EditRow>()) {
    if (input.id && row.id == *input.id) co_return TextEdit{};
    const auto over = json::read<TextEdit>(json::parse(row.edit));
    edit = ot::transform_text(edit, over, ot::Side::later);
  }
  co_return edit;
}

Task<std::optional<Comments::NewText>> Comments::new_text(Change& change, CommentRow comment,
                                                          EditComment input) {
  NewText out;
  if (input.edit) {
    out.edit = co_await brought_up(change, comment, std::move(input));
    auto body = document::apply_edit(comment.body, out.edit);
    if (!body) refuse({{"/edit", "goes beyond the end of the text"}});
    out.body = std::move(*body);
    check_body(out.body, "/edit");
  } else if (input.body) {
    if (input.base_version && *input.base_version != comment.version) throw changed_meanwhile();
    out.body = *input.body;
    out.edit = replacing(comment.body, out.body);
  }
  if (out.edit.empty() || out.body == comment.body) co_return std::nullopt;
  co_return out;
}

Task<ThreadView> Comments::edit(Tenant tenant, CommentId id, EditComment input) {
  tenant.require(tenancy::Permission::comment_write);
  check_client_id(input.id);
  if (input.body) check_body(*input.body);
  if (input.edit && (input.body || !input.base_version)) {
    refuse({{"/edit", "needs base_version and stands without body"}});
  }
  const auto organization = tenant.organization();
  auto mentions = input.mentions.value_or(std::vector<UserId>{});
  co_await require_members(organization, mentions);
  auto [change, comment] = co_await begin_comment(tenant, id);
  if (comment.deleted_at) throw conflict("comment_deleted", "The comment was deleted.");
  const auto text = co_await new_text(*change, comment, input);
  if (!text && !input.mentions) {
    change.reset();
    co_return co_await view_one(organization, comment.thread_id);
  }
  if (text) {
    const auto version = comment.version + 1;
    auto& transaction = *change->transaction;
    co_await transaction.exec(
        sql::insert_edit,
        db::args(id, version, input.id.value_or(ids_.next_as<OperationId>()), organization,
                 tenant.user(), json::write(text->edit), change->now));
    co_await transaction.exec(sql::forget_edits, db::args(id, organization, version - kEditsKept));
    co_await transaction.exec(sql::update_body,
                              db::args(id, organization, text->body, version, change->now));
  }
  if (input.mentions) co_await replace_mentions(*change, id, std::move(mentions));
  co_return co_await finish(std::move(change), "comment.update", "comment", id.str());
}

}  // namespace aa::comments
