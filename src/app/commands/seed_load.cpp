#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

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

constexpr int kRoomsMax = 100'000;
constexpr int kEditorsMax = 1'000'000;
constexpr int kHoursMax = 168;
constexpr int kFilesAtOnce = 500;

struct Plan {
  int rooms = 0;
  int editors = 0;
  std::chrono::hours life{};
};

// One line of the file.
struct Seat {
  std::string email;
  std::string token;
  AssetId asset_id;
  ProjectId project_id;
};
BOOST_DESCRIBE_STRUCT(Seat, (), (email, token, asset_id, project_id))

// A new file that nobody else can read: the tokens in it are as good as passwords. Removed again
// unless close() was reached.
class SecretFile {
 public:
  explicit SecretFile(std::string path) : path_(std::move(path)) {
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor_ < 0) fail(errno);
  }
  ~SecretFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    unlink(path_.c_str());
  }
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;
  void write(std::string_view text) {
    while (!text.empty()) {
      const auto count = ::write(descriptor_, text.data(), text.size());
      if (count < 0) fail(errno);
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void close() {
    if (fsync(descriptor_) != 0) fail(errno);
    ::close(std::exchange(descriptor_, -1));
  }

 private:
  [[noreturn]] void fail(int number) const {
    throw Error(ErrorCode::unavailable, "file_not_written",
                path_ + " cannot be written: " + std::strerror(number) + ".");
  }

  std::string path_;
  int descriptor_ = -1;
};

document::LabelAttribute attribute(std::string name, document::AttributeKind kind) {
  document::LabelAttribute out;
  out.name = std::move(name);
  out.kind = kind;
  return out;
}

// Labels that take every shape, with an attribute of each kind.
projects::CreateProject project_input() {
  using document::AttributeKind;
  auto color = attribute("color", AttributeKind::select);
  color.options = std::vector<std::string>{"red", "green", "blue"};
  const std::vector attributes{attribute("note", AttributeKind::text),
                               attribute("count", AttributeKind::number),
                               attribute("open", AttributeKind::checkbox), color};
  projects::CreateProject out;
  out.name = "Load";
  out.labels.emplace();
  for (const auto* name : {"car", "person", "sign"}) {
    projects::LabelInput label;
    label.name = name;
    label.kind = document::LabelKind::any;
    label.attributes = attributes;
    out.labels->push_back(std::move(label));
  }
  return out;
}

runtime::Task<std::vector<AssetId>> upload(assets::Assets& assets, tenancy::Tenant tenant,
                                           ProjectId project, std::vector<std::string> photos,
                                           int count) {
  std::vector<AssetId> out;
  for (int first = 0; first < count; first += kFilesAtOnce) {
    auto batch = co_await assets.upload(tenant, project);
    for (int i = first; i < std::min(count, first + kFilesAtOnce); ++i) {
      const auto& photo = photos[static_cast<std::size_t>(i) % photos.size()];
      const auto bytes = std::as_bytes(std::span(photo.data(), photo.size()));
      co_await batch.begin("room-" + std::to_string(i) + ".jpg");
      co_await batch.write(bytes);
      co_await batch.end();
    }
    const auto result = co_await batch.finish();
    if (!result.rejected.empty()) throw internal_error(result.rejected[0].detail);
    for (const auto& asset : result.items) out.push_back(asset.id);
  }
  co_return out;
}

runtime::Task<ProjectId> fill(Wiring& parts, Plan plan, SecretFile& file) {
  const auto crowd = co_await parts.identity.make_crowd("Load test", plan.editors, plan.life);
  const tenancy::Tenant owner(crowd.owner, "", "");
  auto input = project_input();
  const auto project = co_await parts.projects.create(owner, std::move(input));
  auto photos = small_photos();
  const auto rooms =
      co_await upload(parts.assets, owner, project.id, std::move(photos), plan.rooms);
  for (std::size_t i = 0; i < crowd.editors.size(); ++i) {
    const auto& editor = crowd.editors[i];
    const Seat seat{editor.user.email, editor.access_token, rooms[i % rooms.size()], project.id};
    file.write(json::write(seat) + "\n");
  }
  co_return project.id;
}

}  // namespace

int seed_load(std::span<const std::string> words) {
  const Arguments arguments(words, {{"rooms"}, {"editors"}, {"out"}, {"hours"}});
  arguments.no_words();
  const auto out = arguments.needed("out");
  arguments.needed("rooms");
  arguments.needed("editors");
  Plan plan;
  plan.rooms = static_cast<int>(arguments.number("rooms", 1, 1, kRoomsMax));
  plan.editors = static_cast<int>(arguments.number("editors", 1, 1, kEditorsMax));
  plan.life = std::chrono::hours(static_cast<int>(arguments.number("hours", 2, 1, kHoursMax)));
  const auto config = load_config(arguments.settings());
  SecretFile file(out);
  Wiring parts(config);
  // On a strand of its own, as a request is: an upload expects that.
  const auto project = boost::asio::co_spawn(boost::asio::make_strand(parts.executors.io()),
                                             fill(parts, plan, file), boost::asio::use_future)
                           .get();
  file.close();
  std::printf("project %s: %d rooms, %d editors\n", project.str().c_str(), plan.rooms,
              plan.editors);
  return 0;
}

}  // namespace aa::app
