// What it costs to know who asks: an access token, its permission and its tenant, beside one bare
// signature verification. Prints medians in microseconds as JSON.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include <openssl/evp.h>

#include "base/hash.hpp"
#include "service/testing/service_fixture.hpp"

namespace {

using namespace aa;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 2'000;

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<long>(values.size() / 2));
  return values[values.size() / 2];
}

double micros_since(Clock::time_point began) {
  return std::chrono::duration<double, std::micro>(Clock::now() - began).count();
}

// OpenSSL alone, with the key at hand.
double bare_verification(const std::string& text) {
  EVP_PKEY* key = nullptr;
  EVP_PKEY_CTX* maker = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nullptr);
  EVP_PKEY_keygen_init(maker);
  EVP_PKEY_keygen(maker, &key);
  EVP_PKEY_CTX_free(maker);
  std::array<unsigned char, 64> signature;
  std::size_t size = signature.size();
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  EVP_MD_CTX* signing = EVP_MD_CTX_new();
  EVP_DigestSignInit(signing, nullptr, nullptr, nullptr, key);
  EVP_DigestSign(signing, signature.data(), &size, bytes, text.size());
  EVP_MD_CTX_free(signing);
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const auto began = Clock::now();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, key);
    const int right = EVP_DigestVerify(context, signature.data(), size, bytes, text.size());
    EVP_MD_CTX_free(context);
    times.push_back(micros_since(began));
    if (right != 1) std::abort();
  }
  EVP_PKEY_free(key);
  return median(std::move(times));
}

// As the dispatcher does it.
runtime::Task<std::vector<double>> use(fixture::World& world, std::vector<std::string> tokens) {
  std::vector<double> times;
  for (const auto& token : tokens) {
    const auto began = Clock::now();
    auto principal = co_await world.identity.authenticate_bearer(token);
    const tenancy::Tenant tenant(std::move(principal), "192.0.2.1", "request");
    tenant.require(tenancy::Permission::project_read);
    times.push_back(micros_since(began));
  }
  co_return times;
}

double median_of(fixture::World& world, std::vector<std::string> tokens) {
  return median(runtime::block_on(world.executors, use(world, std::move(tokens))));
}

// Of one session, each another text.
std::vector<std::string> fresh_tokens(fixture::World& world, const identity::Login& login,
                                      SessionId session, int from) {
  const auto keys = runtime::block_on(world.executors, world.signing_keys.current());
  std::vector<std::string> out;
  for (int i = 0; i < kRounds; ++i) {
    const auto now = world.clock.now() + -std::chrono::seconds(from + i);
    const identity::AccessClaims claims{login.user.id, login.organization.id, session, now,
                                        world.clock.now() + identity::kAccessTokenLife};
    out.push_back(keys->signer().sign(claims));
  }
  return out;
}

}  // namespace

int main() {
  fixture::World world(db::Engine::sqlite);
  identity::Registration input{"ada@example.org", "correct horse battery", "Ada", "Studio"};
  identity::Origin origin{"192.0.2.7", "bench", "request-1"};
  auto registering = world.identity.register_user(std::move(input), std::move(origin));
  const auto login = runtime::block_on(world.executors, std::move(registering)).login;
  auto asking = world.identity.authenticate_bearer(login.access_token);
  const auto owner = runtime::block_on(world.executors, std::move(asking));
  identity::NewApiToken wanted{"bench", {tenancy::Permission::project_read}, std::nullopt};
  auto making = world.identity.create_api_token({owner, "192.0.2.7", "request-1"},
                                                identity::ApiTokenKind::personal, wanted);
  const auto api_token = runtime::block_on(world.executors, std::move(making)).secret;

  const auto signed_text = login.access_token.substr(0, login.access_token.rfind('.'));
  const double bare = bare_verification(signed_text);
  const double first = median_of(world, fresh_tokens(world, login, owner.session, 0));
  const double seen = median_of(world, std::vector(kRounds, login.access_token));
  const double api = median_of(world, std::vector(kRounds, api_token));
  std::printf(
      "{\"bare_verification\": %.2f, \"first_sight\": %.2f, \"seen\": %.2f, \"api\": %.2f}\n", bare,
      first, seen, api);
  return 0;
}
