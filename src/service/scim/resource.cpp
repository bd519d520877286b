#include "service/scim/resource.hpp"

#include <algorithm>
#include <array>

#include "service/scim/errors.hpp"
#include "service/scim/read_values.hpp"

namespace aa::scim {
namespace {

enum class Kind { add, remove, replace };

// Of RFC 7643, and not kept.
constexpr std::array<std::string_view, 18> kReadOver{
    "schemas", "meta",         "groups",    "password",          "nickname", "profileurl",
    "title",   "usertype",     "locale",    "preferredlanguage", "timezone", "ims",
    "photos",  "phonenumbers", "addresses", "entitlements",      "roles",    "x509certificates"};

constexpr std::array<std::string_view, 4> kOurs{"id", "meta", "schemas", "groups"};

bool is_read_over(const Path& path) {
  return path.extension || std::ranges::count(kReadOver, path.attribute) > 0 ||
         path.attribute.starts_with("urn:") || path.attribute.starts_with("http:");
}

bool fits(const Email& email, const std::vector<Term>& within) {
  return std::ranges::all_of(within, [&](const Term& term) {
    const auto wanted = small_letters(term.text);
    if (term.attribute == "type") return small_letters(email.type) == wanted;
    if (term.attribute == "value") return small_letters(email.value) == wanted;
    if (term.attribute == "display") return small_letters(email.display) == wanted;
    if (term.attribute == "primary") return email.primary == term.truth.value_or(wanted == "true");
    throw invalid_filter("emails is filtered by type, value, display or primary.");
  });
}

// Of several primary addresses the latest told stays one.
void keep_one_primary(std::vector<Email>& emails, std::size_t from) {
  const auto first = emails.begin() + static_cast<std::ptrdiff_t>(from);
  if (std::none_of(first, emails.end(), [](const Email& e) { return e.primary; })) return;
  for (auto it = emails.begin(); it != first; ++it) it->primary = false;
  bool seen = false;
  for (auto it = first; it != emails.end(); ++it)
    it->primary = it->primary && !std::exchange(seen, true);
}

void add_emails(std::vector<Email>& emails, std::vector<Email> added) {
  for (auto& email : added) {
    const auto same = std::ranges::find_if(emails, [&](const Email& present) {
      return small_letters(present.value) == small_letters(email.value) &&
             present.type == email.type;
    });
    const bool primary = email.primary;
    if (same != emails.end()) {
      *same = std::move(email);
      std::rotate(same, same + 1, emails.end());
    } else {
      emails.push_back(std::move(email));
    }
    if (primary) keep_one_primary(emails, emails.size() - 1);
  }
  if (emails.size() > kEmailsMax) throw too_many("A person has at most 10 addresses.");
}

// emails[type eq "work"].value: who has none of the kind gets one.
void set_some_emails(std::vector<Email>& emails, Kind kind, const Path& path,
                     const json::Value& value) {
  bool found = false;
  for (auto& email : emails) {
    if (!fits(email, path.within)) continue;
    found = true;
    if (path.sub.empty()) {
      const auto given = emails_in(value);
      if (given.size() != 1) throw invalid_value("One address takes the place of one.");
      email = given[0];
    } else {
      set_email_part(email, path.sub, kind == Kind::remove ? json::Value{} : value);
    }
  }
  if (found || kind == Kind::remove) return;
  const auto type = std::ranges::find(path.within, "type", &Term::attribute);
  if (path.sub != "value" || type == path.within.end()) {
    throw malformed("no_target", "No address fits what the path asks for.");
  }
  Email made;
  made.type = text_in(json::Value(type->text), "emails.type");
  made.value = text_in(value, "emails.value");
  made.primary = emails.empty();
  add_emails(emails, {std::move(made)});
}

void set_emails(User& user, Kind kind, const Path& path, const json::Value& value) {
  if (!path.within.empty() || !path.sub.empty()) {
    if (kind == Kind::remove && path.sub.empty()) {
      std::erase_if(user.emails, [&](const Email& email) { return fits(email, path.within); });
    } else {
      set_some_emails(user.emails, kind, path, value);
    }
    std::erase_if(user.emails, [](const Email& email) { return email.value.empty(); });
    return;
  }
  if (kind != Kind::add) user.emails.clear();
  if (kind != Kind::remove) add_emails(user.emails, emails_in(value));
}

void set_name_part(PersonName& name, std::string_view part, const json::Value& value) {
  if (part == "formatted") {
    name.formatted = text_in(value, "name.formatted", kWholeNameBytes);
  } else if (part == "givenname") {
    name.given = text_in(value, "name.givenName");
  } else if (part == "middlename") {
    name.middle = text_in(value, "name.middleName");
  } else if (part == "familyname") {
    name.family = text_in(value, "name.familyName");
  } else if (part != "honorificprefix" && part != "honorificsuffix") {
    throw invalid_path("name has formatted, givenName, middleName and familyName.");
  }
}

void set_name(User& user, Kind kind, const Path& path, const json::Value& value) {
  if (!path.sub.empty()) {
    set_name_part(user.name, path.sub, kind == Kind::remove ? json::Value{} : value);
    return;
  }
  if (kind == Kind::remove || value.is_null()) {
    user.name = {};
    return;
  }
  const auto* parts = value.if_object();
  if (parts == nullptr) throw invalid_value("name is an object.");
  for (const auto& part : *parts) {
    set_name_part(user.name, small_letters(part.key()), part.value());
  }
}

void set_attribute(User& user, Kind kind, const Path& path, const json::Value& given) {
  const bool plain = path.sub.empty() && path.within.empty();
  const json::Value none;
  const json::Value& value = kind == Kind::remove ? none : given;
  if (path.attribute == "emails" && !path.extension) {
    set_emails(user, kind, path, value);
  } else if (path.attribute == "name" && path.within.empty()) {
    set_name(user, kind, path, value);
  } else if (path.attribute == "username" && plain) {
    user.user_name = text_in(value, "userName");
  } else if (path.attribute == "displayname" && plain) {
    user.display_name = text_in(value, "displayName");
  } else if (path.attribute == "externalid" && plain) {
    user.external_id = text_in(value, "externalId");
  } else if (path.attribute == "active" && plain) {
    user.active = truth_in(value, "active");
  } else if (path.attribute != "id" && !is_read_over(path)) {
    throw invalid_path("A person has no such attribute.");
  }
}

struct Operation {
  Kind kind = Kind::add;
  std::optional<Path> path;
  json::Value value;
};

Kind kind_in(const json::Value* op) {
  const auto* text = op == nullptr ? nullptr : op->if_string();
  const auto name = text == nullptr ? std::string() : small_letters(*text);
  if (name == "add") return Kind::add;
  if (name == "remove") return Kind::remove;
  if (name == "replace") return Kind::replace;
  throw invalid_syntax("Each operation has an op: add, remove or replace.");
}

Operation operation_in(const json::Value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) throw invalid_syntax("Operations is a list of objects.");
  Operation out;
  out.kind = kind_in(find_member(*object, "op"));
  const auto* path = find_member(*object, "path");
  if (path != nullptr && !path->is_null()) {
    const auto* text = path->if_string();
    if (text == nullptr) throw invalid_path("A path is text.");
    if (!text->empty()) out.path = read_path(*text);
  }
  const auto* given = find_member(*object, "value");
  if (given != nullptr) out.value = *given;
  if (out.kind == Kind::remove && !out.path) {
    throw malformed("no_target", "An operation that removes names a path.");
  }
  if (out.kind != Kind::remove && given == nullptr) {
    throw invalid_value("An operation that adds or replaces has a value.");
  }
  return out;
}

std::vector<Operation> operations_in(const json::Value& body) {
  const auto& object = checked_body(body, kPatchSchema);
  const auto* member = find_member(object, "operations");
  const auto* list = member == nullptr ? nullptr : member->if_array();
  if (list == nullptr || list->empty()) throw invalid_syntax("Operations is a list of operations.");
  if (list->size() > kOperationsMax) throw too_many("A PATCH has at most 100 operations.");
  std::vector<Operation> out;
  for (const auto& one : *list) out.push_back(operation_in(one));
  return out;
}

// Calls `set` with each attribute of an operation: that of its path, or the members of its value,
// whose names are paths too.
template <class Set>
void each_attribute(const Operation& operation, Set set) {
  if (operation.path) {
    if (std::ranges::count(kOurs, operation.path->attribute) > 0) {
      throw fixed("id, meta, schemas and groups are not the directory's to change.");
    }
    set(*operation.path, operation.value);
    return;
  }
  const auto* object = operation.value.if_object();
  if (object == nullptr) throw invalid_value("Without a path the value is an object.");
  for (const auto& member : *object) set(read_path(member.key()), member.value());
}

GroupEdit::Kind step_kind(Kind kind) {
  if (kind == Kind::add) return GroupEdit::Kind::add;
  return kind == Kind::remove ? GroupEdit::Kind::remove : GroupEdit::Kind::replace;
}

void edit_members(GroupEdit& edit, Kind kind, const Path& path, const json::Value& value) {
  GroupEdit::Step step;
  step.kind = step_kind(kind);
  if (!path.within.empty()) {
    const auto& term = path.within[0];
    const bool by_id = path.within.size() == 1 && term.attribute == "value" && !term.truth;
    if (kind != Kind::remove || !by_id || !path.sub.empty()) {
      throw invalid_path("Members are removed by members[value eq ID].");
    }
    step.members.push_back(member_id(term.text));
  } else if (!path.sub.empty()) {
    throw invalid_path("Members are changed as a whole.");
  } else if (kind == Kind::remove && value.is_null()) {
    step.all = true;
  } else {
    step.members = members_in(value);
  }
  edit.steps.push_back(std::move(step));
}

void edit_group(GroupEdit& edit, Kind kind, const Path& path, const json::Value& value) {
  const bool plain = path.sub.empty() && path.within.empty() && !path.extension;
  if (path.attribute == "members") {
    edit_members(edit, kind, path, value);
  } else if (path.attribute == "displayname" && plain) {
    edit.display_name = text_in(kind == Kind::remove ? json::Value{} : value, "displayName");
  } else if (path.attribute == "externalid" && plain) {
    edit.external_id = text_in(kind == Kind::remove ? json::Value{} : value, "externalId");
  } else if (path.attribute != "id" && !is_read_over(path)) {
    throw invalid_path("A group has no such attribute.");
  }
}

void check_group_name(const std::string& name) {
  if (name.empty()) throw invalid_value("A group has a displayName.");
}

}  // namespace

const json::Object& checked_body(const json::Value& body, std::string_view schema) {
  const auto* object = body.if_object();
  if (object == nullptr) throw invalid_syntax("The body is an object.");
  const auto* schemas = find_member(*object, "schemas");
  const auto* list = schemas == nullptr ? nullptr : schemas->if_array();
  const auto wanted = small_letters(schema);
  const bool named = list != nullptr && std::ranges::any_of(*list, [&](const json::Value& one) {
                       const auto* text = one.if_string();
                       return text != nullptr && small_letters(*text) == wanted;
                     });
  if (!named) throw invalid_syntax("The body names its schema: " + std::string(schema) + ".");
  return *object;
}

User read_user(const json::Value& body) {
  User out;
  for (const auto& member : checked_body(body, kUserSchema)) {
    set_attribute(out, Kind::replace, read_path(member.key()), member.value());
  }
  check_user(out);
  return out;
}

void patch_user(User& user, const json::Value& body) {
  for (const auto& operation : operations_in(body)) {
    each_attribute(operation, [&](const Path& path, const json::Value& value) {
      set_attribute(user, operation.kind, path, value);
    });
  }
  check_user(user);
}

void check_user(const User& user) {
  if (user.user_name.empty()) throw invalid_value("A person has a userName.");
  if (address_of(user).find('@') == std::string::npos) {
    throw invalid_value("A person has an e-mail address: in emails, or as the userName.");
  }
}

GroupBody read_group(const json::Value& body) {
  GroupEdit edit;
  for (const auto& member : checked_body(body, kGroupSchema)) {
    edit_group(edit, Kind::replace, read_path(member.key()), member.value());
  }
  GroupBody out;
  out.display_name = edit.display_name.value_or("");
  out.external_id = edit.external_id.value_or("");
  check_group_name(out.display_name);
  const auto members = members_after({}, edit);
  out.members.assign(members.begin(), members.end());
  return out;
}

GroupEdit read_group_patch(const json::Value& body) {
  GroupEdit out;
  for (const auto& operation : operations_in(body)) {
    each_attribute(operation, [&](const Path& path, const json::Value& value) {
      edit_group(out, operation.kind, path, value);
    });
  }
  if (out.display_name) check_group_name(*out.display_name);
  return out;
}

std::set<ScimUserId> members_after(std::set<ScimUserId> present, const GroupEdit& edit) {
  for (const auto& step : edit.steps) {
    if (step.all || step.kind == GroupEdit::Kind::replace) present.clear();
    for (const auto& member : step.members) {
      if (step.kind == GroupEdit::Kind::remove) {
        present.erase(member);
      } else {
        present.insert(member);
      }
    }
    if (present.size() > kMembersMax) throw too_many("A group has at most 5000 members.");
  }
  return present;
}

std::string address_of(const User& user) {
  const auto by = [&](auto fits) {
    const auto found = std::ranges::find_if(user.emails, fits);
    return found == user.emails.end() ? std::string() : small_letters(found->value);
  };
  auto out = by([](const Email& email) { return email.primary; });
  if (out.empty()) out = by([](const Email& email) { return small_letters(email.type) == "work"; });
  if (out.empty() && !user.emails.empty()) out = small_letters(user.emails[0].value);
  return out.empty() ? small_letters(user.user_name) : out;
}

std::string name_of(const User& user) {
  if (!user.display_name.empty()) return user.display_name;
  std::string out;
  for (const auto* part : {&user.name.given, &user.name.middle, &user.name.family}) {
    if (!part->empty()) out += (out.empty() ? "" : " ") + *part;
  }
  return out.empty() ? user.name.formatted : out;
}

}  // namespace aa::scim
