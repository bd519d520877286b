// The letters about accounts: what they say, in plain words, with the one link that matters on a
// line of its own. Private to the module.
//
// Thread rule: pure functions.
#pragma once

#include <string>

#include "driver/mail/letter.hpp"
#include "service/identity/account_tokens.hpp"

namespace aa::identity {

struct Reader {
  std::string email;
  std::string name;
};

// With the link that the token opens; the address is the one in question.
mail::Letter link_letter(TokenPurpose purpose, const Reader& to, const std::string& link);
mail::Letter password_changed_letter(const Reader& to, const std::string& reset_link);
mail::Letter email_changing_letter(const Reader& to, const std::string& wanted);
mail::Letter email_changed_letter(const Reader& to, const std::string& now_at);
mail::Letter email_taken_letter(const Reader& to);
mail::Letter locked_letter(const Reader& to, const std::string& ip, const std::string& reset_link);
mail::Letter factor_locked_letter(const Reader& to, const std::string& ip,
                                  const std::string& reset_link);
// `change` says what happened to the second factor, as half a sentence.
mail::Letter second_factor_letter(const Reader& to, const std::string& change,
                                  const std::string& ip, const std::string& settings_link);
// To someone who may have no account yet.
mail::Letter invitation_letter(const std::string& email, const std::string& inviter,
                               const std::string& organization, const std::string& link);
mail::Letter new_device_letter(const Reader& to, const std::string& device, const std::string& ip,
                               const std::string& place, const std::string& settings_link);

}  // namespace aa::identity
