#include "service/sso/flows.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "service/sso/statements.hpp"

namespace aa::sso {
namespace {

constexpr std::size_t kStateBytes = 32;
constexpr std::size_t kReturnBytes = 500;
constexpr std::size_t kTokenMax = 200;  // of what is looked for in the database

struct FlowRow {
  OrganizationId organization_id;
  ProviderId provider_id;
  std::string data;
  FlowPurpose purpose = FlowPurpose::sign_in;
  std::optional<UserId> user_id;
  std::string return_to;
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(FlowRow, (),
                      (organization_id, provider_id, data, purpose, user_id, return_to, expires_at))

std::string hash_of(std::string_view secret) { return to_hex(sha256(secret)); }
std::string purpose_of(const std::string& state_hash) { return "sso_flow/" + state_hash; }

Error flow_unknown() {
  return malformed("flow_unknown",
                   "This sign-in was not begun in this browser, was ended already or took longer "
                   "than ten minutes. Begin again.");
}

bool is_plain(char c) {
  constexpr std::string_view kMarks = "/_-.~?=&#";
  return (std::isalnum(static_cast<unsigned char>(c)) != 0) ||
         kMarks.find(c) != std::string_view::npos;
}

}  // namespace

// Percent signs are refused too: what two decoders may read differently is no plain path.
std::string safe_return_to(std::string_view wished) {
  const bool plain = wished.starts_with('/') && wished.size() <= kReturnBytes &&
                     std::ranges::all_of(wished, is_plain);
  const auto path = wished.substr(0, wished.find_first_of("?#"));
  const bool dots =
      path.find("//") != std::string_view::npos || path.find("..") != std::string_view::npos;
  if (!plain || dots || path.starts_with("/api/")) return "/";
  return std::string(wished);
}

std::string new_browser_secret() { return to_base64url(random_bytes(kStateBytes)); }

bool is_browser_secret(std::string_view value) {
  const auto bytes = value.size() <= kTokenMax ? from_base64url(value) : std::nullopt;
  return bytes && bytes->size() == kStateBytes;
}

Task<std::string> Flows::begin(Provider provider, FlowRequest request, Secret data) {
  std::string state = to_base64url(random_bytes(kStateBytes));
  const auto hash = hash_of(state);
  auto seal = [this, &provider, &hash, &data] {
    return to_base64url(sealer_.seal(provider.organization, purpose_of(hash), data));
  };
  const auto kept = co_await runtime::run_on(executors_.blocking(), seal);
  const auto now = clock_.now();
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await transaction->exec(sql::drop_flows, db::args(now));
  co_await transaction->exec(
      sql::insert_flow, db::args(hash, provider.organization, provider.id, hash_of(request.browser),
                                 kept, request.purpose, request.user,
                                 safe_return_to(request.return_to), now, now + kFlowLife));
  co_await transaction->commit();
  co_return state;
}

Task<Flow> Flows::take(std::string state, std::string browser) {
  if (state.empty() || state.size() > kTokenMax || !is_browser_secret(browser)) {
    throw flow_unknown();
  }
  const auto now = clock_.now();
  const auto hash = hash_of(state);
  const auto rows = co_await database_.write(db::Scope::system(), sql::take_flow,
                                             db::args(hash, hash_of(browser), now));
  const auto row = rows.first<FlowRow>();
  if (!row || row->expires_at <= now) throw flow_unknown();
  Flow out;
  out.organization = row->organization_id;
  out.provider = row->provider_id;
  out.purpose = row->purpose;
  out.user = row->user_id;
  out.return_to = row->return_to;
  out.state = std::move(state);
  auto open = [this, &row, &hash] {
    const auto sealed = from_base64url(row->data);
    if (!sealed) throw internal_error("the data of a sign-in are not base64url");
    return sealer_.open(row->organization_id, purpose_of(hash), *sealed);
  };
  out.data = co_await runtime::run_on(executors_.blocking(), open);
  co_return out;
}

Task<> Flows::keep_code(const Flow& flow, std::string code) {
  const auto state_hash = hash_of(flow.state);
  const auto provider = flow.provider;
  try {
    co_await database_.write(db::Scope::system(), sql::keep_code,
                             db::args(state_hash, provider.str() + "/" + hash_of(code)));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::already_exists) throw;
    throw Error(ErrorCode::already_exists, "code_used", "This answer was used already.");
  }
}

Task<> Flows::keep_session(const Flow& flow, SessionId session) {
  const auto state_hash = hash_of(flow.state);
  co_await database_.write(db::Scope::system(), sql::keep_session, db::args(state_hash, session));
}

Task<std::optional<UsedCode>> Flows::used_code(ProviderId provider, std::string code) {
  const auto rows = co_await database_.query(db::Scope::system(), sql::used_code,
                                             db::args(provider.str() + "/" + hash_of(code)));
  if (rows.empty()) co_return std::nullopt;
  UsedCode out;
  out.session = rows[0].get<std::optional<SessionId>>("session_id");
  co_return out;
}

Task<std::optional<ProviderId>> Flows::provider_of_used(std::string state) {
  const auto rows = co_await database_.query(db::Scope::system(), sql::provider_of_used,
                                             db::args(hash_of(state)));
  if (rows.empty()) co_return std::nullopt;
  co_return rows[0].get<ProviderId>("provider_id");
}

}  // namespace aa::sso
