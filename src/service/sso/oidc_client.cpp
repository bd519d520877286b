#include "service/sso/oidc_client.hpp"

#include "base/hash.hpp"
#include "driver/http/message.hpp"

namespace aa::sso {
namespace {

constexpr std::chrono::seconds kTimeout{6};
constexpr std::uint64_t kAnswerBytes = 256 * 1024;
constexpr std::chrono::minutes kDiscoveryFresh{10};
constexpr std::chrono::minutes kKeysFresh{60};
constexpr std::chrono::seconds kKeysAgain{30};
constexpr std::size_t kKeptMax = 1'000;
constexpr int kTogether = 2;  // requests to one issuer
constexpr std::size_t kTokenBytes = 32 * 1024;

Error unreachable(std::string cause) {
  return Error(ErrorCode::unavailable, "provider_unreachable",
               "The identity provider does not answer as it must. Try again later.")
      .with_cause(std::move(cause));
}

Error refused(std::string slug, std::string cause) {
  return Error(ErrorCode::unauthenticated, std::move(slug),
               "The identity provider did not confirm the sign-in. Begin again.")
      .with_cause(std::move(cause));
}

std::string member(const json::Object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  const std::string_view text = value->as_string();
  return text.size() <= kTokenBytes ? std::string(text) : std::string();
}

// A token goes into a header: nothing but what RFC 6750 lets it be.
bool is_bearer(std::string_view token) {
  return !token.empty() && std::ranges::all_of(token, [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("-._~+/=").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

}  // namespace

// A slow issuer must not hold all the threads.
class OidcClient::Turn {
 public:
  Turn(OidcClient& client, const std::string& issuer) : client_(client), issuer_(issuer) {
    const std::lock_guard lock(client_.mutex_);
    int& count = client_.under_way_[issuer_];
    if (count >= kTogether) {
      throw unavailable("provider_busy", "The identity provider is slow. Try again in a moment.");
    }
    ++count;
  }
  ~Turn() {
    const std::lock_guard lock(client_.mutex_);
    const auto it = client_.under_way_.find(issuer_);
    if (--it->second == 0) client_.under_way_.erase(it);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  OidcClient& client_;
  const std::string& issuer_;
};

http::OutboundResponse OidcClient::send(const std::string& issuer,
                                        const http::OutboundRequest& request) {
  const Turn turn(*this, issuer);
  try {
    return outbound_.fetch(request);
  } catch (const Error& error) {
    throw unreachable(error.what());
  }
}

std::string OidcClient::get(const std::string& issuer, const std::string& url,
                            std::vector<std::string> headers) {
  http::OutboundRequest request;
  request.url = url;
  request.headers = std::move(headers);
  request.headers.emplace_back("Accept: application/json");
  request.timeout = kTimeout;
  request.max_bytes = kAnswerBytes;
  auto response = send(issuer, request);
  if (response.status != 200) throw unreachable("status " + std::to_string(response.status));
  return std::move(response.body);
}

OidcClient::DiscoveryPointer OidcClient::discovery(const std::string& issuer, bool fresh) {
  const auto now = clock_.steady();
  {
    const std::lock_guard lock(mutex_);
    const auto it = discoveries_.find(issuer);
    if (!fresh && it != discoveries_.end() && now - it->second.at < kDiscoveryFresh) {
      return it->second.value;
    }
  }
  const auto text = get(issuer, discovery_url(issuer));
  auto found = std::make_shared<const Discovery>(read_discovery(text, issuer));
  const std::lock_guard lock(mutex_);
  if (discoveries_.size() >= kKeptMax) discoveries_.clear();
  discoveries_[issuer] = {found, now};
  return found;
}

OidcClient::KeysPointer OidcClient::keys(const Discovery& provider, bool fresh) {
  const auto now = clock_.steady();
  const std::string name = provider.issuer + " " + provider.jwks_uri;
  {
    const std::lock_guard lock(mutex_);
    const auto it = keys_.find(name);
    if (!fresh && it != keys_.end() && now - it->second.at < kKeysFresh) return it->second.value;
  }
  const auto text = get(provider.issuer, provider.jwks_uri);
  std::shared_ptr<const KeySet> found;
  try {
    found = std::make_shared<const KeySet>(read_key_set(text));
  } catch (const Error&) {
    throw unavailable("bad_jwks", "The identity provider's keys could not be read.");
  }
  const std::lock_guard lock(mutex_);
  if (keys_.size() >= kKeptMax) keys_.clear();
  keys_[name] = {found, now};
  return found;
}

OidcClient::KeysPointer OidcClient::keys_for(const Discovery& provider, const IdToken& token) {
  auto known = keys(provider);
  if (token.has_key_in(*known)) return known;
  {
    const std::lock_guard lock(mutex_);
    const auto it = keys_.find(provider.issuer + " " + provider.jwks_uri);
    if (it != keys_.end() && clock_.steady() - it->second.at < kKeysAgain) return known;
  }
  return keys(provider, true);
}

TokenAnswer OidcClient::exchange(const Discovery& provider, const CodeExchange& what) {
  std::vector<std::pair<std::string, std::string>> form{{"grant_type", "authorization_code"},
                                                        {"code", what.code},
                                                        {"redirect_uri", what.redirect_uri},
                                                        {"code_verifier", what.verifier}};
  http::OutboundRequest request;
  request.method = "POST";
  request.url = provider.token_endpoint;
  request.timeout = kTimeout;
  request.max_bytes = kAnswerBytes;
  request.headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"};
  const auto& settings = what.settings;
  const std::string secret(what.client_secret.reveal());
  if (settings.token_auth == TokenAuth::client_secret_basic) {
    // RFC 6749, section 2.3.1: both are encoded as in a form first.
    const auto pair = http::percent_encode(settings.client_id) + ":" + http::percent_encode(secret);
    request.headers.push_back("Authorization: Basic " + to_base64(pair));
  } else {
    form.emplace_back("client_id", settings.client_id);
    if (settings.token_auth == TokenAuth::client_secret_post) {
      form.emplace_back("client_secret", secret);
    }
  }
  request.body = form_of(form);
  const auto response = send(provider.issuer, request);
  if (response.status >= 500) throw unreachable("status " + std::to_string(response.status));
  if (response.status != 200) {
    throw refused("code_refused", "the token endpoint: " + std::to_string(response.status));
  }
  json::Value value;
  try {
    value = json::parse(response.body);
  } catch (const Error&) {
    throw refused("code_refused", "the token endpoint's answer is no JSON");
  }
  const auto* object = value.if_object();
  if (object == nullptr) throw refused("code_refused", "the answer is no object");
  TokenAnswer out{member(*object, "id_token"), member(*object, "access_token")};
  if (out.id_token.empty()) throw refused("code_refused", "there is no ID token");
  return out;
}

json::Object OidcClient::userinfo(const Discovery& provider, const std::string& access_token,
                                  const std::string& subject) {
  if (provider.userinfo_endpoint.empty() || !is_bearer(access_token)) return {};
  const auto text =
      get(provider.issuer, provider.userinfo_endpoint, {"Authorization: Bearer " + access_token});
  json::Value value;
  try {
    value = json::parse(text);
  } catch (const Error&) {
    throw refused("userinfo_refused", "the answer is no JSON");
  }
  auto* object = value.if_object();
  if (object == nullptr || member(*object, "sub") != subject) {
    throw refused("userinfo_refused", "it speaks of someone else");
  }
  return std::move(*object);
}

}  // namespace aa::sso
