#include "service/sso/oidc.hpp"

#include "base/hash.hpp"
#include "service/audit/recorded.hpp"

namespace aa::sso {
namespace {

constexpr unsigned kThreads = 4;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kCodeBytes = 8'000;
constexpr std::size_t kGroupsMax = 1'000;

// What a flow remembers.
struct Memory {
  std::string nonce;
  std::string verifier;
};
BOOST_DESCRIBE_STRUCT(Memory, (), (nonce, verifier))

std::string random_text() { return to_base64url(random_bytes(kSecretBytes)); }

std::string text_of(const json::Object& claims, const std::string& name) {
  const auto* value = claims.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// Some providers write it as text.
bool is_true(const json::Object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (value == nullptr) return false;
  if (value->is_bool()) return value->as_bool();
  return value->is_string() && std::string_view(value->as_string()) == "true";
}

std::vector<std::string> groups_of(const json::Object& claims, const std::string& name) {
  std::vector<std::string> out;
  const auto* value = name.empty() ? nullptr : claims.if_contains(name);
  if (value == nullptr) return out;
  if (value->is_string()) out.emplace_back(value->as_string());
  if (const auto* list = value->if_array()) {
    for (const auto& one : *list) {
      if (out.size() >= kGroupsMax) break;
      if (one.is_string()) out.emplace_back(one.as_string());
    }
  }
  return out;
}

void check_issuer(const OidcCallback& callback, const Discovery& described) {
  const bool right =
      callback.issuer ? *callback.issuer == described.issuer : !described.names_itself;
  if (right) return;
  throw malformed("wrong_issuer",
                  "The answer is not the identity provider's that this sign-in went to.");
}

}  // namespace

// The claims of the ID token, with what userinfo added.
struct Oidc::Claims {
  OidcSettings settings;
  json::Object all;
};

Oidc::Oidc(OidcParts parts)
    : parts_(std::move(parts)), client_(parts_.outbound, parts_.clock), threads_(kThreads) {}

Oidc::~Oidc() { threads_.join(); }

template <class F>
auto Oidc::away(F work) {
  return runtime::run_on(threads_.get_executor(), std::move(work));
}

std::string Oidc::redirect_uri() const { return parts_.url.link("/api/v1/auth/sso/callback"); }

json::Object Oidc::validate(const json::Object& config, bool has_secret) const {
  const auto settings = checked_oidc_settings(config, has_secret);
  try {
    client_.check(settings.issuer);
  } catch (const Error& error) {
    throw Error(error.code(), error.slug(), error.message(),
                {{"/config/issuer", "is not reached"}});
  }
  return json::parse(json::write(settings)).as_object();
}

std::map<std::string, std::string> Oidc::addresses(ProviderId) const {
  return {{"redirect_uri", redirect_uri()}};
}

Task<std::vector<TestStep>> Oidc::test(Provider provider) {
  auto work = [this, &provider] {
    std::vector<TestStep> steps;
    const auto settings = read_oidc_settings(provider.config);
    OidcClient::DiscoveryPointer described;
    const bool found = take_step(steps, "discovery", [&] {
      described = client_.discovery(settings.issuer, true);
      return described->issuer;
    });
    if (!found) return steps;
    take_step(steps, "keys", [&] {
      const auto keys = client_.keys(*described, true);
      if (keys->empty()) throw unavailable("bad_jwks", "None of the keys can be used.");
      return std::to_string(keys->size());
    });
    const bool safe = described->names_itself || settings.token_auth != TokenAuth::none;
    steps.emplace_back("issuer_named", safe, described->names_itself ? "iss" : "client_secret");
    return steps;
  };
  auto steps = co_await away(work);
  co_return steps;
}

Task<std::string> Oidc::start(Provider provider, FlowRequest request) {
  const auto settings = read_oidc_settings(provider.config);
  auto look = [this, &settings] { return client_.discovery(settings.issuer); };
  const auto described = co_await away(look);
  if (!described->names_itself && settings.token_auth == TokenAuth::none) {
    throw conflict("issuer_unnamed",
                   "The identity provider does not name itself in its answers (RFC 9207), so its "
                   "client must have a secret.");
  }
  // Who links an account shows anew that it is his.
  const bool anew = request.purpose == FlowPurpose::link;
  Memory memory{random_text(), random_text()};
  const auto digest = sha256(memory.verifier);
  const std::string challenge =
      to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
  const auto state = co_await parts_.flows.begin(std::move(provider), std::move(request),
                                                 Secret(json::write(memory)));
  std::string scope;
  for (const auto& one : settings.scopes) scope += (scope.empty() ? "" : " ") + one;
  std::vector<std::pair<std::string, std::string>> asked{{"response_type", "code"},
                                                         {"client_id", settings.client_id},
                                                         {"redirect_uri", redirect_uri()},
                                                         {"scope", scope},
                                                         {"state", state},
                                                         {"nonce", memory.nonce},
                                                         {"code_challenge", challenge},
                                                         {"code_challenge_method", "S256"}};
  if (anew) asked.emplace_back("prompt", "login");
  co_return with_query(described->authorization_endpoint, asked);
}

// Who shows a code again, with the state it came with or another, is not the one it was for, or
// the first was not.
Task<> Oidc::end_used(ProviderId provider, std::string code, identity::Origin origin) {
  const auto used = co_await parts_.flows.used_code(provider, std::move(code));
  if (!used) co_return;
  if (used->session) {
    co_await parts_.identity.end_stolen_session(*used->session, "sso.code_reuse",
                                                std::move(origin));
  }
  throw Error(ErrorCode::unauthenticated, "code_used",
              "This answer of the identity provider was used already. Begin again.");
}

Task<Landing> Oidc::finish(OidcCallback callback, identity::Origin origin) {
  if (callback.state.empty() || callback.code.size() > kCodeBytes) {
    throw malformed("invalid_callback", "This is no answer of an identity provider.");
  }
  std::optional<Error> unknown;
  std::optional<Flow> flow;
  try {
    flow = co_await parts_.flows.take(callback.state, callback.browser);
  } catch (const Error& error) {
    unknown = error;
  }
  if (unknown) {
    const auto before = co_await parts_.flows.provider_of_used(callback.state);
    if (before && !callback.code.empty()) {
      co_await end_used(*before, callback.code, std::move(origin));
    }
    throw *unknown;
  }
  auto provider = co_await parts_.providers.standing(flow->provider);
  if (provider.kind != ProviderKind::oidc) {
    throw malformed("invalid_callback", "This is no answer of an identity provider.");
  }
  std::optional<Error> refusal;
  try {
    auto work = finish_flow(std::move(*flow), provider, std::move(callback), origin);
    co_return co_await std::move(work);
  } catch (const identity::SecondStepNeeded&) {
    throw;
  } catch (const audit::Recorded&) {
    throw;
  } catch (const Error& error) {
    refusal = error;
  }
  auto refusing = parts_.sign_in.refuse(std::move(provider), *refusal, std::move(origin));
  co_await std::move(refusing);
  throw audit::Recorded(*refusal);
}

Task<Landing> Oidc::finish_flow(Flow flow, Provider provider, OidcCallback callback,
                                identity::Origin origin) {
  const auto code = callback.code;
  if (!code.empty()) co_await end_used(provider.id, code, origin);
  auto claims = co_await claims_of(flow, provider, std::move(callback));
  auto person = co_await vouched(provider, std::move(claims));
  Landing out;
  out.return_to = flow.return_to;
  if (flow.purpose == FlowPurpose::link) {
    co_await parts_.sign_in.link(std::move(provider), *flow.user, std::move(person),
                                 std::move(origin));
    co_return out;
  }
  if (person.email.empty()) {
    const auto known =
        co_await parts_.directory.find(provider.organization, provider.id.str(), person.subject);
    if (!known) {
      throw Error(ErrorCode::unauthenticated, "email_missing",
                  "The identity provider told no confirmed e-mail address.");
    }
  }
  out.login = co_await parts_.sign_in.enter(std::move(provider), std::move(person),
                                            std::move(origin), out.return_to);
  co_await parts_.flows.keep_session(flow, out.login->session);
  co_return out;
}

Task<Oidc::Claims> Oidc::claims_of(Flow flow, Provider provider, OidcCallback callback) {
  Claims out;
  out.settings = read_oidc_settings(provider.config);
  const auto memory = json::read<Memory>(json::parse(flow.data.reveal()));
  auto look = [this, &out] { return client_.discovery(out.settings.issuer); };
  const auto described = co_await away(look);
  check_issuer(callback, *described);
  if (!callback.error.empty()) {
    throw Error(ErrorCode::unauthenticated, "provider_refused",
                "The identity provider did not confirm who you are.");
  }
  if (callback.code.empty()) {
    throw malformed("invalid_callback", "This is no answer of an identity provider.");
  }
  co_await parts_.flows.keep_code(flow, callback.code);
  CodeExchange exchange{out.settings, provider.secret, callback.code, memory.verifier,
                        redirect_uri()};
  const IdTokenRules rules{out.settings.issuer, out.settings.client_id, memory.nonce};
  auto work = [this, &exchange, &rules, &described, &out] {
    const auto answer = client_.exchange(*described, exchange);
    const IdToken token(answer.id_token);
    const auto keys = client_.keys_for(*described, token);
    out.all = token.verify(*keys, rules, parts_.clock.now());
    const auto& settings = out.settings;
    const bool whole = out.all.contains(settings.email_claim) &&
                       out.all.contains(settings.name_claim) &&
                       (settings.groups_claim.empty() || out.all.contains(settings.groups_claim));
    if (whole) return;
    const auto more = client_.userinfo(*described, answer.access_token, text_of(out.all, "sub"));
    // An address and what is said of it come from one place.
    if (!out.all.contains(settings.email_claim)) out.all.erase("email_verified");
    for (const auto& [name, value] : more) {
      if (!out.all.contains(name)) out.all[name] = value;
    }
  };
  co_await away(work);
  co_return out;
}

Task<Vouched> Oidc::vouched(Provider provider, Claims claims) {
  const auto& settings = claims.settings;
  Vouched out;
  out.subject = text_of(claims.all, "sub");
  out.name = text_of(claims.all, settings.name_claim);
  out.groups = groups_of(claims.all, settings.groups_claim);
  const auto email = text_of(claims.all, settings.email_claim);
  const bool confirmed = settings.trusts_email || is_true(claims.all, "email_verified");
  if (confirmed) {
    out.email = email;
    co_return out;
  }
  const auto known =
      co_await parts_.directory.find(provider.organization, provider.id.str(), out.subject);
  if (known || email.empty()) co_return out;
  throw Error(ErrorCode::unauthenticated, "email_unverified",
              "The identity provider has not confirmed your e-mail address.");
}

}  // namespace aa::sso
