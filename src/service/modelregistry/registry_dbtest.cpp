#include <gmock/gmock.h>

#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/http/server.hpp"
#include "service/modelregistry/registry.hpp"
#include "service/modelregistry/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::modelregistry {
namespace {

using modelzoo::Card;
using modelzoo::ModelKind;
using modelzoo::ModelState;

const bool kCensus = fixture::require_statements(sql::kAll);

// A server that speaks the contract and always sees one dog in the left half.
class Backend {
 public:
  Backend()
      : ids_(clock_),
        server_({.host = "127.0.0.1"}, executors_, clock_, ids_, metrics_,
                [this](std::shared_ptr<http::Request> request) { return answer(request); }) {
    server_.start();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  std::atomic<bool> broken = false;

 private:
  http::Task<http::Response> answer(std::shared_ptr<http::Request> request) {
    if (broken) co_return http::Response::empty(500);
    const std::string body = co_await request->read_body(64ULL << 20);
    if (request->path == "/predict") {
      const bool image = body.find("data:image/jpeg;base64,") != std::string::npos;
      co_return http::Response::text(image ? 200 : 400, "application/json", R"({"results": [{
        "model_version": "v2", "score": 0.5, "result": [{"type": "rectanglelabels", "score": 0.9,
        "value": {"x": 0, "y": 0, "width": 50, "height": 100, "rectanglelabels": ["dog"]}}]}]})");
    }
    co_return http::Response::text(200, "application/json", R"({"model_version": "v1"})");
  }

  SystemClock clock_;
  runtime::Executors executors_{{.io_threads = 1, .compute_threads = 1, .blocking_threads = 1}};
  IdSource ids_;
  observe::Metrics metrics_;
  http::Server server_;
};

class RegistryTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    host::write_file(shipped_.path() / "zoo.json", R"({"id": "zoo", "name": "A zoo's",
      "task": "detection", "family": "yolox", "licence": "MIT", "files": [{"file": "m.onnx",
      "source": {"local": "zoo.onnx"}, "sha256":
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "size": 4}],
      "graphs": {"detector": "m.onnx"}})");
    host::write_file(local_.path() / "zoo.onnx", "test");
    catalogue_.emplace(shipped_.path(), own_.path());
    modelzoo::PullSettings pull;
    pull.local = local_.path();
    http::OutboundSettings outbound;
    outbound.allow = {"127.0.0.1"};
    registry_.emplace(
        RegistryParts{*world_->database, world_->blobs, world_->trail, world_->queue, *catalogue_,
                      world_->clock, world_->ids, world_->executors},
        RegistrySettings{[this](const auto&, const auto&) { return probed(); }, pull, outbound});
    world_->queue.add_kind(registry_->import_kind());
    world_->queue.add_kind(registry_->install_kind());
    tenant_.emplace(register_person("ada"));
  }
  void TearDown() override {
    if (world_) world_->queue.stop(std::chrono::seconds(10));
    registry_.reset();
    ServiceTest::TearDown();
  }
  // These tests are about rows; the probe itself has tests of its own.
  modelzoo::ProbeReport probed() { throw invalid("unknown_family", "The model is of no family."); }
  JobId import(const std::string& filename, std::string_view bytes) {
    auto file = run(registry_->begin_file(*tenant_, "file", filename));
    run(registry_->write_file(file, std::as_bytes(std::span(bytes))));
    std::vector<ArrivingFile> files;
    files.push_back(std::move(file));
    return run(registry_->start_import(*tenant_, std::move(files), {}));
  }
  std::vector<std::string> listed(const tenancy::Tenant& tenant, ModelFilter filter = {}) {
    std::vector<std::string> out;
    for (const auto& card : run(registry_->list(tenant, std::move(filter)))) out.push_back(card.id);
    return out;
  }

  blob::TemporaryFolder shipped_;
  blob::TemporaryFolder own_;
  blob::TemporaryFolder local_;
  std::optional<modelzoo::Catalogue> catalogue_;
  std::optional<Registry> registry_;
  std::optional<tenancy::Tenant> tenant_;
};
AA_ON_BOTH_ENGINES(RegistryTest);

TEST_P(RegistryTest, a_remote_model_is_its_organisations_alone) {
  Backend backend;
  NewRemote wanted{"Our YOLO server", backend.url() + "/", {}, {}, {{"cat", "dog"}}};
  const auto card = run(registry_->add_remote(*tenant_, wanted));
  EXPECT_EQ(card.id, "our-yolo-server");
  EXPECT_EQ(card.kind, ModelKind::remote);
  EXPECT_EQ(card.state, ModelState::ready);
  EXPECT_EQ(card.version, "v1");
  EXPECT_EQ(slug_of(registry_->add_remote(*tenant_, wanted)), "model_exists");
  EXPECT_THAT(listed(*tenant_), testing::ElementsAre("zoo", "our-yolo-server"));
  const auto other = register_person("bob");
  EXPECT_THAT(listed(other), testing::ElementsAre("zoo"));
  EXPECT_EQ(slug_of(registry_->get(other, card.id)), "not_found");
  EXPECT_EQ(slug_of(registry_->remove(other, card.id)), "not_found");
  const modelzoo::RemoteKey key{tenant_->organization(), card.id};
  const auto image = std::make_shared<const raster::Image>(64, 48, 3);
  const auto said = run(registry_->look(key, image));
  EXPECT_EQ(said.version, "v2");
  ASSERT_EQ(said.reading.findings.size(), 1U);
  EXPECT_EQ(said.reading.findings[0].class_index, 1);
  const document::Shape box = document::Box{0, 0, 32, 48, std::nullopt};
  EXPECT_EQ(said.reading.findings[0].shape, box);
  EXPECT_EQ(slug_of(registry_->look({other.organization(), card.id}, image)), "not_found");
  run(registry_->remove(*tenant_, card.id));
  EXPECT_FALSE(run(registry_->knows(key)));
}

TEST_P(RegistryTest, a_remote_models_card_follows_its_health) {
  Backend backend;
  backend.broken = true;
  EXPECT_EQ(slug_of(registry_->add_remote(*tenant_, {"far", backend.url(), {}, {}, {}})),
            "remote_failed");
  EXPECT_THAT(listed(*tenant_), testing::ElementsAre("zoo")) << "nothing is kept";
  backend.broken = false;
  run(registry_->add_remote(*tenant_, {"far", backend.url(), {}, {}, {}}));
  backend.broken = true;
  EXPECT_EQ(run(registry_->get(*tenant_, "far")).state, ModelState::ready) << "seen just now";
  world_->clock.advance(std::chrono::minutes(1));
  const auto card = run(registry_->get(*tenant_, "far"));
  EXPECT_EQ(card.state, ModelState::failed);
  EXPECT_THAT(card.problem.value_or(""), testing::HasSubstr("500"));
  ModelFilter filter;
  filter.state = "failed";
  EXPECT_THAT(listed(*tenant_, filter), testing::ElementsAre("far"));
}

TEST_P(RegistryTest, an_address_inside_is_refused_and_so_is_what_is_no_url) {
  for (const char* url : {"http://10.0.0.1/", "http://169.254.169.254", "http://[::1]:9"}) {
    EXPECT_EQ(slug_of(registry_->add_remote(*tenant_, {"x", url, {}, {}, {}})), "outbound_refused")
        << url;
  }
  for (const char* url : {"ftp://a.test", "http://", "http://a:b@c.test", "http://a.test/?x=1"}) {
    EXPECT_EQ(slug_of(registry_->add_remote(*tenant_, {"x", url, {}, {}, {}})), "bad_url") << url;
  }
  EXPECT_EQ(slug_of(registry_->add_remote(*tenant_, {"x", "http://a.test", {}, "dance", {}})),
            "bad_task");
}

TEST_P(RegistryTest, a_model_of_the_zoo_is_brought_by_a_job_that_counts_bytes) {
  const auto id = run(registry_->start_install(*tenant_, "zoo"));
  EXPECT_EQ(run(registry_->get(*tenant_, "zoo")).state, ModelState::installing);
  world_->queue.start();
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, jobs::State::succeeded) << (job.error ? job.error->detail : "");
  EXPECT_EQ(job.progress.unit, "bytes");
  EXPECT_EQ(run(registry_->get(*tenant_, "zoo")).state, ModelState::ready);
  EXPECT_EQ(slug_of(registry_->remove(*tenant_, "zoo")), "not_removable");
  EXPECT_EQ(slug_of(registry_->start_install(*tenant_, "none")), "not_found");
  EXPECT_EQ(slug_of(registry_->start_install(with_role(*tenant_, tenancy::Role::manager), "zoo")),
            "permission_denied");
}

TEST_P(RegistryTest, an_install_that_fails_says_why_on_the_card) {
  host::write_file(local_.path() / "zoo.onnx", "TEST");
  const auto id = run(registry_->start_install(*tenant_, "zoo"));
  world_->queue.start();
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, jobs::State::failed);
  EXPECT_EQ(job.error->code, "wrong_checksum");
  const auto card = run(registry_->get(*tenant_, "zoo"));
  EXPECT_EQ(card.state, ModelState::failed);
  EXPECT_THAT(card.problem.value_or(""), testing::HasSubstr("SHA-256"));
}

TEST_P(RegistryTest, an_upload_that_is_no_model_fails_and_leaves_nothing) {
  EXPECT_EQ(
      slug_of(registry_->begin_file(with_role(*tenant_, tenancy::Role::manager), "file", "m.onnx")),
      "permission_denied");
  const auto id = import("best.onnx", "no model at all");
  blob::Sweep sweep(world_->blobs, world_->clock, world_->executors);
  sweep.add(registry_->upload_folder());
  world_->clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(run(sweep.run(Timestamp{0}, world_->clock.now())), 0U) << "its job waits for it";
  world_->queue.start();
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, jobs::State::failed);
  EXPECT_EQ(job.error->code, "not_a_model");
  for (const auto& name : world_->blobs.present()) EXPECT_FALSE(name.starts_with("model-uploads/"));
  EXPECT_TRUE(std::filesystem::is_empty(own_.path()));
}

}  // namespace
}  // namespace aa::modelregistry
