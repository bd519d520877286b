#include "service/identity/account_tokens.hpp"

#include "base/hash.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {

using runtime::Task;

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretTextMax = 100;

}  // namespace

std::chrono::minutes life_of(TokenPurpose purpose) {
  using std::chrono::hours;
  return purpose == TokenPurpose::reset_password ? std::chrono::minutes(30) : hours(24);
}

Task<std::string> make_account_token(db::Transaction& transaction, AccountToken token,
                                     Timestamp now) {
  co_await transaction.exec(sql::drop_account_tokens, db::args(token.user_id, token.purpose, now));
  std::string secret = to_base64url(random_bytes(kSecretBytes));
  co_await transaction.exec(sql::insert_account_token,
                            db::args(to_hex(sha256(secret)), token.user_id, token.purpose,
                                     token.email, now, now + life_of(token.purpose)));
  co_return secret;
}

Task<std::optional<AccountToken>> find_account_token(db::Database& database, std::string secret,
                                                     Timestamp now) {
  if (secret.size() > kSecretTextMax) co_return std::nullopt;
  const auto rows = co_await database.query(db::Scope::system(), sql::find_account_token,
                                            db::args(to_hex(sha256(secret)), now));
  co_return rows.first<AccountToken>();
}

Task<std::optional<AccountToken>> take_account_token(db::Transaction& transaction,
                                                     std::string secret, Timestamp now) {
  if (secret.size() > kSecretTextMax) co_return std::nullopt;
  const auto rows =
      co_await transaction.exec(sql::take_account_token, db::args(to_hex(sha256(secret)), now));
  co_return rows.first<AccountToken>();
}

Task<> void_account_tokens(db::Transaction& transaction, UserId user) {
  co_await transaction.exec(sql::void_account_tokens, db::args(user));
  co_await transaction.exec(sql::drop_pending_sign_ins, db::args(user));
}

}  // namespace aa::identity
