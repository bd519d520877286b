#include "service/sso/sign_in.hpp"

#include "service/audit/recorded.hpp"
#include "service/sso/identity_providers.hpp"

namespace aa::sso {
namespace {

audit::Entry entry_of(std::string action, const Provider& provider) {
  audit::Entry out(std::move(action), "identity_provider", provider.id.str());
  out.detail["kind"] = boost::describe::enum_to_string(provider.kind, "");
  return out;
}

}  // namespace

Task<UserId> SignIn::admit(Provider provider, Vouched person, identity::Origin origin) {
  identity::DirectoryPerson wanted;
  wanted.provider = provider.id.str();
  wanted.subject = std::move(person.subject);
  wanted.email = std::move(person.email);
  wanted.name = std::move(person.name);
  wanted.role = role_by_rules(provider, person.groups);
  wanted.first_role = provider.default_role;
  wanted.joins = provider.jit;
  audit::Actor actor(provider.organization, std::nullopt, origin.ip, origin.request_id,
                     origin.user_agent);
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto user = co_await directory_.admit(*transaction, actor, std::move(wanted));
  actor.user = user;
  auto entry = entry_of("sso.sign_in", provider);
  co_await trail_.append(*transaction, std::move(actor), std::move(entry));
  co_await transaction->commit();
  co_return user;
}

Task<identity::LoginResult> SignIn::enter(Provider provider, Vouched person,
                                          identity::Origin origin, std::string return_to) {
  std::optional<Error> refusal;
  try {
    const auto user = co_await admit(provider, std::move(person), origin);
    const auto proof =
        provider.trusts_mfa ? identity::FactorProof::provider : identity::FactorProof::none;
    co_return co_await identity_.begin_session(user, provider.organization,
                                               method_of(provider.kind), origin, proof);
  } catch (identity::SecondStepNeeded& needed) {
    needed.return_to = std::move(return_to);
    throw;
  } catch (const audit::Recorded&) {
    throw;
  } catch (const Error& error) {
    refusal = error;
  }
  auto refusing = refuse(std::move(provider), *refusal, std::move(origin));
  co_await std::move(refusing);
  throw audit::Recorded(*refusal);
}

Task<> SignIn::link(Provider provider, UserId user, Vouched person, identity::Origin origin) {
  audit::Actor actor(provider.organization, user, origin.ip, origin.request_id, origin.user_agent);
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await directory_.link(*transaction, std::move(actor), user, provider.id.str(),
                           std::move(person.subject));
  co_await transaction->commit();
}

Task<> SignIn::refuse(Provider provider, Error why, identity::Origin origin) {
  audit::Actor actor(provider.organization, std::nullopt, origin.ip, origin.request_id,
                     origin.user_agent);
  auto entry = entry_of("sso.sign_in", provider);
  entry.detail["reason"] = why.slug();
  co_await trail_.denied(std::move(actor), std::move(entry));
}

}  // namespace aa::sso
