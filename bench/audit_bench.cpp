// The audit trail: how long a million entries take to verify, and what an entry adds to a change
// that is durable. Prints one JSON object per engine; PostgreSQL's only under script/with_postgres.
//
// usage: bench_audit [ENTRIES [CHANGES]]
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "core/observe/log.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa {
namespace {

using Clock = std::chrono::steady_clock;
using runtime::Task;

constexpr int kPerTransaction = 5'000;
constexpr db::Statement kMake{
    "bench.project",
    "insert into projects (id, organization_id, name, type, created_by, created_at, updated_at)"
    " values ($1, $2, 'p', 'detection', $3, 0, 0)",
    "insert into projects (id, organization_id, name, type, created_by, created_at, updated_at)"
    " values ($1, $2, 'p', 'detection', $3, 0, 0)"};
constexpr db::Statement kOrganization{
    "bench.organization", "insert into organizations (id, name, created_at) values ($1, 'o', 0)",
    "insert into organizations (id, name, created_at) values ($1, 'o', 0)"};
// As PATCH /projects/{id} does: it locks, writes and reads again.
constexpr db::Statement kLock{"bench.lock", "select name from projects where id = $1",
                              "select name from projects where id = $1 for update"};
constexpr db::Statement kChange{
    "bench.change", "update projects set name = $2, revision = revision + 1 where id = $1",
    "update projects set name = $2, revision = revision + 1 where id = $1"};

double milliseconds(Clock::duration took) {
  return std::chrono::duration<double, std::milli>(took).count();
}

struct Place {
  explicit Place(db::Engine engine) : world(engine) {
    organization = world.ids.next_as<OrganizationId>();
    user = world.ids.next_as<UserId>();
    project = world.ids.next_as<ProjectId>();
  }
  audit::Actor actor() const { return {organization, user, "192.0.2.7", "request-1", "bench"}; }
  audit::Entry entry() const { return {"project.update", "project", project.str()}; }

  fixture::World world;
  OrganizationId organization;
  UserId user;
  ProjectId project;
};

Task<> prepare(Place& place) {
  const auto scope = db::Scope::system();
  co_await place.world.database->write(scope, kOrganization, db::args(place.organization));
  co_await place.world.database->write(scope, kMake,
                                       db::args(place.project, place.organization, place.user));
}

Task<> fill(Place& place, int entries) {
  for (int done = 0; done < entries; done += kPerTransaction) {
    auto transaction = co_await place.world.database->begin(db::Scope::tenant(place.organization));
    for (int i = 0; i < std::min(kPerTransaction, entries - done); ++i) {
      co_await place.world.trail.append(*transaction, place.actor(), place.entry());
    }
    co_await transaction->commit();
  }
}

Task<double> change(Place& place, bool audited) {
  const auto began = Clock::now();
  auto transaction = co_await place.world.database->begin(db::Scope::tenant(place.organization));
  co_await transaction->exec(kLock, db::args(place.project));
  co_await transaction->exec(kChange, db::args(place.project, "another name"));
  if (audited) co_await place.world.trail.append(*transaction, place.actor(), place.entry());
  co_await transaction->commit();
  co_return milliseconds(Clock::now() - began);
}

double median(std::vector<double> list) {
  std::nth_element(list.begin(), list.begin() + list.size() / 2, list.end());
  return list[list.size() / 2];
}

void measure(db::Engine engine, int entries, int changes) {
  Place place(engine);
  auto& executors = place.world.executors;
  runtime::block_on(executors, prepare(place));
  std::vector<double> plain;
  std::vector<double> audited;
  for (int i = 0; i < changes; ++i) {  // in turns: the disk is not always as quick
    plain.push_back(runtime::block_on(executors, change(place, false)));
    audited.push_back(runtime::block_on(executors, change(place, true)));
  }
  const auto filling = Clock::now();
  runtime::block_on(executors, fill(place, entries));
  const double filled = milliseconds(Clock::now() - filling);
  const auto verifying = Clock::now();
  const auto verdict = runtime::block_on(executors, place.world.trail.verify(place.organization));
  const double verified = milliseconds(Clock::now() - verifying);
  std::printf(
      "{\"engine\":\"%s\",\"entries\":%lld,\"holds\":%s,\"verify_ms\":%.0f,\"append_us\":%.1f,"
      "\"plain_ms\":%.3f,\"audited_ms\":%.3f}\n",
      engine == db::Engine::sqlite ? "SQLite" : "PostgreSQL",
      static_cast<long long>(verdict.entries), verdict.first_bad ? "false" : "true", verified,
      filled * 1'000 / entries, median(plain), median(audited));
  std::fflush(stdout);
}

}  // namespace
}  // namespace aa

int main(int count, char** words) {
  aa::observe::set_level(aa::observe::Level::warning);
  const int entries = count > 1 ? std::atoi(words[1]) : 1'000'000;
  const int changes = count > 2 ? std::atoi(words[2]) : 400;
  aa::measure(aa::db::Engine::sqlite, entries, changes);
  if (aa::db::EmptyDatabase::server_url()) {
    aa::measure(aa::db::Engine::postgres, entries, changes);
  }
  return 0;
}
