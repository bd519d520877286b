#include "service/identity/account_letters.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace aa::identity {
namespace {

constexpr std::size_t kNameBytes = 100;
constexpr std::size_t kDeviceBytes = 200;

// A name is what its owner wrote, and lines of it could pass for ours.
std::string hello(const Reader& to) { return "Hello " + label_text(to.name, kNameBytes) + ",\n\n"; }

mail::Letter letter(const Reader& to, std::string subject, const std::string& text) {
  return {to.email, "AnnotateAI: " + std::move(subject), hello(to) + text};
}

}  // namespace

mail::Letter link_letter(TokenPurpose purpose, const Reader& to, const std::string& link) {
  switch (purpose) {
    case TokenPurpose::verify_email:
      return letter(
          to, "confirm your e-mail address",
          "confirm that this address is yours by opening this link within a day:\n\n" + link +
              "\n\nIf you did not sign up, leave it: nobody gets in with your address.\n");
    case TokenPurpose::change_email:
      return letter(to, "confirm your new e-mail address",
                    "to sign in with this address from now on, open this link within a day:\n\n" +
                        link + "\n\nIf you did not ask for it, leave it: nothing changes.\n");
    case TokenPurpose::reset_password:
      break;
  }
  return letter(to, "set a new password",
                "someone, hopefully you, has forgotten the password of your account. To set a new "
                "one, open this link within half an hour:\n\n" +
                    link +
                    "\n\nIt works once, and signs you out everywhere. If you did not ask for it, "
                    "leave it: your password stays as it is.\n");
}

mail::Letter password_changed_letter(const Reader& to, const std::string& reset_link) {
  return letter(to, "your password was changed",
                "the password of your account was changed, and other sign-ins have ended.\n\nIf "
                "that was not you, set a new one at once:\n\n" +
                    reset_link + "\n");
}

mail::Letter email_changing_letter(const Reader& to, const std::string& wanted) {
  return letter(to, "your e-mail address is about to change",
                fmt::format("someone who is signed in to your account wants to move it from this "
                            "address to {}. It moves when the link sent there is opened.\n\nIf "
                            "that was not you, change your password now: that voids the link.\n",
                            wanted));
}

mail::Letter email_changed_letter(const Reader& to, const std::string& now_at) {
  return letter(to, "your e-mail address was changed",
                fmt::format("your account has moved from this address to {}. Letters about it go "
                            "there from now on.\n\nIf that was not you, tell the administrator of "
                            "your organization at once.\n",
                            now_at));
}

mail::Letter email_taken_letter(const Reader& to) {
  return letter(to, "you have an account already",
                "someone tried to move another account to this address. It has an account already, "
                "so nothing has changed. If it was you, sign in with this address.\n");
}

mail::Letter locked_letter(const Reader& to, const std::string& ip, const std::string& reset_link) {
  return letter(
      to, "too many failed sign-ins",
      fmt::format("someone at {} has entered a wrong password for your account too often. "
                  "For a quarter of an hour nobody gets in with a password; who is "
                  "signed in stays so.\n\nIf it was you and the password is forgotten, "
                  "set a new one:\n\n{}\n",
                  ip, reset_link));
}

mail::Letter factor_locked_letter(const Reader& to, const std::string& ip,
                                  const std::string& reset_link) {
  return letter(to, "too many wrong codes",
                fmt::format("someone at {} knows your password and has entered a wrong code for "
                            "your second factor too often. For a while no code is taken; who is "
                            "signed in stays so.\n\nIf that was not you, set a new password:\n\n"
                            "{}\n",
                            ip, reset_link));
}

mail::Letter second_factor_letter(const Reader& to, const std::string& change,
                                  const std::string& ip, const std::string& settings_link) {
  return letter(to, "your second factor",
                fmt::format("{}{}.\n\nIf that was not you, change your password and look at your "
                            "settings:\n\n{}\n",
                            change, ip.empty() ? "" : " (from " + ip + ")", settings_link));
}

mail::Letter invitation_letter(const std::string& email, const std::string& inviter,
                               const std::string& organization, const std::string& link) {
  return {email, "AnnotateAI: you are invited",
          fmt::format("Hello,\n\n{} invites you to work in the organization {}. To accept, open "
                      "this link within seven days:\n\n{}\n\nIt works once. If you do not know "
                      "what this is about, leave it.\n",
                      label_text(inviter, kNameBytes), label_text(organization, kNameBytes), link)};
}

mail::Letter new_device_letter(const Reader& to, const std::string& device, const std::string& ip,
                               const std::string& place, const std::string& settings_link) {
  return letter(
      to, "new sign-in",
      fmt::format("your account was just used to sign in from where it never was before:\n\n"
                  "  Device:  {}\n  Address: {}{}\n\nIf that was not you, end that sign-in and "
                  "change your password:\n\n{}\n\nYou can switch these letters off there too.\n",
                  label_text(device, kDeviceBytes), ip, place.empty() ? "" : " (" + place + ")",
                  settings_link));
}

}  // namespace aa::identity
