#include "service/testing/service_fixture.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "driver/bus/memory_bus.hpp"
#include "driver/media/image_samples.hpp"

namespace aa::fixture {
namespace {

constexpr const char* kSource = AA_SOURCE_FOLDER;
constexpr std::size_t kEmbeddingBytes = 64ULL << 20;
constexpr std::chrono::seconds kStopGrace{20};
constexpr std::chrono::seconds kJobWait{120};

inference::EngineSettings engine_settings() {
  inference::EngineSettings out;
  const auto library =
      std::filesystem::path(kSource) / "third_party/onnxruntime/lib/libonnxruntime.so.1";
  if (std::filesystem::exists(library)) out.library = library;
  return out;
}

}  // namespace

std::filesystem::path models_folder() { return std::filesystem::path(kSource) / "models"; }

World::World(db::Engine which)
    : place(which),
      database(db::open(place.settings(), executors, metrics)),
      key_ring(blob::open_key_ring({key_folder.path(), {}})),
      sealer(key_ring),
      engine(engine_settings(), executors, metrics),
      catalogue(models_folder()),
      embeddings(executors, kEmbeddingBytes, {}),
      vision(catalogue, engine, embeddings, executors, clock),
      analyzer(catalogue, engine, vision, executors, clock),
      trail(*database, clock),
      idempotency(*database, clock),
      queue(*database, clock, ids, executors, metrics,
            {.workers = 2, .poll = std::chrono::milliseconds(5)}),
      mailer(*database, queue, sealer, post, executors),
      signing_keys(*database, key_ring->master(), clock, std::chrono::hours(24 * 30)),
      identity(*database, trail, clock, ids, executors, signing_keys, {mailer, public_url, places},
               {}),
      access(*database, trail, identity, clock, ids, executors),
      metering(*database, trail, clock),
      projects(*database, trail, clock, ids),
      assets(*database, blobs, budget, trail, projects, metering, clock, ids, executors),
      uploads(*database, blobs, projects, assets, clock, ids, executors),
      annotations(*database, trail, projects, assets, clock, ids),
      history(*database, trail, queue, projects, assets, annotations, ids),
      comments(*database, trail, identity, projects, assets, annotations, clock, ids),
      bus(bus::make_memory_bus(executors.io())),
      collab({*database, identity, projects, assets, annotations.live_log(), comments, *bus, clock,
              ids, executors.io(), metrics},
             {}),
      models(catalogue, vision, analyzer, executors),
      search(*database, trail, queue, projects, assets, annotations, models, metering, clock,
             executors),
      benchmarks(*database, trail, queue, {catalogue, engine, vision, analyzer, executors, clock}),
      prelabel(*database, trail, queue, projects, assets, annotations, models, metering, clock, ids,
               executors),
      ranking(projects, assets, annotations, search, prelabel, executors),
      transfer(*database, blobs, trail, queue, projects, assets, annotations, clock, ids,
               executors),
      demo(*database, projects, assets, annotations, clock, ids, executors,
           std::filesystem::path(kSource) / "demo") {
  queue.add_kind(mailer.job_kind());
  vision.set_encode_meter([this](OrganizationId organization, double milliseconds) {
    metering.note_model_time(organization, milliseconds);
  });
  projects.set_listener(&assets);
}

World::~World() {
  identity.settle();
  queue.stop(kStopGrace);
}

std::string png_file(int width, int height, int shade) {
  auto image = media::drawing(width, height);
  image.row(0)[0] = static_cast<std::uint8_t>(shade);
  return media::encode_png(image.view());
}

std::string turned_jpeg_file(int width, int height, int orientation) {
  const auto jpeg = media::encode_jpeg(media::drawing(width, height).view());
  const auto exif = std::string("Exif\0\0", 6) + media::exif_block(orientation, true);
  return jpeg.substr(0, 2) + "\xff\xe1" + media::big(exif.size() + 2, 2) + exif + jpeg.substr(2);
}

namespace {

std::optional<std::filesystem::path> test_data() {
  const char* data = std::getenv("ANNOTATEAI_TEST_DATA");
  if (data == nullptr) return std::nullopt;
  return data;
}

}  // namespace

bool have_photos() {
  return test_data() && std::filesystem::exists(*test_data() / "photos/dog.jpg");
}

raster::Image photo(const std::string& name) {
  const auto bytes = read_whole_file(*test_data() / name);
  return media::decode(std::as_bytes(std::span(bytes)));
}

raster::Image shrunk(const raster::ImageView& image, int width, int height) {
  return media::resize(image, static_cast<std::uint32_t>(width),
                       static_cast<std::uint32_t>(height));
}

std::string jpeg_file(const raster::ImageView& image, int quality) {
  return media::encode_jpeg(image, quality);
}

std::string read_whole_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

document::Annotation box_annotation(AnnotationId id, LabelId label, double x, double y,
                                    double width, double height) {
  document::Annotation out;
  out.id = id;
  out.label_id = label;
  out.shape = document::Box{x, y, width, height, std::nullopt};
  return out;
}

document::Operation put_operation(OperationId id, document::Annotation annotation) {
  return {id, document::Put{std::move(annotation)}};
}

void ServiceTest::SetUp() {
  if (GetParam() == db::Engine::postgres && !db::EmptyDatabase::server_url()) {
    GTEST_SKIP() << "ANNOTATEAI_TEST_POSTGRES is not set: run under script/with_postgres";
  }
  world_ = std::make_unique<World>(GetParam());
}

void ServiceTest::TearDown() {
  if (!world_) return;
  world_->queue.stop(kStopGrace);
  count_statements(GetParam(), world_->database->executed());
  world_.reset();
}

db::Rows ServiceTest::bare(const std::string& sql, db::Args args) {
  const db::Statement statement{"test.bare", sql, sql};
  return run(world_->database->write(db::Scope::system(), statement, std::move(args)));
}

tenancy::Tenant ServiceTest::tenant_of(const identity::Login& login, SessionId session) {
  const tenancy::Principal principal{login.user.id, login.organization.id, session,
                                     login.organization.role};
  return {principal, "192.0.2.7", "request-1"};
}

tenancy::Tenant ServiceTest::with_role(const tenancy::Tenant& tenant, tenancy::Role role) {
  const auto& who = tenant.principal();
  const tenancy::Principal principal{who.user, who.organization, who.session, role};
  return {principal, "192.0.2.7", "request-1"};
}

identity::LoginResult ServiceTest::register_login(const std::string& name) {
  identity::Registration input{name + "@example.org", "correct horse battery", name,
                               "Studio of " + name};
  identity::Origin origin{"192.0.2.7", "tests", "request-1"};
  return run(world_->identity.register_user(std::move(input), std::move(origin)));
}

tenancy::Tenant ServiceTest::register_person(const std::string& name) {
  const auto result = register_login(name);
  const auto principal = run(world_->identity.authenticate_bearer(result.login.access_token));
  return tenant_of(result.login, principal.session);
}

projects::Project ServiceTest::make_project(const tenancy::Tenant& tenant,
                                            const std::vector<std::string>& labels,
                                            projects::ProjectType type, const std::string& name) {
  projects::CreateProject input{name, type, std::vector<projects::LabelInput>{}};
  for (const auto& label : labels) {
    projects::LabelInput one;
    one.name = label;
    input.labels->push_back(std::move(one));
  }
  return run(world_->projects.create(tenant, std::move(input)));
}

namespace {

Task<assets::UploadResult> upload_all(assets::Assets& assets, tenancy::Tenant tenant,
                                      ProjectId project,
                                      std::vector<std::pair<std::string, std::string>> files) {
  auto upload = co_await assets.upload(std::move(tenant), project);
  for (const auto& [filename, bytes] : files) {
    co_await upload.begin(filename);
    const auto all = std::as_bytes(std::span(bytes));
    const std::size_t half = all.size() / 2;
    co_await upload.write(all.first(half));
    co_await upload.write(all.subspan(half));
    co_await upload.end();
  }
  co_return co_await upload.finish();
}

}  // namespace

assets::UploadResult ServiceTest::upload(const tenancy::Tenant& tenant, ProjectId project,
                                         std::vector<std::pair<std::string, std::string>> files) {
  return run(upload_all(world_->assets, tenant, project, std::move(files)));
}

assets::Asset ServiceTest::upload_one(const tenancy::Tenant& tenant, ProjectId project,
                                      const std::string& filename, std::string bytes) {
  auto result = upload(tenant, project, {{filename, std::move(bytes)}});
  if (result.items.size() != 1) {
    throw std::runtime_error(result.rejected.empty() ? "no asset" : result.rejected[0].detail);
  }
  return std::move(result.items[0]);
}

assets::Asset ServiceTest::upload_png(const tenancy::Tenant& tenant, ProjectId project,
                                      const std::string& filename, int width, int height) {
  return upload_one(tenant, project, filename, png_file(width, height));
}

document::Operation ServiceTest::box_operation(LabelId label, double x, double y) {
  return put_operation(fresh<OperationId>(), box_annotation(fresh<AnnotationId>(), label, x, y));
}

annotation::Outcome ServiceTest::apply(const tenancy::Tenant& tenant, AssetId asset,
                                       std::int64_t base,
                                       std::vector<document::Operation> operations) {
  annotation::Batch batch{base, std::move(operations)};
  return run(world_->annotations.apply(tenant, asset, std::move(batch)));
}

std::vector<document::Annotation> ServiceTest::annotations_of(const tenancy::Tenant& tenant,
                                                              AssetId asset) {
  return run(world_->annotations.list_for(tenant.organization(), asset));
}

std::vector<mail::Letter> ServiceTest::letters(const std::string& to, const std::string& subject,
                                               std::size_t count) {
  if (!std::exchange(working_, true)) world_->queue.start();
  world_->identity.settle();
  const auto until = std::chrono::steady_clock::now() + kJobWait;
  while (true) {
    std::vector<mail::Letter> out;
    for (auto& letter : world_->post.letters()) {
      const bool about = letter.subject.find(subject) != std::string::npos;
      if (letter.to == to && about) out.push_back(std::move(letter));
    }
    if (out.size() >= count || std::chrono::steady_clock::now() > until) return out;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

std::string ServiceTest::token_in(const mail::Letter& letter) {
  constexpr std::string_view kMark = "#token=";
  const auto at = letter.text.find(kMark);
  if (at == std::string::npos) throw std::runtime_error("no link in: " + letter.text);
  const auto from = at + kMark.size();
  return letter.text.substr(from, letter.text.find('\n', from) - from);
}

jobs::Job ServiceTest::wait_for(const tenancy::Tenant& tenant, JobId id) {
  const auto until = std::chrono::steady_clock::now() + kJobWait;
  while (true) {
    auto job = run(world_->queue.get(tenant.scope(), id));
    if (jobs::is_final(job.state) || std::chrono::steady_clock::now() > until) return job;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace aa::fixture
