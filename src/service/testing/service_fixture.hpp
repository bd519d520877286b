// Every service, wired as in the program over a database of either engine and blobs in memory, with
// a clock that stands still and ids from a seed; and a vocabulary for tests.
//
// Each test has a database of its own. PostgreSQL's cases are skipped unless
// ANNOTATEAI_TEST_POSTGRES is set (script/with_postgres). Workers run only when a test starts them.
// Thread rule: the test's own thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "driver/blob/file_store.hpp"
#include "driver/blob/sealer.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/db/database_fixture.hpp"
#include "driver/mail/mail_transport.hpp"
#include "driver/places/address_places.hpp"
#include "kernel/raster/image.hpp"
#include "service/annotation/annotations.hpp"
#include "service/annotation/history.hpp"
#include "service/assets/assets.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/collab/collab.hpp"
#include "service/comments/comments.hpp"
#include "service/demo/demo.hpp"
#include "service/identity/access.hpp"
#include "service/identity/identity.hpp"
#include "service/jobs/job_queue.hpp"
#include "service/mail/mailer.hpp"
#include "service/modelzoo/benchmark_job.hpp"
#include "service/modelzoo/model_zoo.hpp"
#include "service/prelabel/prelabel.hpp"
#include "service/projects/projects.hpp"
#include "service/ranking/ranking.hpp"
#include "service/search/search.hpp"
#include "service/tenancy/idempotency.hpp"
#include "service/testing/statement_census.hpp"
#include "service/testing/watched_store.hpp"
#include "service/transfer/transfer.hpp"
#include "service/uploads/uploads.hpp"

namespace aa::fixture {

using runtime::Task;

// Of the checked-out tree; weights may be absent.
std::filesystem::path models_folder();

// The parts of the program, in the order of app/wiring.hpp.
struct World {
  explicit World(db::Engine engine);
  ~World();

  ManualClock clock;
  IdSource ids{clock, 20'260'101};
  observe::Metrics metrics;
  db::EmptyDatabase place;
  runtime::Executors executors{{.io_threads = 2, .compute_threads = 2, .blocking_threads = 4}};
  std::unique_ptr<db::Database> database;
  WatchedStore blobs{clock, ids};
  blob::TemporaryFolder key_folder;
  std::shared_ptr<blob::KeyRing> key_ring;
  blob::Sealer sealer;
  mail::MemoryTransport post;  // what was sent
  media::DecodeBudget budget;
  inference::Engine engine;
  modelzoo::Catalogue catalogue;
  modelzoo::EmbeddingCache embeddings;
  modelzoo::Vision vision;
  modelzoo::Analyzer analyzer;
  audit::Trail trail;
  tenancy::Idempotency idempotency;
  jobs::Queue queue;
  config::PublicUrl public_url{"https://labels.example.org"};
  mail::Mailer mailer;
  places::Places places{{}};
  identity::SigningKeys signing_keys;
  identity::Identity identity;
  identity::Access access;
  metering::Metering metering;
  projects::Projects projects;
  assets::Assets assets;
  uploads::Uploads uploads;
  annotation::Annotations annotations;
  annotation::History history;
  comments::Comments comments;
  std::unique_ptr<bus::Bus> bus;
  collab::Collab collab;
  modelzoo::ModelZoo models;
  search::Search search;
  modelzoo::BenchmarkJobs benchmarks;
  prelabel::Prelabel prelabel;
  ranking::Ranking ranking;
  transfer::Transfer transfer;
  demo::Demo demo;
};

// Small images of one drawing; `shade` makes their bytes differ.
std::string png_file(int width, int height, int shade = 0);
// Stored width x height, to be turned by the EXIF orientation.
std::string turned_jpeg_file(int width, int height, int orientation);
// Real photos, by their path in the test data, and sizes of them.
bool have_photos();
raster::Image photo(const std::string& name);
raster::Image shrunk(const raster::ImageView& image, int width, int height);
std::string jpeg_file(const raster::ImageView& image, int quality = 90);
std::string read_whole_file(const std::filesystem::path& file);

document::Annotation box_annotation(AnnotationId id, LabelId label, double x, double y,
                                    double width = 10, double height = 8);
document::Operation put_operation(OperationId id, document::Annotation annotation);

class ServiceTest : public testing::TestWithParam<db::Engine> {
 protected:
  void SetUp() override;
  void TearDown() override;

  // Each task on a strand of its own, as a request is.
  template <class T>
  std::future<T> spawn(Task<T> task) {
    return boost::asio::co_spawn(boost::asio::make_strand(world_->executors.io()), std::move(task),
                                 boost::asio::use_future);
  }
  template <class T>
  T run(Task<T> task) {
    if constexpr (std::is_void_v<T> || std::is_default_constructible_v<T>) {
      return spawn(std::move(task)).get();
    } else {
      return std::move(*spawn(boxed(std::move(task))).get());
    }
  }
  // A future of Asio's holds only what can be made from nothing.
  template <class T>
  static Task<std::shared_ptr<T>> boxed(Task<T> task) {
    T value = co_await std::move(task);
    co_return std::make_shared<T>(std::move(value));
  }
  // The slug of the error that the task ends with; "" when it ends with none.
  template <class T>
  std::string slug_of(Task<T> task) {
    try {
      run(std::move(task));
    } catch (const Error& error) {
      last_error_ = error;
      return error.slug();
    }
    return "";
  }
  // Of the last error: pointer of its first detail.
  std::string pointer() const {
    return last_error_ && !last_error_->details().empty() ? last_error_->details()[0].pointer : "";
  }

  // A statement that no service has: tampering, or looking behind the scenes.
  db::Rows bare(const std::string& sql, db::Args args = {});

  static tenancy::Tenant tenant_of(const identity::Login& login, SessionId session = {});
  static tenancy::Tenant with_role(const tenancy::Tenant& tenant, tenancy::Role role);
  identity::LoginResult register_login(const std::string& name);
  tenancy::Tenant register_person(const std::string& name = "ada");  // owns an organisation
  projects::Project make_project(const tenancy::Tenant& tenant,
                                 const std::vector<std::string>& labels = {"cat", "dog"},
                                 projects::ProjectType type = projects::ProjectType::detection,
                                 const std::string& name = "Pets");
  assets::UploadResult upload(const tenancy::Tenant& tenant, ProjectId project,
                              std::vector<std::pair<std::string, std::string>> files);
  assets::Asset upload_one(const tenancy::Tenant& tenant, ProjectId project,
                           const std::string& filename, std::string bytes);
  assets::Asset upload_png(const tenancy::Tenant& tenant, ProjectId project,
                           const std::string& filename = "a.png", int width = 64, int height = 48);

  document::Operation box_operation(LabelId label, double x = 4, double y = 5);
  annotation::Outcome apply(const tenancy::Tenant& tenant, AssetId asset, std::int64_t base,
                            std::vector<document::Operation> operations);
  std::vector<document::Annotation> annotations_of(const tenancy::Tenant& tenant, AssetId asset);
  // The letters to an address whose subject holds the words, once there are so many. Starts the
  // workers. Nothing is waited for when none is wanted.
  std::vector<mail::Letter> letters(const std::string& to, const std::string& subject,
                                    std::size_t count = 1);
  // What stands behind "#token=" in a letter.
  static std::string token_in(const mail::Letter& letter);
  // Waits, in real time, until the job has ended; the workers must run.
  jobs::Job wait_for(const tenancy::Tenant& tenant, JobId job);

  template <class IdType>
  IdType fresh() {
    return world_->ids.next_as<IdType>();
  }

  std::unique_ptr<World> world_;
  bool working_ = false;
  std::optional<Error> last_error_;
};

#define AA_ON_BOTH_ENGINES(suite)                                                             \
  INSTANTIATE_TEST_SUITE_P(Engines, suite,                                                    \
                           testing::Values(aa::db::Engine::sqlite, aa::db::Engine::postgres), \
                           aa::db::engine_name)

}  // namespace aa::fixture
