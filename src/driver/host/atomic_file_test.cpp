#include "driver/host/atomic_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/blob/temporary_folder.hpp"

namespace aa::host {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder)) out.push_back(entry.path().filename());
  return out;
}

TEST(AtomicFile, appears_whole_and_replaces_what_was_there) {
  const blob::TemporaryFolder folder;
  const auto path = folder.path() / "deep" / "er" / "file.txt";
  write_file(path, "one");
  EXPECT_EQ(read_file(path, 100), "one");
  AtomicFile file(path);
  file.write(std::string_view("two, "));
  EXPECT_EQ(read_file(path, 100), "one") << "not before it is whole";
  file.write(std::string_view("longer"));
  file.commit();
  EXPECT_EQ(read_file(path, 100), "two, longer");
  EXPECT_EQ(names_in(path.parent_path()), (std::vector<std::string>{"file.txt"}));
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0600U, 0600U);
}

TEST(AtomicFile, what_is_not_committed_leaves_nothing) {
  const blob::TemporaryFolder folder;
  {
    AtomicFile file(folder.path() / "file");
    file.write(std::string_view("half"));
  }
  EXPECT_TRUE(names_in(folder.path()).empty());
}

TEST(AtomicFile, what_cannot_be_written_is_named_with_the_reason) {
  const blob::TemporaryFolder folder;
  write_file(folder.path() / "plain", "x");
  try {
    write_file(folder.path() / "plain" / "below", "x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "cannot_write");
    EXPECT_NE(error.message().find("plain/below"), std::string::npos);
    EXPECT_NE(error.message().find("Not a directory"), std::string::npos) << error.message();
  }
  EXPECT_THROW(write_file(folder.path(), "x"), Error);
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(write_file(folder.path() / "pipe", "x"), Error);
  EXPECT_TRUE(std::filesystem::is_fifo(folder.path() / "pipe")) << "it is still there";
}

TEST(ReadFile, is_bounded_and_takes_regular_files_only) {
  const blob::TemporaryFolder folder;
  write_file(folder.path() / "file", "12345");
  EXPECT_EQ(read_file(folder.path() / "file", 5), "12345");
  EXPECT_THROW(read_file(folder.path() / "file", 4), Error);
  EXPECT_THROW(read_file(folder.path(), 4), Error);
  EXPECT_THROW(read_file(folder.path() / "absent", 4), Error);
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(read_file(folder.path() / "pipe", 4), Error) << "and does not wait for a writer";
}

}  // namespace
}  // namespace aa::host
