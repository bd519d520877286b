#include <cstdio>

#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/wiring.hpp"

namespace aa::app {
namespace {

// Takes "--name value" out of the arguments; the rest are settings.
std::string take_flag(std::vector<std::string>& arguments, std::string_view name) {
  const auto it = std::ranges::find(arguments, "--" + std::string(name));
  if (it == arguments.end() || it + 1 == arguments.end()) {
    throw invalid("bad_argument", "--" + std::string(name) + " is needed.");
  }
  std::string value = *(it + 1);
  arguments.erase(it, it + 2);
  return value;
}

int create_user(std::vector<std::string> arguments) {
  identity::Registration input{take_flag(arguments, "email"), take_flag(arguments, "password"),
                               take_flag(arguments, "name"),
                               take_flag(arguments, "organization")};
  const auto config = load_config(arguments);
  Wiring parts(config);
  const auto id =
      runtime::block_on(parts.executors, parts.identity.create_user(std::move(input)));
  std::printf("%s\n", id.str().c_str());
  return 0;
}

int verify_audit(std::vector<std::string> arguments) {
  const auto text = take_flag(arguments, "organization");
  const auto organization = OrganizationId::parse(text);
  if (!organization) throw invalid("bad_argument", "--organization must be a UUID.");
  const auto config = load_config(arguments);
  Wiring parts(config);
  const auto verdict = runtime::block_on(parts.executors, parts.trail.verify(*organization));
  if (verdict.first_bad) {
    std::printf("entry %lld is the first bad one\n", static_cast<long long>(*verdict.first_bad));
    return 1;
  }
  std::printf("%lld entries, the chain holds\n", static_cast<long long>(verdict.entries));
  return 0;
}

}  // namespace

int admin(std::span<const std::string> arguments) {
  const std::string action = arguments.empty() ? "" : arguments[0];
  if (action == "configuration-page") {
    std::fputs(config::configuration_page().c_str(), stdout);
    return 0;
  }
  std::vector<std::string> rest;
  if (!arguments.empty()) rest.assign(arguments.begin() + 1, arguments.end());
  if (action == "create-user") return create_user(std::move(rest));
  if (action == "verify-audit") return verify_audit(std::move(rest));
  throw invalid("bad_argument", "admin takes create-user, verify-audit or configuration-page.");
}

}  // namespace aa::app
