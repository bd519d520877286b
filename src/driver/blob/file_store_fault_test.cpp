// What the file store does when the disk fails, fills or the process dies.
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/blob/failing_file_system.hpp"
#include "driver/blob/file_store.hpp"
#include "driver/blob/temporary_folder.hpp"

namespace aa::blob {
namespace {

namespace fs = std::filesystem;

class FileStoreFaultTest : public testing::Test {
 protected:
  FileStoreSettings settings() const { return {folder_.path() / "data", {}}; }
  std::unique_ptr<Store> open() { return open_file_store(settings(), clock_, ids_); }
  std::unique_ptr<Store> open_on(FileSystem& files) {
    return open_file_store(settings(), open_key_ring(settings(), files), clock_, ids_, files);
  }
  static std::string read(Store& store, const Key& key) {
    return read_all(*store.open(key), 1 << 24);
  }

  // Does `work` with its n-th changing operation failing, for all n, each on a fresh data folder
  // that holds "old", and then checks with a sound store.
  void fail_each(int error_number, bool stay_broken, const auto& work, const auto& check) {
    for (long n = 1;; ++n) {
      ASSERT_LT(n, 1000);
      fs::remove_all(settings().data_dir);
      put(*open(), key_, "old");
      FailingFileSystem files(posix_file_system(), error_number, stay_broken);
      auto store = open_on(files);
      files.fail_at(n);
      std::optional<Error> failure;
      try {
        work(*store);
      } catch (const Error& error) {
        failure = error;
      }
      const bool reached = files.count() >= n;
      files.fail_at(0);
      const bool healthy = store->healthy();
      store.reset();
      const auto sound = open();
      check(*sound, failure, healthy);
      EXPECT_TRUE(fs::is_empty(settings().data_dir / "blobs/.new")) << n;
      if (testing::Test::HasFailure()) FAIL() << "operation " << n;
      if (!reached) return;
    }
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  IdSource ids_{clock_, 7};
  const Key key_{{}, "projects/1/doc"};
  const std::string new_bytes_ = std::string(150'000, 'n');
};

TEST_F(FileStoreFaultTest, AFailedOverwriteLeavesTheOldBytesWhicheverOperationFails) {
  for (const bool stay_broken : {false, true}) {
    fail_each(
        EIO, stay_broken, [&](Store& store) { put(store, key_, new_bytes_); },
        [&](Store& store, const std::optional<Error>& failure, bool healthy) {
          const auto now = read(store, key_);
          if (!failure) {
            EXPECT_EQ(now, new_bytes_);
          } else {
            // With a disk that stays broken even the withdrawal of the new name can fail.
            EXPECT_TRUE(now == "old" || (stay_broken && now == new_bytes_));
            EXPECT_EQ(failure->code(), ErrorCode::internal);
          }
          EXPECT_EQ(healthy, !failure || failure->slug() != "storage_not_durable");
        });
  }
}

TEST_F(FileStoreFaultTest, AFullDiskSaysSoAndReadsGoOn) {
  fail_each(
      ENOSPC, true,
      [&](Store& store) {
        try {
          put(store, key_, new_bytes_);
        } catch (const Error&) {
          const auto now = read(store, key_);
          EXPECT_TRUE(now == "old" || now == new_bytes_);
          throw;
        }
      },
      [&](Store&, const std::optional<Error>& failure, bool healthy) {
        if (failure) {
          EXPECT_EQ(failure->code(), ErrorCode::out_of_space);
        }
        EXPECT_TRUE(healthy);
      });
}

TEST_F(FileStoreFaultTest, ANewOrganisationsKeyIsDurableOrNotUsed) {
  const Key other{OrganizationId{Uuid{{1}}}, "first"};
  fail_each(
      EIO, false, [&](Store& store) { put(store, other, "bytes"); },
      [&](Store& store, const std::optional<Error>& failure, bool) {
        EXPECT_EQ(store.versions(other).size(), failure ? 0U : 1U);
        put(store, other, "again");
        EXPECT_EQ(read(store, other), "again");
      });
}

TEST_F(FileStoreFaultTest, AFailedRemoveOrDestroyCanBeRepeated) {
  fail_each(
      EIO, false, [&](Store& store) { store.remove(key_); },
      [&](Store& store, const std::optional<Error>&, bool) {
        store.remove(key_);
        EXPECT_TRUE(store.versions(key_).empty());
      });
  fail_each(
      EIO, true, [&](Store& store) { store.destroy_organization(key_.organization); },
      [&](Store& store, const std::optional<Error>&, bool) {
        store.destroy_organization(key_.organization);
        EXPECT_TRUE(store.versions(key_).empty());
      });
}

TEST_F(FileStoreFaultTest, AFailedFirstStartCanBeRepeated) {
  for (long n = 1, count = 1; n <= count; ++n) {
    fs::remove_all(settings().data_dir);
    FailingFileSystem files(posix_file_system(), EIO, true);
    files.fail_at(n);
    try {
      open_on(files);
    } catch (const Error&) {
    }
    count = files.count();
    const auto store = open();
    put(*store, key_, "x");
    EXPECT_EQ(read(*store, key_), "x") << n;
  }
}

// Writes 300,000 times 'b', then 'c', ...; tells each acknowledged one by its letter.
[[noreturn]] void write_letters(Store& store, const Key& key, int pipe) {
  for (char c = 'b';; c = c == 'z' ? 'b' : static_cast<char>(c + 1)) {
    put(store, key, std::string(300'000, c));
    if (::write(pipe, &c, 1) != 1) ::_exit(1);
  }
}

TEST_F(FileStoreFaultTest, KillingTheProcessLosesNoAcknowledgedBytesAndTearsNone) {
  for (int round = 0; round < 20; ++round) {
    {
      const auto store = open();
      store->remove(key_);
      put(*store, key_, std::string(300'000, 'a'));
    }
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) write_letters(*open(), key_, ends[1]);
    ASSERT_GT(child, 0);
    ::close(ends[1]);
    char acknowledged = 'a';
    for (int i = 0; i < 1 + round % 3; ++i) ASSERT_EQ(::read(ends[0], &acknowledged, 1), 1);
    std::this_thread::sleep_for(std::chrono::microseconds(171 * round));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    while (::read(ends[0], &acknowledged, 1) == 1) continue;
    ::close(ends[0]);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    const auto store = open();
    const auto now = read(*store, key_);
    EXPECT_TRUE(now.front() == acknowledged || now.front() == acknowledged + 1);
    ASSERT_TRUE(fs::is_empty(settings().data_dir / "blobs/.new"));
    for (const auto& version : store->versions(key_)) {
      const auto bytes = read_all(*store->open(key_, version.id), 1 << 20);
      ASSERT_EQ(bytes, std::string(300'000, bytes.front()));
    }
  }
}

TEST_F(FileStoreFaultTest, ARealFullFileSystem) {
  fs::create_directory(settings().data_dir);
  if (::mount("none", settings().data_dir.c_str(), "tmpfs", 0, "size=512k,mode=0700") != 0) {
    GTEST_SKIP() << "needs the right to mount a small tmpfs";
  }
  {
    const auto store = open();
    put(*store, key_, "old");
    std::optional<Error> failure;
    try {
      put(*store, key_, std::string(2'000'000, 'n'));
    } catch (const Error& error) {
      failure = error;
    }
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code(), ErrorCode::out_of_space);
    EXPECT_EQ(read(*store, key_), "old");
    put(*store, key_, "fits");
    EXPECT_EQ(read(*store, key_), "fits");
  }
  ::umount(settings().data_dir.c_str());
}

}  // namespace
}  // namespace aa::blob
