// A kind of identity provider: what its settings mean, how a sign-in begins, what a test does. Each
// kind has files and routes of its own for what is its alone, and adds itself by
// Providers::add_kind().
//
// Thread rule: shared by all coroutines.
#pragma once

#include "core/runtime/task.hpp"
#include "service/sso/flows.hpp"
#include "service/sso/provider_types.hpp"

namespace aa::sso {

using runtime::Task;

class Kind {
 public:
  virtual ~Kind() = default;
  virtual ProviderKind kind() const = 0;
  // The settings in their normal form; throws Error(invalid_argument) with pointers under /config.
  // Runs on the blocking executor: names may be looked up.
  virtual json::Object validate(const json::Object& config, bool has_secret) const = 0;
  // What the other side must be told.
  virtual std::map<std::string, std::string> addresses(ProviderId id) const = 0;
  virtual Task<std::vector<TestStep>> test(Provider provider) = 0;
  // Whether sign_in() sends the browser away, or a password is asked for here.
  virtual bool redirects() const { return true; }
  // Begins a flow and answers where the browser goes.
  virtual Task<std::string> start(Provider provider, FlowRequest request) = 0;
};

// Of a test, one step: what `work` answers is shown; false when it failed.
template <class F>
bool take_step(std::vector<TestStep>& steps, std::string name, F work) {
  try {
    steps.emplace_back(std::move(name), true, work());
    return true;
  } catch (const Error& error) {
    steps.emplace_back(std::move(name), false, error.message());
    return false;
  }
}

}  // namespace aa::sso
