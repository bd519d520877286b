// What a link in a letter carries: 256 random bits that work once, stored as SHA-256. A new one for
// the same purpose, and any change of what it could change, voids those before. Private to the
// module.
//
// Thread rule: any coroutine.
#pragma once

#include <optional>
#include <string>

#include "driver/db/database.hpp"

namespace aa::identity {

enum class TokenPurpose { verify_email, reset_password, change_email };
BOOST_DESCRIBE_ENUM(TokenPurpose, verify_email, reset_password, change_email)

struct AccountToken {
  UserId user_id;
  TokenPurpose purpose = TokenPurpose::verify_email;
  std::string email;  // that the letter went to
};
BOOST_DESCRIBE_STRUCT(AccountToken, (), (user_id, purpose, email))

std::chrono::minutes life_of(TokenPurpose purpose);

// In the caller's transaction; answers what goes into the link.
runtime::Task<std::string> make_account_token(db::Transaction& transaction, AccountToken token,
                                              Timestamp now);
// nullopt for any that is unknown, used, replaced or expired: nobody learns which.
runtime::Task<std::optional<AccountToken>> find_account_token(db::Database& database,
                                                              std::string secret, Timestamp now);
// The same, once.
runtime::Task<std::optional<AccountToken>> take_account_token(db::Transaction& transaction,
                                                              std::string secret, Timestamp now);
// All tokens of the user, and sign-ins that wait for a second step.
runtime::Task<> void_account_tokens(db::Transaction& transaction, UserId user);

}  // namespace aa::identity
