#include <charconv>
#include <cstdio>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>

#include "app/arguments.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/wiring.hpp"
#include "service/identity/mfa.hpp"

namespace aa::app {
namespace {

int create_user(std::span<const std::string> words) {
  const Arguments arguments(words, {{"email"}, {"password"}, {"name"}, {"organization"}});
  arguments.no_words();
  identity::Registration input{arguments.needed("email"), arguments.needed("password"),
                               arguments.needed("name"), arguments.needed("organization")};
  const auto config = load_config(arguments.settings());
  Wiring parts(config);
  const auto id = runtime::block_on(parts.executors, parts.identity.create_user(std::move(input)));
  std::printf("%s\n", id.str().c_str());
  return 0;
}

int seed_demo(std::span<const std::string> words) {
  const Arguments arguments(words, {{"email"}});
  arguments.no_words();
  const auto config = load_config(arguments.settings());
  Wiring parts(config);
  auto finding = parts.identity.find_principal(arguments.needed("email"));
  const auto principal = runtime::block_on(parts.executors, std::move(finding));
  // On a strand of its own, as a request is: an upload expects that.
  auto opening = parts.demo.open(tenancy::Tenant(principal, "", ""));
  auto strand = boost::asio::make_strand(parts.executors.io());
  const auto project =
      boost::asio::co_spawn(strand, std::move(opening), boost::asio::use_future).get();
  std::printf("%s\n", project.id.str().c_str());
  return 0;
}

std::optional<std::int64_t> limit_in(const Arguments& arguments, const std::string& name) {
  const auto text = arguments.text(name);
  if (!text || *text == "none") return std::nullopt;
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error == std::errc{} && end == text->data() + text->size() && number >= 0) return number;
  throw invalid("bad_argument", "--" + name + " must be a whole number from 0, or none.");
}

// For someone who lost his second factor: the password alone signs in again.
int reset_mfa(std::span<const std::string> words) {
  const Arguments arguments(words, {});
  const auto email = arguments.only_word("e-mail address");
  const auto config = load_config(arguments.settings());
  Wiring parts(config);
  identity::Mfa mfa(parts.identity);
  runtime::block_on(parts.executors, mfa.reset(email));
  return 0;
}

int set_quota(std::span<const std::string> words) {
  const Arguments arguments(words,
                            {{"organization"}, {"storage-mb"}, {"assets"}, {"model-seconds"}});
  arguments.no_words();
  const auto organization = OrganizationId::parse(arguments.needed("organization"));
  if (!organization) throw invalid("bad_argument", "--organization must be a UUID.");
  metering::Quota quota;
  quota.storage_bytes = limit_in(arguments, "storage-mb");
  if (quota.storage_bytes) *quota.storage_bytes <<= 20;
  quota.assets = limit_in(arguments, "assets");
  quota.model_seconds = limit_in(arguments, "model-seconds");
  const auto config = load_config(arguments.settings());
  Wiring parts(config);
  runtime::block_on(parts.executors, parts.metering.set_by_operator(*organization, quota));
  return 0;
}

// Says what it found, and the head in the server's own hand.
bool verify_chain(Wiring& parts, OrganizationId organization) {
  const auto found = runtime::block_on(parts.executors, parts.signed_heads.verify(organization));
  const auto name = organization.str();
  if (found.chain.first_bad) {
    std::printf("%s: entry %lld is the first bad one: it %s\n", name.c_str(),
                static_cast<long long>(*found.chain.first_bad), found.chain.problem.c_str());
    return false;
  }
  const auto logs = runtime::block_on(parts.executors, parts.anchors.verify(organization));
  if (logs.asset) {
    std::printf("%s: operation %lld of asset %s is the first bad one\n", name.c_str(),
                static_cast<long long>(logs.first_bad), logs.asset->str().c_str());
    return false;
  }
  const auto head = runtime::block_on(parts.executors, parts.signed_heads.sign(organization));
  std::printf(
      "%s: %lld entries, the chain holds, %lld signatures checked\nhead %s\nsigned %s by %s %s\n",
      name.c_str(), static_cast<long long>(found.chain.entries),
      static_cast<long long>(found.signatures), head.hash.c_str(), head.signed_at.str().c_str(),
      head.public_key.c_str(), head.signature.c_str());
  return true;
}

int verify_audit(std::span<const std::string> words) {
  const Arguments arguments(words, {{"organization"}});
  arguments.no_words();
  const auto config = load_config(arguments.settings());
  Wiring parts(config);
  std::vector<OrganizationId> chains;
  if (const auto name = arguments.text("organization")) {
    const auto organization = OrganizationId::parse(*name);
    if (!organization) throw invalid("bad_argument", "--organization must be a UUID.");
    chains.push_back(*organization);
  } else {
    chains = runtime::block_on(parts.executors, parts.trail.organizations());
  }
  bool hold = true;
  for (const auto& chain : chains) hold = verify_chain(parts, chain) && hold;
  return hold ? 0 : 1;
}

}  // namespace

int admin(std::span<const std::string> arguments) {
  const std::string action = arguments.empty() ? "" : arguments[0];
  if (action == "configuration-page") {
    std::fputs(config::configuration_page().c_str(), stdout);
    return 0;
  }
  const auto rest = arguments.empty() ? arguments : arguments.subspan(1);
  if (action == "create-user") return create_user(rest);
  if (action == "seed-demo") return seed_demo(rest);
  if (action == "seed-load") return seed_load(rest);
  if (action == "seed-assets") return seed_assets(rest);
  if (action == "backup") return backup(rest);
  if (action == "restore") return restore(rest);
  if (action == "rotate-keys") return rotate_keys(rest);
  if (action == "reset-mfa") return reset_mfa(rest);
  if (action == "set-quota") return set_quota(rest);
  if (action == "verify-audit") return verify_audit(rest);
  throw invalid("bad_argument",
                "admin takes create-user, backup, restore, rotate-keys, seed-demo, seed-load, "
                "seed-assets, reset-mfa, set-quota, verify-audit or configuration-page.");
}

}  // namespace aa::app
