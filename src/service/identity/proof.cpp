// Who proves again who he is, who fails to, and who comes from where he never came from.
#include <algorithm>
#include <thread>

#include "core/observe/log.hpp"
#include "service/identity/account_letters.hpp"
#include "service/identity/identity.hpp"
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
