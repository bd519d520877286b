// admin seed-assets: a project with very many images, for measurements. A few photos are really
// stored; all others are copies that share their bytes.
#include <cstdio>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>

#include "app/arguments.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/commands/small_photos.hpp"
#include "app/wiring.hpp"

namespace aa::app {
namespace {

constexpr int kCountMax = 10'000'000;

runtime::Task<ProjectId> fill(Wiring& parts, std::string email, std::int64_t count) {
  const auto principal = co_await parts.identity.find_principal(std::move(email));
  const tenancy::Tenant owner(principal, "", "");
  projects::CreateProject input;
  input.name = "Many images";
  const auto project = co_await parts.projects.create(owner, std::move(input));
  const auto photos = small_photos();
  auto upload = co_await parts.assets.upload(owner, project.id);
  std::int64_t number = 0;
  for (const auto& photo : photos) {
    co_await upload.begin("photo-" + std::to_string(number++) + ".jpg");
    co_await upload.write(std::as_bytes(std::span(photo.data(), photo.size())));
    co_await upload.end();
  }
  const auto result = co_await upload.finish();
  const auto stored = static_cast<std::int64_t>(result.items.size());
  if (count > stored) {
    co_await parts.assets.copy_for(owner.organization(), project.id, count - stored);
  }
  co_return project.id;
}

}  // namespace

int seed_assets(std::span<const std::string> words) {
  const Arguments arguments(words, {{"email"}, {"count"}});
  arguments.no_words();
  const auto email = arguments.needed("email");
  arguments.needed("count");
  const auto count = static_cast<std::int64_t>(arguments.number("count", 1, 1, kCountMax));
  const auto config = load_config(arguments.settings());
  Wiring parts(config);
  // On a strand of its own, as a request is: an upload expects that.
  const auto project = boost::asio::co_spawn(boost::asio::make_strand(parts.executors.io()),
                                             fill(parts, email, count), boost::asio::use_future)
                           .get();
  std::printf("%s\n", project.str().c_str());
  return 0;
}

}  // namespace aa::app
