// Who proves again who he is, who fails to, and who comes from where he never came from.
#include <algorithm>
#include <thread>

#include "core/observe/log.hpp"
#include "service/identity/account_letters.hpp"
#include "service/identity/identity.hpp"
#include "service/identity/password.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

// A browser that was brought up to date is the browser it was.
std::string without_digits(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](unsigned char c) { return std::isdigit(c) != 0; });
  return out;
}

}  // namespace

void Identity::in_background(std::string what, Task<> task) {
  ++background_;
  boost::asio::co_spawn(executors_.io(), std::move(task),
                        [this, what = std::move(what)](const std::exception_ptr& failure) {
                          try {
                            if (failure) std::rethrow_exception(failure);
                          } catch (const std::exception& e) {
                            observe::error(what, {{"error", std::string_view(e.what())}});
                          }
                          --background_;
                        });
}

void Identity::settle() const {
  while (background_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

Task<> Identity::reauthenticate(tenancy::Tenant tenant, std::string password) {
  const auto me = co_await this->me(tenant.principal());
  attempts_.check(me.user.email);
  const auto found =
      co_await database_.query(db::Scope::system(), sql::find_password, db::args(tenant.user()));
  auto check = [password, hash = found.one().get<std::string>("password_hash")] {
    return verify_password(password, hash);
  };
  const bool right = co_await executors_.passwords().run(check);
  if (!right) {
    const bool locked = attempts_.failed(me.user.email);
    co_await refused(me.user, {tenant.actor().ip, "", tenant.actor().request_id}, locked);
    throw invalid("wrong_password", "The password is wrong.", {{"/password", "is wrong"}});
  }
  attempts_.succeeded(me.user.email);
  const auto session = tenant.principal().session;
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await transaction->exec(sql::prove_session, db::args(session, clock_.now()));
  co_await trail_.append(*transaction, tenant.actor(),
                         {"session.prove", "session", session.str(), {}});
  co_await transaction->commit();
  forget(session);
}

// A wrong password is an entry in the trail; the one that locks the account tells its owner too.
Task<> Identity::refused(UserView user, Origin origin, bool locked) {
  const auto organization = co_await organization_for(user.id);
  const audit::Actor actor{organization.id, std::nullopt, origin.ip, origin.request_id};
  co_await trail_.denied(actor, {"session.start", "user", user.id.str(), {}});
  if (!locked) co_return;
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await trail_.append(*transaction, actor, {"user.lock", "user", user.id.str(), {}});
  auto letter =
      locked_letter({user.email, user.name}, origin.ip, post_.url.link("/forgot-password"));
  co_await post_.mailer.send(*transaction, organization.id, user.id, std::move(letter));
  co_await transaction->commit();
}

Task<> Identity::tell_of_device(db::Transaction& transaction, UserView user,
                                OrganizationId organization, Origin origin) {
  const auto wish =
      co_await transaction.exec(sql::preference, db::args(user.id, "notifications.newDevice"));
  if (!wish.empty() && wish[0].get<std::string>("value") == "false") co_return;
  const auto rows = co_await transaction.exec(sql::known_devices, db::args(user.id));
  const auto device = without_digits(origin.user_agent);
  const bool known = rows.empty() || std::ranges::any_of(rows, [&](const auto& row) {
                       return without_digits(row.template get<std::string>("user_agent")) == device;
                     });
  if (known) co_return;
  auto letter = new_device_letter({user.email, user.name}, origin.user_agent, origin.ip,
                                  post_.places.of(origin.ip), post_.url.link("/settings#sessions"));
  co_await post_.mailer.send(transaction, organization, user.id, std::move(letter));
}

}  // namespace aa::identity
