#include "service/scim/scim_fuzz.hpp"

#include <stdexcept>

#include "base/error.hpp"
#include "service/scim/resource.hpp"

namespace aa::scim {
namespace {

template <class Read>
bool is_read(Read read) {
  try {
    read();
    return true;
  } catch (const Error&) {
    return false;
  }
}

void require(bool promise, const char* what) {
  if (!promise) throw std::logic_error(what);
}

User someone() {
  User out;
  out.user_name = "dora@example.org";
  out.emails = {{"dora@example.org", "work", "", true}, {"d@example.org", "home", "", false}};
  return out;
}

json::Object written(const User& user) { return write_user(user, ResourceMeta{}); }

void check_user_promises(const User& user) {
  require(!user.user_name.empty() && user.emails.size() <= kEmailsMax, "limits of a person");
  require(address_of(user).find('@') != std::string::npos, "a person without an address");
  auto first = written(user);
  const auto again = written(read_user(first));
  require(json::write(written(read_user(again))) == json::write(again), "reads as another");
}

}  // namespace

void fuzz_filter(std::string_view text) {
  is_read([&] { require(read_filter(text).size() <= kTermsMax, "more terms than there may be"); });
  is_read([&] { read_user_filter(text); });
  is_read([&] { read_group_filter(text); });
  is_read([&] {
    const auto path = read_path(text);
    require(path.extension || !path.attribute.empty(), "a path of nothing");
  });
}

void fuzz_body(std::string_view text) {
  json::Value body;
  if (!is_read([&] { body = json::parse(text); })) return;
  User told;
  if (is_read([&] { told = read_user(body); })) check_user_promises(told);
  auto patched = someone();
  if (is_read([&] { patch_user(patched, body); })) check_user_promises(patched);
  is_read([&] { read_group(body); });
  GroupEdit edit;
  if (!is_read([&] { edit = read_group_patch(body); })) return;
  require(edit.steps.size() <= 2 * kOperationsMax, "more steps than operations");
  is_read([&] { require(members_after({}, edit).size() <= kMembersMax, "too many members"); });
}

}  // namespace aa::scim
