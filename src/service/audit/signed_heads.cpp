#include "service/audit/signed_heads.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/hash.hpp"
#include "core/observe/log.hpp"
#include "service/audit/ed25519.hpp"
#include "service/audit/statements.hpp"

namespace aa::audit {
namespace {

constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kKeyIdDigits = 16;
constexpr std::chrono::hours kPeriod{1};
constexpr std::string_view kPurpose = "audit_key";

struct KeyRow {
  std::string id;
  std::string public_key;
  std::string sealed;
};
BOOST_DESCRIBE_STRUCT(KeyRow, (), (id, public_key, sealed))

}  // namespace

struct SignedHeads::Key {
  std::string id;
  std::string public_key;
  Secret seed;
};

std::string signed_text(const SignedHead& head) {
  return "annotateai audit head 1\n" + head.organization_id.str() + "\n" +
         std::to_string(head.sequence) + "\n" + head.hash + "\n" + head.signed_at.str() + "\n";
}

bool is_genuine(const SignedHead& head) {
  const auto key = from_base64url(head.public_key);
  const auto signature = from_base64url(head.signature);
  return key && signature && is_signed_by(*key, signed_text(head), *signature);
}

SignedHeads::SignedHeads(db::Database& database, Trail& trail, std::shared_ptr<blob::KeyRing> keys,
                         const Clock& clock, runtime::Executors& executors)
    : database_(database),
      trail_(trail),
      sealer_(std::move(keys)),
      clock_(clock),
      executors_(executors) {}

// The first key that was made is the key, whichever instance made it.
Task<std::shared_ptr<const SignedHeads::Key>> SignedHeads::key() {
  {
    const std::lock_guard lock(mutex_);
    if (key_) co_return key_;
  }
  auto rows = co_await database_.query(db::Scope::system(), sql::first_key);
  if (rows.empty()) {
    const Secret seed(random_bytes(kSeedBytes));
    const auto half = to_base64url(public_half(seed));
    auto seal = [this, seed] { return to_base64url(sealer_.seal(kInstallation, kPurpose, seed)); };
    const auto sealed = co_await runtime::run_on(executors_.blocking(), seal);
    const auto id = to_hex(sha256(half)).substr(0, kKeyIdDigits);
    co_await database_.write(db::Scope::system(), sql::insert_key,
                             db::args(id, half, sealed, clock_.now()));
    rows = co_await database_.query(db::Scope::system(), sql::first_key);
  }
  const auto row = rows.one().as<KeyRow>();
  auto open = [this, sealed = from_base64url(row.sealed).value_or("")] {
    return sealer_.open(kInstallation, kPurpose, sealed);
  };
  auto seed = co_await runtime::run_on(executors_.blocking(), open);
  auto made = std::make_shared<Key>();
  made->id = row.id;
  made->public_key = row.public_key;
  made->seed = std::move(seed);
  const std::lock_guard lock(mutex_);
  if (!key_) key_ = std::move(made);
  co_return key_;
}

Task<std::vector<SignedHead>> SignedHeads::kept(OrganizationId organization) {
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::signatures, db::args(organization));
  co_return rows.as<SignedHead>();
}

Task<SignedHead> SignedHeads::sign(OrganizationId organization) {
  const auto head = co_await trail_.head(organization);
  const auto latest = co_await database_.query(db::Scope::system(), sql::signature_of,
                                               db::args(organization, head.sequence));
  if (auto known = latest.first<SignedHead>()) {
    if (known->hash == head.hash) co_return std::move(*known);
  }
  const auto key = co_await this->key();
  SignedHead out;
  out.organization_id = organization;
  out.sequence = head.sequence;
  out.hash = head.hash;
  out.signed_at = clock_.now();
  out.key_id = key->id;
  out.public_key = key->public_key;
  out.signature = to_base64url(sign_with(key->seed, signed_text(out)));
  if (head.sequence > 0) {
    co_await database_.write(
        db::Scope::tenant(organization), sql::insert_signature,
        db::args(organization, out.sequence, out.hash, out.signed_at, out.key_id, out.signature));
  }
  co_return out;
}

Task<FullVerdict> SignedHeads::verify(OrganizationId organization) {
  FullVerdict out;
  std::vector<std::pair<std::int64_t, std::string>> known;
  const auto heads = co_await kept(organization);
  std::shared_ptr<const Key> ours;
  if (!heads.empty()) ours = co_await key();
  for (const auto& head : heads) {
    if (head.public_key != ours->public_key || !is_genuine(head)) {
      out.chain.first_bad = head.sequence;
      out.chain.problem = "has a signature that is not the server's";
      co_return out;
    }
    known.emplace_back(head.sequence, head.hash);
  }
  out.signatures = static_cast<std::int64_t>(known.size());
  out.chain = co_await trail_.verify(organization, std::move(known));
  co_return out;
}

Task<> SignedHeads::sign_all() {
  const auto rows = co_await database_.query(db::Scope::system(), sql::unsigned_heads);
  for (const auto& row : rows) co_await sign(row.get<OrganizationId>("organization_id"));
}

void SignedHeads::start() {
  boost::asio::co_spawn(executors_.io(), keep_signing(), boost::asio::detached);
}

Task<> SignedHeads::keep_signing() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (;;) {
    try {
      co_await sign_all();
    } catch (const std::exception& e) {
      observe::warn("audit.not_signed", {{"error", std::string_view(e.what())}});
    }
    timer.expires_after(kPeriod);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace aa::audit
