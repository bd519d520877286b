// Appends of one operation each to many documents, durable on SQLite with full sync: how many a
// second, how long one takes, and how much of a core.
#include <algorithm>
#include <sys/resource.h>

#include <benchmark/benchmark.h>

#include "core/observe/log.hpp"
#include "service/testing/annotation_fixture.hpp"

namespace aa::annotation {
namespace {

constexpr db::Statement kAsset{
    "bench.asset",
    "insert into assets (id, organization_id, project_id, rank, filename, kind, format, width,"
    " height, sha256, size_bytes, status, created_by, created_at) values ($1, $2, $3, $4, 'a.png',"
    " 'image', 'png', 640, 480, $1, 1, 'ready', $2, 0)",
    ""};
constexpr int kPerRoom = 20;

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Room {
  std::unique_ptr<LiveDocument> document;
  AnnotationId object;
};

struct Place {
  Place() { observe::set_level(observe::Level::warning); }
  template <class T>
  T run(Task<T> task) {
    return runtime::block_on(world.executors, std::move(task));
  }
  Author author() const { return {{organization, user, "", ""}, user, document::Source::manual}; }
  void prepare(int count);
  Room open(int number, ProjectId project, LabelId label);

  fixture::World world{db::Engine::sqlite};
  OrganizationId organization;
  UserId user;
  std::vector<Room> rooms;
  std::vector<double> milliseconds;
  std::mutex mutex;
};

Task<Appended> send(LiveLog& log, LiveDocument& document, Author author,
                    document::Operation operation) {
  Submission one{std::move(author), document.revision(), {}};
  one.operations.push_back(std::move(operation));
  std::vector<Submission> all;
  all.push_back(std::move(one));
  co_return co_await log.append(document, std::move(all));
}

Room Place::open(int number, ProjectId project, LabelId label) {
  const auto asset = world.ids.next_as<AssetId>();
  run(world.database->write(db::Scope::system(), kAsset,
                            db::args(asset, organization, project, number)));
  Room room;
  room.document = run(world.annotations.live_log().open(organization, asset));
  room.object = world.ids.next_as<AnnotationId>();
  auto put = fixture::put_operation(world.ids.next_as<OperationId>(),
                                    fixture::box_annotation(room.object, label, 10, 10));
  run(send(world.annotations.live_log(), *room.document, author(), std::move(put)));
  return room;
}

void Place::prepare(int count) {
  identity::Registration input{"a@example.org", "correct horse battery", "A", "O"};
  const auto login = run(world.identity.register_user(input, {})).login;
  organization = login.organization.id;
  user = login.user.id;
  const tenancy::Tenant tenant({user, organization, {}, tenancy::Role::owner}, "", "");
  projects::LabelInput label;
  label.name = "cat";
  projects::CreateProject wanted{"Bench", projects::ProjectType::detection, std::vector{label}};
  const auto project = run(world.projects.create(tenant, wanted));
  for (int i = 0; i < count; ++i) rooms.push_back(open(i, project.id, project.labels[0].id));
}

Task<> edit(Place& place, Room& room) {
  std::vector<double> took;
  for (int i = 0; i < kPerRoom; ++i) {
    document::SetField set{room.object, "shape", json::Value(), {}};
    set.value = json::Object{{"type", "box"}, {"x", i}, {"y", 7.5}, {"width", 9}, {"height", 9}};
    document::Operation operation{place.world.ids.next_as<OperationId>(), std::move(set)};
    const auto began = std::chrono::steady_clock::now();
    co_await send(place.world.annotations.live_log(), *room.document, place.author(),
                  std::move(operation));
    took.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
            .count());
  }
  const std::lock_guard lock(place.mutex);
  place.milliseconds.insert(place.milliseconds.end(), took.begin(), took.end());
}

void appends(benchmark::State& state) {
  Place place;
  const int count = static_cast<int>(state.range(0));
  place.prepare(count);
  const double cpu = cpu_seconds();
  for (auto _ : state) {
    std::vector<std::future<void>> running;
    for (auto& room : place.rooms) {
      running.push_back(boost::asio::co_spawn(boost::asio::make_strand(place.world.executors.io()),
                                              edit(place, room), boost::asio::use_future));
    }
    for (auto& one : running) one.get();
  }
  const auto total = state.iterations() * count * kPerRoom;
  state.SetItemsProcessed(total);
  state.counters["cpu_us"] = (cpu_seconds() - cpu) * 1e6 / static_cast<double>(total);
  auto& took = place.milliseconds;
  std::nth_element(took.begin(), took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2),
                   took.end());
  state.counters["median_ms"] = took[took.size() / 2];
}

BENCHMARK(appends)->Arg(1)->Arg(16)->Arg(1000)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace aa::annotation

BENCHMARK_MAIN();
