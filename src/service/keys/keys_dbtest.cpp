#include <thread>

#include "driver/blob/file_store.hpp"
#include "driver/blob/sealer.hpp"
#include "service/keys/keys.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::keys {
namespace {

class KeysTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    settings_.data_dir = world_->key_folder.path();
    ring_ = world_->key_ring;
    store_ = blob::open_file_store(settings_, ring_, world_->clock, world_->ids);
    signing_ = std::make_unique<identity::SigningKeys>(*world_->database, ring_->master(),
                                                       world_->clock, std::chrono::hours(720));
    keys_ = std::make_unique<Keys>(KeysParts{*world_->database, *store_, *ring_, *signing_,
                                             world_->trail, world_->queue, world_->executors});
  }

  void put(OrganizationId organization, const std::string& name, const std::string& bytes) {
    blob::put(*store_, {organization, name}, bytes);
  }
  std::string get(OrganizationId organization, const std::string& name) {
    return blob::read_all(*store_->open({organization, name}), 1 << 20);
  }

  blob::FileStoreSettings settings_;
  std::shared_ptr<blob::KeyRing> ring_;
  std::unique_ptr<blob::Store> store_;
  std::unique_ptr<identity::SigningKeys> signing_;
  std::unique_ptr<Keys> keys_;
};

TEST_P(KeysTest, AnOrganisationRotatesItsDataKeyAndMayReencrypt) {
  const auto owner = register_person();
  put(owner.organization(), "assets/a/original", "before");
  world_->queue.add_kind(keys_->reencrypt_kind());
  world_->queue.start();
  EXPECT_FALSE(run(keys_->rotate_data(owner, {false})).job_id);
  put(owner.organization(), "assets/b/original", "after");
  const auto rotated = run(keys_->rotate_data(owner, {true}));
  EXPECT_EQ(rotated.data_key_version, 3U);
  const auto job = wait_for(owner, *rotated.job_id);
  ASSERT_EQ(job.state, jobs::State::succeeded);
  EXPECT_EQ(job.result->at("renewed").as_int64(), 2);
  EXPECT_EQ(get(owner.organization(), "assets/a/original"), "before");
  EXPECT_EQ(get(owner.organization(), "assets/b/original"), "after");
  const auto state = run(keys_->state(owner));
  EXPECT_EQ(state.data_key_version, 3U);
  EXPECT_EQ(state.master_key_version, 1U);
  EXPECT_EQ(state.token_keys.size(), 1U);
  int rotations = 0;
  for (const auto& entry : run(world_->trail.list(owner.organization(), std::nullopt, 100))) {
    rotations += entry.action == "key.rotate" ? 1 : 0;
  }
  EXPECT_EQ(rotations, 2);
}

TEST_P(KeysTest, AMasterKeyRotatesWhileOthersRead) {
  const auto one = fresh<OrganizationId>();
  const auto two = fresh<OrganizationId>();
  put(one, "assets/a/original", "one");
  put(two, "assets/a/original", "two");
  run(signing_->current());
  // Another process, with its own rings and caches.
  auto other_ring = blob::open_key_ring(settings_);
  auto other = blob::open_file_store(settings_, other_ring, world_->clock, world_->ids);
  std::atomic<bool> stop = false;
  std::atomic<int> reads = 0;
  std::atomic<int> failures = 0;
  std::thread reader([&] {
    while (!stop) {
      for (const auto& [organization, text] : {std::pair{one, "one"}, std::pair{two, "two"}}) {
        try {
          other_ring->reread(organization);
          const auto found =
              blob::read_all(*other->open({organization, "assets/a/original"}), 1 << 20);
          failures += found == text ? 0 : 1;
        } catch (const Error&) {
          ++failures;
        }
        ++reads;
      }
    }
  });
  for (std::uint32_t version = 2; version < 12; ++version) {
    const auto done = run(keys_->rotate_master(false));
    EXPECT_EQ(done.version, version);
    EXPECT_EQ(done.rewrapped, 2);
    EXPECT_EQ(done.resealed, 1);
    EXPECT_FALSE(done.resumed);
    run(keys_->rotate_data_of(one));
  }
  run(keys_->retire_old_masters());
  const auto renewed = run(keys_->reencrypt(one));
  EXPECT_EQ(renewed.renewed, 1U);
  stop = true;
  reader.join();
  EXPECT_EQ(failures, 0);
  EXPECT_GT(reads, 0);
  auto after = blob::open_key_ring(settings_);
  EXPECT_EQ(after->all(one)->front().master, 11U);
  EXPECT_EQ(after->all(one)->size(), 11U);
}

TEST_P(KeysTest, AnInterruptedRotationIsEndedByTheNext) {
  const auto one = fresh<OrganizationId>();
  const auto two = fresh<OrganizationId>();
  put(one, "assets/a/original", "one");
  put(two, "assets/a/original", "two");
  run(signing_->current());
  ring_->master().add();  // and the process was killed after the first organisation
  ring_->rewrap(one);
  const auto done = run(keys_->rotate_master(false));
  EXPECT_TRUE(done.resumed);
  EXPECT_EQ(done.version, 2U);
  EXPECT_EQ(done.rewrapped, 1);
  EXPECT_EQ(done.resealed, 1);
  EXPECT_EQ(run(keys_->rotate_master(true)).version, 2U);
  EXPECT_EQ(run(keys_->rotate_master(false)).version, 3U);
  const auto lock = blob::open_key_ring(settings_)->lock_rotation();
  EXPECT_EQ(slug_of(keys_->rotate_master(false)), "rotation_running");
  EXPECT_EQ(slug_of(keys_->rotate_data_of(one)), "rotation_running");
}

AA_ON_BOTH_ENGINES(KeysTest);

}  // namespace
}  // namespace aa::keys
