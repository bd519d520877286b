// Sign-ins under way at a provider: between the browser's leaving and its coming back.
//
// A flow is found by its state, which only the browser and the provider see, and only by the
// browser that began it, which has a cookie. It is used once, within ten minutes. What the kind
// must remember (a nonce, a PKCE verifier, a request's id) is kept sealed.
//
// Thread rule: shared by all coroutines.
// Errors: malformed "flow_unknown" for a state that is none, another browser's, used or too old.
#pragma once

#include <optional>
#include <string>

#include "core/runtime/executors.hpp"
#include "driver/blob/sealer.hpp"
#include "driver/db/database.hpp"
#include "service/sso/provider_types.hpp"

namespace aa::sso {

using runtime::Task;

inline constexpr std::chrono::minutes kFlowLife{10};

enum class FlowPurpose { sign_in, link };
BOOST_DESCRIBE_ENUM(FlowPurpose, sign_in, link)

// Who begins a flow, and what for.
struct FlowRequest {
  FlowRequest() = default;
  FlowRequest(std::string cookie, FlowPurpose why, std::optional<UserId> who, std::string back)
      : browser(std::move(cookie)), purpose(why), user(who), return_to(std::move(back)) {}
  std::string browser;  // the cookie's value
  FlowPurpose purpose = FlowPurpose::sign_in;
  std::optional<UserId> user;  // who links himself
  std::string return_to;       // made safe by Flows
};

struct Flow {
  OrganizationId organization;
  ProviderId provider;
  Secret data;
  FlowPurpose purpose = FlowPurpose::sign_in;
  std::optional<UserId> user;
  std::string return_to;
  std::string state;
};

struct UsedCode {
  std::optional<SessionId> session;
};

class Flows {
 public:
  Flows(db::Database& database, std::shared_ptr<blob::KeyRing> keys, const Clock& clock,
        runtime::Executors& executors)
      : database_(database), sealer_(std::move(keys)), clock_(clock), executors_(executors) {}

  // The state: 256 random bits in base64url.
  Task<std::string> begin(Provider provider, FlowRequest request, Secret data);
  // Once: a second call with the same state finds nothing.
  Task<Flow> take(std::string state, std::string browser);

  // For kinds whose answers are good once (a code, an assertion's id): that this one was used, and
  // the session that it led to, for as long as the flow lasts. Throws already_exists "code_used".
  Task<> keep_code(const Flow& flow, std::string code);
  Task<> keep_session(const Flow& flow, SessionId session);
  // nullopt for one that was not.
  Task<std::optional<UsedCode>> used_code(ProviderId provider, std::string code);
  // Whose flow it was that a state belonged to which is used.
  Task<std::optional<ProviderId>> provider_of_used(std::string state);

 private:
  db::Database& database_;
  blob::Sealer sealer_;
  const Clock& clock_;
  runtime::Executors& executors_;
};

// A path of this site, or "/" for anything that is not plainly one.
std::string safe_return_to(std::string_view wished);
// A new value of the cookie that binds flows to a browser.
std::string new_browser_secret();
bool is_browser_secret(std::string_view value);

}  // namespace aa::sso
