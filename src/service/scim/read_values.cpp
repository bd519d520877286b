#include "service/scim/read_values.hpp"

#include "base/utf8.hpp"
#include "service/scim/errors.hpp"
#include "service/scim/filter.hpp"

namespace aa::scim {
namespace {

Email email_in(const json::Value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) throw invalid_value("emails is a list of objects with a value.");
  Email out;
  for (const auto& [key, part] : *object) {
    const auto name = small_letters(key);
    if (name != "$ref") set_email_part(out, name, part);
  }
  if (out.value.empty()) throw invalid_value("An address of emails has no value.");
  return out;
}

}  // namespace

std::string text_in(const json::Value& value, std::string_view what, std::size_t bytes_max) {
  if (value.is_null()) return {};
  const auto* text = value.if_string();
  const std::string name(what);
  if (text == nullptr) throw invalid_value(name + " must be text.");
  std::string out(*text);
  if (out.size() > bytes_max) {
    throw invalid_value(name + " has more than " + std::to_string(bytes_max) + " bytes.");
  }
  if (label_text(out, bytes_max) != out) throw invalid_value(name + " holds control characters.");
  return out;
}

bool truth_in(const json::Value& value, std::string_view what) {
  if (const auto* truth = value.if_bool()) return *truth;
  if (const auto* text = value.if_string()) {
    const auto small = small_letters(*text);
    if (small == "true" || small == "false") return small == "true";
  }
  throw invalid_value(std::string(what) + " must be true or false.");
}

void set_email_part(Email& email, std::string_view part, const json::Value& value) {
  if (part == "value") {
    email.value = text_in(value, "emails.value");
  } else if (part == "type") {
    email.type = text_in(value, "emails.type");
  } else if (part == "display") {
    email.display = text_in(value, "emails.display");
  } else if (part == "primary") {
    email.primary = !value.is_null() && truth_in(value, "emails.primary");
  } else {
    throw invalid_path("emails has value, type, display and primary.");
  }
}

std::vector<Email> emails_in(const json::Value& value) {
  if (value.is_null()) return {};
  std::vector<Email> out;
  if (const auto* list = value.if_array()) {
    if (list->size() > kEmailsMax) throw too_many("A person has at most 10 addresses.");
    for (const auto& one : *list) out.push_back(email_in(one));
  } else {
    out.push_back(email_in(value));
  }
  return out;
}

ScimUserId member_id(std::string_view text) {
  // Of no person: what is no id of ours answers as one that nobody has.
  return ScimUserId::parse(text).value_or(ScimUserId{});
}

std::vector<ScimUserId> members_in(const json::Value& value) {
  if (value.is_null()) return {};
  const auto* list = value.if_array();
  const json::Array single{value};
  if (list == nullptr) list = &single;
  if (list->size() > kMembersMax) throw too_many("A group has at most 5000 members.");
  std::vector<ScimUserId> out;
  for (const auto& one : *list) {
    const auto* object = one.if_object();
    if (object == nullptr) throw invalid_value("members is a list of objects with a value.");
    const auto* type = find_member(*object, "type");
    if (type != nullptr && !type->is_null() && small_letters(text_in(*type, "type")) != "user") {
      throw invalid_value("Members are users; groups in groups are not taken.");
    }
    const auto* id = find_member(*object, "value");
    if (id == nullptr) throw invalid_value("A member has no value.");
    out.push_back(member_id(text_in(*id, "members.value")));
  }
  return out;
}

const json::Value* find_member(const json::Object& object, std::string_view small_name) {
  for (const auto& member : object) {
    if (small_letters(member.key()) == small_name) return &member.value();
  }
  return nullptr;
}

}  // namespace aa::scim
