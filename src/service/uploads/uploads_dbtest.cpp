#include <gmock/gmock.h>

#include "service/testing/service_fixture.hpp"
#include "service/uploads/statements.hpp"
#include "service/uploads/uploads.hpp"

namespace aa::uploads {
namespace {

using fixture::png_file;

const bool kCensus = fixture::require_statements(sql::kAll);

// What a client sends, and how it ends.
Task<std::size_t> next_of(std::shared_ptr<std::string> left, bool breaks,
                          std::span<std::byte> room) {
  constexpr std::size_t kPiece = 1000;
  if (left->empty() && breaks) {
    throw Error(ErrorCode::cancelled, "request_ended", "The request is over.");
  }
  const auto count = std::min({room.size(), left->size(), kPiece});
  std::memcpy(room.data(), left->data(), count);
  left->erase(0, count);
  co_return count;
}

NextBytes bytes(std::string text, bool breaks = false) {
  auto left = std::make_shared<std::string>(std::move(text));
  return [left, breaks](std::span<std::byte> room) { return next_of(left, breaks, room); };
}

class UploadsTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_).id;
  }
  Uploads& service() { return world_->uploads; }
  UploadView begin(std::size_t size, const std::string& name = "a.png") {
    return run(service().create(*tenant_, {project_, name, static_cast<std::int64_t>(size)}));
  }
  UploadView receive(UploadId id, std::int64_t offset, NextBytes next) {
    return run(service().receive(*tenant_, id, offset, std::move(next)));
  }
  std::int64_t received(UploadId id) { return run(service().get(*tenant_, id)).received; }
  std::size_t assets() { return run(world_->assets.list(*tenant_, project_, -1, 100)).size(); }
  std::size_t parts() {
    return static_cast<std::size_t>(std::ranges::count_if(
        world_->blobs.present(),
        [](const std::string& name) { return name.starts_with("upload-parts/"); }));
  }

  std::optional<tenancy::Tenant> tenant_;
  ProjectId project_;
};
AA_ON_BOTH_ENGINES(UploadsTest);

TEST_P(UploadsTest, a_file_in_pieces_becomes_an_image) {
  const auto file = png_file(200, 100);
  const auto upload = begin(file.size(), "../../etc/passwd.png");
  EXPECT_EQ(receive(upload.id, 0, bytes(file.substr(0, 300))).received, 300);
  EXPECT_EQ(slug_of(service().receive(*tenant_, upload.id, 10, bytes("x"))), "offset_differs");
  const auto done = receive(upload.id, 300, bytes(file.substr(300)));
  EXPECT_EQ(done.state, UploadState::done);
  ASSERT_EQ(done.result->asset_ids.size(), 1U);
  const auto asset = run(world_->assets.get(*tenant_, done.result->asset_ids[0]));
  EXPECT_EQ(asset.sha256, to_hex(sha256(file)));
  EXPECT_EQ(asset.filename, "../../etc/passwd.png") << "a name is text, never a path";
  EXPECT_EQ(parts(), 0U);
}

TEST_P(UploadsTest, an_upload_tells_its_project_to_its_own_organization_only) {
  const auto upload = begin(10);
  EXPECT_EQ(run(service().project_for(tenant_->organization(), upload.id)), project_);
  const auto other = register_person("eve").organization();
  EXPECT_EQ(slug_of(service().project_for(other, upload.id)), "not_found");
}

TEST_P(UploadsTest, what_a_broken_request_brought_is_kept) {
  const auto file = png_file(200, 100);
  const auto upload = begin(file.size());
  EXPECT_EQ(slug_of(service().receive(*tenant_, upload.id, 0, bytes(file.substr(0, 400), true))),
            "request_ended");
  for (int i = 0; i < 500 && received(upload.id) == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(received(upload.id), 400);
  EXPECT_EQ(receive(upload.id, 400, bytes(file.substr(400))).result->stored, 1);
}

TEST_P(UploadsTest, bytes_with_a_checksum_count_only_when_they_have_it) {
  const auto file = png_file(200, 100);
  const auto upload = begin(file.size());
  const auto send = [&](std::int64_t offset, std::string text, const std::string& of,
                        bool breaks = false) {
    const auto digest = sha256(of);
    const Checksum checksum{"sha256", std::string(digest.begin(), digest.end())};
    return service().receive(*tenant_, upload.id, offset, bytes(std::move(text), breaks), checksum);
  };
  EXPECT_EQ(slug_of(send(0, file.substr(0, 2'500), "others")), "checksum_mismatch");
  EXPECT_EQ(slug_of(send(0, file.substr(0, 400), file.substr(0, 500), true)), "request_ended");
  EXPECT_EQ(slug_of(send(0, file + "more", file + "more")), "more_than_announced");
  EXPECT_EQ(received(upload.id), 0);
  EXPECT_EQ(parts(), 0U);
  EXPECT_EQ(run(send(0, file.substr(0, 400), file.substr(0, 400))).received, 400);
  EXPECT_EQ(slug_of(send(400, file.substr(400), file)), "checksum_mismatch");
  EXPECT_EQ(received(upload.id), 400);
  EXPECT_EQ(run(send(400, file.substr(400), file.substr(400))).result->stored, 1);
  EXPECT_EQ(parts(), 0U);
}

TEST_P(UploadsTest, checksums_are_computed_as_everybody_does) {
  const auto hex_of = [](const std::string& algorithm, std::string_view text) {
    RunningChecksum sum(algorithm);
    sum.update(std::as_bytes(std::span(text.data(), text.size())));
    const auto digest = sum.finish().digest;
    return to_hex({reinterpret_cast<const std::uint8_t*>(digest.data()), digest.size()});
  };
  EXPECT_EQ(hex_of("sha1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex_of("sha256", "abc"), to_hex(sha256("abc")));
  const auto upload = begin(5);
  for (const auto& wrong : {Checksum{"md5", std::string(16, 'x')}, Checksum{"sha1", "short"}}) {
    EXPECT_EQ(slug_of(service().receive(*tenant_, upload.id, 0, bytes("12345"), wrong)),
              "invalid_checksum");
  }
}

TEST_P(UploadsTest, what_is_no_image_is_refused_with_its_reason) {
  const auto upload = begin(5, "notes.txt");
  const auto done = receive(upload.id, 0, bytes("hello"));
  EXPECT_EQ(done.state, UploadState::done);
  EXPECT_EQ(done.result->stored, 0);
  ASSERT_EQ(done.result->rejected.size(), 1U);
  EXPECT_EQ(done.result->rejected[0].filename, "notes.txt");
  EXPECT_EQ(assets(), 0U);
}

TEST_P(UploadsTest, more_than_announced_is_refused) {
  const auto upload = begin(5);
  EXPECT_EQ(slug_of(service().receive(*tenant_, upload.id, 0, bytes("123456"))),
            "more_than_announced");
  EXPECT_EQ(slug_of(service().create(*tenant_, {project_, "big", 3LL << 30})), "file_too_large");
}

TEST_P(UploadsTest, storing_again_after_the_server_died_doubles_nothing) {
  const auto file = png_file(64, 48);
  const auto upload = begin(file.size());
  receive(upload.id, 0, bytes(file.substr(0, 10)));
  // As a server did that died before it wrote down that it was done.
  const auto again = [](assets::Assets& into, audit::Actor actor, ProjectId project, Uuid seed,
                        std::string content) -> Task<> {
    auto whole = co_await into.upload_for(actor, project, seed);
    co_await whole.begin("a.png");
    co_await whole.write(std::as_bytes(std::span(content.data(), content.size())));
    co_await whole.end();
    co_await whole.finish();
  };
  run(again(world_->assets, tenant_->actor(), project_, upload.id.uuid, file));
  ASSERT_EQ(assets(), 1U);
  const auto done = receive(upload.id, 10, bytes(file.substr(10)));
  EXPECT_EQ(done.result->stored, 1);
  EXPECT_EQ(assets(), 1U);
}

TEST_P(UploadsTest, a_new_server_takes_up_what_a_stopped_one_was_storing) {
  const auto file = png_file(64, 48);
  const auto upload = begin(file.size());
  receive(upload.id, 0, bytes(file.substr(0, 10)));
  bare("update uploads set state = 'storing', lease_until = 9223372036854775807");
  run(service().tidy());
  EXPECT_EQ(run(service().get(*tenant_, upload.id)).state, UploadState::storing) << "at work";
  run(service().take_over());
  const auto done = run(service().get(*tenant_, upload.id));
  EXPECT_EQ(done.state, UploadState::done);
  EXPECT_EQ(done.result->rejected.size(), 1U) << "what is there of it is no whole image";
}

TEST_P(UploadsTest, others_see_none_of_it_and_what_is_given_up_leaves_nothing) {
  const auto upload = begin(1000);
  receive(upload.id, 0, bytes(std::string(500, 'x')));
  EXPECT_EQ(parts(), 1U);
  const auto folder = service().part_folder();
  const auto names = world_->blobs.names(tenant_->organization(), "upload-parts");
  EXPECT_EQ(run(folder.in_use(tenant_->organization(), names)).size(), 1U);
  const auto eve = register_person("eve");
  EXPECT_EQ(slug_of(service().get(eve, upload.id)), "not_found");
  EXPECT_EQ(slug_of(service().receive(eve, upload.id, 500, bytes("x"))), "not_found");
  EXPECT_EQ(slug_of(service().remove(eve, upload.id)), "not_found");
  EXPECT_EQ(slug_of(service().create(eve, {project_, "a.png", 5})), "not_found");
  run(service().remove(*tenant_, upload.id));
  EXPECT_EQ(slug_of(service().get(*tenant_, upload.id)), "not_found");
  EXPECT_EQ(parts(), 0U);
}

TEST_P(UploadsTest, what_nothing_came_for_is_removed) {
  const auto upload = begin(1000);
  receive(upload.id, 0, bytes(std::string(500, 'x')));
  world_->clock.advance(kLife + std::chrono::minutes(1));
  EXPECT_EQ(slug_of(service().get(*tenant_, upload.id)), "not_found");
  run(service().tidy());
  EXPECT_EQ(parts(), 0U);
  EXPECT_EQ(bare("select count(*) as n from uploads").one().get<int>("n"), 0);
}

}  // namespace
}  // namespace aa::uploads
