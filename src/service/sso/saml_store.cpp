#include "service/sso/saml_store.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "service/sso/statements.hpp"

namespace aa::sso {

struct SamlStore::KeyRow {
  std::string sealed;
  std::string certificate;
  BOOST_DESCRIBE_CLASS(KeyRow, (), (sealed, certificate), (), ())
};

namespace {

struct SessionRow {
  ProviderId provider_id;
  std::string name;
  std::string session_index;
};
BOOST_DESCRIBE_STRUCT(SessionRow, (), (provider_id, name, session_index))

struct NamedRow {
  SessionId session_id;
  std::string session_index;
};
BOOST_DESCRIBE_STRUCT(NamedRow, (), (session_id, session_index))

std::string hash_of(std::string_view text) { return to_hex(sha256(text)); }
std::string purpose_of(ProviderId provider) { return "saml_key/" + provider.str(); }

}  // namespace

Task<std::optional<saml::ServiceKey>> SamlStore::stored_key(OrganizationId organization,
                                                            ProviderId provider) {
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::saml_key, db::args(provider));
  const auto row = rows.first<KeyRow>();
  if (!row) co_return std::nullopt;
  auto open = [this, organization, provider, &row] {
    const auto bytes = from_base64url(row->sealed);
    if (!bytes) throw internal_error("the key of a SAML provider is not base64url");
    const auto plain = sealer_.open(organization, purpose_of(provider), *bytes);
    return saml::ServiceKey{std::string(plain.reveal()), row->certificate};
  };
  co_return co_await runtime::run_on(executors_.blocking(), open);
}

Task<saml::ServiceKey> SamlStore::key(OrganizationId organization, ProviderId provider) {
  auto known = co_await stored_key(organization, provider);
  if (known) co_return std::move(*known);
  std::string certificate;
  auto make = [this, organization, provider, &certificate] {
    auto made = saml::new_service_key();
    certificate = std::move(made.certificate);
    return to_base64url(
        sealer_.seal(organization, purpose_of(provider), Secret(std::move(made.key))));
  };
  const auto sealed = co_await runtime::run_on(executors_.blocking(), make);
  // Of several that make one at once, the first is kept.
  co_await database_.write(db::Scope::system(), sql::insert_saml_key,
                           db::args(provider, organization, sealed, certificate, clock_.now()));
  known = co_await stored_key(organization, provider);
  if (!known) throw not_found("identity provider");
  co_return std::move(*known);
}

Task<> SamlStore::once(OrganizationId organization, ProviderId provider, std::string message,
                       Timestamp until) {
  const auto hash = hash_of(message);
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await transaction->exec(sql::drop_saml_assertions, db::args(clock_.now()));
  const auto kept = co_await transaction->exec(sql::insert_saml_assertion,
                                               db::args(provider, hash, organization, until));
  if (kept.affected() == 0) {
    throw Error(ErrorCode::unauthenticated, "saml_replayed",
                "This message of the identity provider was used already.");
  }
  co_await transaction->commit();
}

Task<> SamlStore::keep_session(OrganizationId organization, SessionId session, SamlSession known) {
  const auto name = json::write(known.name);
  const auto hash = hash_of(known.name.value);
  co_await database_.write(
      db::Scope::system(), sql::insert_saml_session,
      db::args(session, organization, known.provider, hash, name, known.index));
}

Task<std::optional<SamlSession>> SamlStore::session(SessionId session) {
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::saml_session, db::args(session));
  const auto row = rows.first<SessionRow>();
  if (!row) co_return std::nullopt;
  SamlSession out;
  out.provider = row->provider_id;
  out.name = json::read<saml::NameId>(json::parse(row->name));
  out.index = row->session_index;
  co_return out;
}

Task<std::vector<SessionId>> SamlStore::sessions_of(ProviderId provider, std::string name,
                                                    std::vector<std::string> indexes) {
  const auto hash = hash_of(name);
  const auto rows = co_await database_.query(db::Scope::system(), sql::saml_sessions_of,
                                             db::args(provider, hash));
  std::vector<SessionId> out;
  for (const auto& row : rows.as<NamedRow>()) {
    const bool meant =
        indexes.empty() || std::ranges::find(indexes, row.session_index) != indexes.end();
    if (meant) out.push_back(row.session_id);
  }
  co_return out;
}

}  // namespace aa::sso
