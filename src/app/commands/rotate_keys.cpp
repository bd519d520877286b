#include <cstdio>

#include "app/arguments.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/wiring.hpp"

namespace aa::app {
namespace {

template <class T>
T await(Wiring& parts, runtime::Task<T> task) {
  return runtime::block_on(parts.executors, std::move(task));
}

void rotate_master(Wiring& parts, const Arguments& arguments) {
  const auto done = await(parts, parts.keys.rotate_master(arguments.has("rewrap")));
  if (done.resumed) std::printf("a rotation that had not ended was ended\n");
  std::printf("master key: version %u wraps the keys of %d organizations and %d secrets anew\n",
              done.version, done.rewrapped, done.resealed);
  if (!arguments.has("retire-old")) return;
  await(parts, parts.keys.retire_old_masters());
  std::printf("master key: older versions are out of the file\n");
}

void rotate_data(Wiring& parts, const Arguments& arguments) {
  auto organizations = parts.key_ring->organizations();
  if (const auto only = arguments.text("organization")) {
    const auto id = OrganizationId::parse(*only);
    if (!id) throw invalid("bad_argument", "--organization must be a UUID.");
    organizations = {*id};
  }
  for (const auto& id : organizations) {
    const auto version = await(parts, parts.keys.rotate_data_of(id));
    std::printf("data key of %s: version %u\n", id.str().c_str(), version);
    await(parts, parts.sso.providers.reseal(id));
    if (!arguments.has("reencrypt")) continue;
    const auto done = await(parts, parts.keys.reencrypt(id));
    std::printf("files of %s: %llu of %llu encrypted again, %llu damaged\n", id.str().c_str(),
                static_cast<unsigned long long>(done.renewed),
                static_cast<unsigned long long>(done.looked_at),
                static_cast<unsigned long long>(done.damaged));
  }
}

void rotate_tokens(Wiring& parts, const Arguments& arguments) {
  const auto id = await(parts, parts.signing_keys.rotate(arguments.has("revoke-old")));
  std::printf("access tokens: %s signs from %s on\n", id.c_str(),
              arguments.has("revoke-old") ? "now" : "half a minute");
}

}  // namespace

int rotate_keys(std::span<const std::string> words) {
  const Arguments arguments(words, {{"master-key", false},
                                    {"data-keys", false},
                                    {"token-keys", false},
                                    {"organization"},
                                    {"reencrypt", false},
                                    {"rewrap", false},
                                    {"retire-old", false},
                                    {"revoke-old", false}});
  arguments.no_words();
  const bool master = arguments.has("master-key");
  const bool data = arguments.has("data-keys");
  const bool tokens = arguments.has("token-keys");
  const bool all = !master && !data && !tokens;
  const auto config = load_config(arguments.settings());
  Wiring parts(config);
  if (all || master) rotate_master(parts, arguments);
  if (all || data) rotate_data(parts, arguments);
  if (all || tokens) rotate_tokens(parts, arguments);
  return 0;
}

}  // namespace aa::app
