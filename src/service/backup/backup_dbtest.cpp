#include <fstream>
#include <thread>

#include "driver/db/database_fixture.hpp"
#include "service/backup/backup.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::backup {
namespace {

namespace fs = std::filesystem;

class BackupTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    from_.files.data_dir = folder_.path() / "data";
    from_.database_url = world_->place.settings().url;
    store_ = blob::open_file_store(from_.files, world_->clock, world_->ids);
    elsewhere_ = std::make_unique<db::EmptyDatabase>(GetParam());
    to_.files.data_dir = folder_.path() / "elsewhere";
    to_.database_url = elsewhere_->settings().url;
  }
  Manifest take(bool with_master_key = true) {
    return backup::take(from_, backup(), world_->clock.now(), with_master_key);
  }
  fs::path backup() const { return folder_.path() / "backup"; }
  std::string slug(const auto& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.slug();
    }
    return "";
  }
  std::string slug_of_restore() {
    return slug([&] { restore(backup(), to_); });
  }
  std::unique_ptr<db::Database> open_restored() {
    db::Settings settings;
    settings.url = to_.database_url;
    return db::open(settings, world_->executors, world_->metrics);
  }
  void damage(const fs::path& file) {
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
    out.put('\x7F');
  }
  fs::path a_blob(const fs::path& data) {
    for (const auto& entry : fs::recursive_directory_iterator(data / "blobs")) {
      if (entry.path().filename().string().starts_with('@')) return entry.path();
    }
    return {};
  }

  blob::TemporaryFolder folder_;
  Installation from_;
  Installation to_;
  std::unique_ptr<blob::Store> store_;
  std::unique_ptr<db::EmptyDatabase> elsewhere_;
};

TEST_P(BackupTest, WhatIsRestoredIsWhatWasThere) {
  const auto owner = register_person();
  const auto project = make_project(owner);
  const blob::Key key{owner.organization(), "assets/a/original"};
  blob::put(*store_, key, "bytes");
  const auto manifest = take();
  EXPECT_TRUE(manifest.master_key);
  blob::put(*store_, key, "later");
  make_project(owner, {"cat"}, projects::ProjectType::detection, "Later");
  const auto restored = restore(backup(), to_);
  EXPECT_EQ(restored.files, manifest.files);
  const auto database = open_restored();
  audit::Trail trail(*database, world_->clock);
  const auto verdict = run(trail.verify(owner.organization()));
  EXPECT_FALSE(verdict.first_bad);
  EXPECT_EQ(verdict.entries, run(world_->trail.verify(owner.organization())).entries - 1);
  projects::Projects elsewhere(*database, trail, world_->clock, world_->ids);
  EXPECT_EQ(run(elsewhere.get(owner, project.id)).name, "Pets");
  auto store = blob::open_file_store(to_.files, world_->clock, world_->ids);
  EXPECT_EQ(blob::read_all(*store->open(key), 100), "bytes");
  EXPECT_FALSE(fs::exists(to_.files.data_dir / kRestoringMark));
}

TEST_P(BackupTest, ASnapshotIsOneStateThoughOthersWrite) {
  const auto owner = register_person();
  const auto before = run(world_->trail.verify(owner.organization())).entries;
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) make_project(owner, {"cat"}, projects::ProjectType::detection, "More");
  });
  while (bare("SELECT COUNT(*) AS n FROM projects").one().get<int>("n") < 3) {
  }
  take();
  stop = true;
  writer.join();
  restore(backup(), to_);
  const auto database = open_restored();
  audit::Trail trail(*database, world_->clock);
  const auto verdict = run(trail.verify(owner.organization()));
  EXPECT_FALSE(verdict.first_bad);
  const db::Statement count{"test.count", "SELECT COUNT(*) AS n FROM projects",
                            "SELECT COUNT(*) AS n FROM projects"};
  const auto projects =
      run(database->query(db::Scope::system(), count)).one().get<std::int64_t>("n");
  EXPECT_GE(projects, 3);
  EXPECT_EQ(verdict.entries, before + projects);
}

TEST_P(BackupTest, RefusesWhatIsNotEmptyNotWholeOrNotItsOwn) {
  const auto owner = register_person();
  blob::put(*store_, {owner.organization(), "assets/a/original"}, "bytes");
  EXPECT_EQ(slug([&] { restore(backup(), to_); }), "backup_damaged");
  take();
  EXPECT_EQ(slug([&] { take(); }), "backup_target_not_empty");
  EXPECT_EQ(
      slug([&] { backup::take(from_, from_.files.data_dir / "x", world_->clock.now(), true); }),
      "backup_inside_data");
  EXPECT_EQ(slug([&] {
              restore(backup(), {to_.files, from_.database_url});
            }),
            "database_not_empty");
  fs::create_directories(to_.files.data_dir);
  std::ofstream(to_.files.data_dir / "mine") << "mine";
  EXPECT_EQ(slug_of_restore(), "restore_target_not_empty");
  EXPECT_TRUE(fs::exists(to_.files.data_dir / "mine"));
  fs::remove(to_.files.data_dir / "mine");
  damage(a_blob(backup() / "data"));
  EXPECT_EQ(slug_of_restore(), "backup_damaged");
  EXPECT_TRUE(fs::exists(to_.files.data_dir / kRestoringMark));
  fs::remove_all(backup());
  take();
  restore(backup(), to_);  // begins anew where the other had ended
  EXPECT_FALSE(fs::exists(to_.files.data_dir / kRestoringMark));
  damage(backup() / "SHA256SUMS");
  EXPECT_EQ(slug([&] { restore(backup(), to_); }), "backup_damaged");
}

TEST_P(BackupTest, WithoutItsMasterKeyItOpensOnlyWithIt) {
  const auto owner = register_person();
  const blob::Key key{owner.organization(), "assets/a/original"};
  blob::put(*store_, key, "bytes");
  EXPECT_FALSE(take(false).master_key);
  EXPECT_FALSE(fs::exists(backup() / "data/master.key"));
  EXPECT_EQ(slug_of_restore(), "backup_lacks_master_key");
  to_.files.master_key_file = folder_.path() / "wrong.key";
  blob::KeyRing(blob::posix_file_system(), folder_.path() / "other", to_.files.master_key_file);
  EXPECT_EQ(slug_of_restore(), "master_key_wrong");
  to_.files.master_key_file = from_.files.data_dir / "master.key";
  restore(backup(), to_);
  auto store = blob::open_file_store(to_.files, world_->clock, world_->ids);
  EXPECT_EQ(blob::read_all(*store->open(key), 100), "bytes");
}

AA_ON_BOTH_ENGINES(BackupTest);

}  // namespace
}  // namespace aa::backup
