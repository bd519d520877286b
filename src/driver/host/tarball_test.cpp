#include "driver/host/tarball.hpp"

#include <fstream>
#include <random>
#include <zlib.h>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/host/tarball_samples.hpp"

namespace aa::host {
namespace {

class TarballTest : public testing::Test {
 protected:
  std::string read(const std::string& member, std::uint64_t max = 1 << 20) {
    std::string out;
    read_tarball_member(file_, member, max, [&](std::span<const std::byte> bytes) {
      out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    });
    return out;
  }
  std::string slug(const std::string& member, std::uint64_t max = 1 << 20) {
    try {
      read(member, max);
    } catch (const Error& error) {
      return error.slug();
    }
    return "";
  }
  std::string bytes() const { return read_file(file_, 1 << 24); }

  blob::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "package.tgz";
};

TEST_F(TarballTest, one_member_is_given_and_nothing_is_written) {
  const std::string large(300'000, 'w');
  const std::string long_name = "package/" + std::string(180, 'd') + "/weights.bin";
  write_tarball(
      file_, {{"package/package.json", "{}"}, {"package/model.bin", large}, {long_name, "deep"}});
  EXPECT_EQ(read("package/model.bin"), large);
  EXPECT_EQ(read(long_name), "deep");
  EXPECT_EQ(slug("package/model"), "no_such_member");
  EXPECT_EQ(slug("model.bin"), "no_such_member");
  EXPECT_EQ(slug(""), "no_such_member");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(TarballTest, several_members_are_read_in_one_pass) {
  write_tarball(file_, {{"package/a", "1"}, {"package/b", ""}, {"package/c", "333"}});
  std::string seen;
  const MemberSink sink = [&](const std::string& member, std::span<const std::byte> bytes) {
    seen += member.back() + std::to_string(bytes.size());
  };
  read_tarball_members(file_, {{"package/c", 3}, {"package/a", 1}, {"package/b", 0}}, sink);
  EXPECT_EQ(seen, "a0a1b0c0c3");
  EXPECT_THROW(read_tarball_members(file_, {{"package/c", 2}}, sink), Error);
  EXPECT_THROW(read_tarball_members(file_, {{"package/a", 1}, {"package/d", 1}}, sink), Error);
}

TEST_F(TarballTest, a_member_larger_than_expected_is_refused_while_it_is_read) {
  write_tarball(file_, {{"package/a", "12345"}});
  EXPECT_EQ(slug("package/a", 4), "tarball_too_large");
  EXPECT_EQ(read("package/a", 5), "12345");
}

TEST_F(TarballTest, links_and_folders_are_no_files) {
  write_tarball(file_, {{"package/link", "", AE_IFLNK, "/etc/passwd"},
                        {"package/hard", "", AE_IFREG, "", "/etc/passwd"},
                        {"package/folder", "", AE_IFDIR},
                        {"package/pipe", "", AE_IFIFO},
                        {"../outside", "x"}});
  for (const char* name : {"package/link", "package/hard", "package/folder", "package/pipe"}) {
    EXPECT_EQ(slug(name), "no_such_member") << name;
  }
}

TEST_F(TarballTest, a_cut_tarball_is_told_apart_from_one_without_the_file) {
  std::mt19937 random(1);
  std::string noise(200'000, ' ');
  for (auto& c : noise) c = static_cast<char>(random());
  write_tarball(file_, {{"package/first", "1"}, {"package/noise", noise}});
  const auto whole = bytes();
  for (const double part : {0.05, 0.3, 0.9}) {
    write_file(file_, whole.substr(0, static_cast<std::size_t>(part * double(whole.size()))));
    EXPECT_EQ(slug("package/noise"), "malformed_tarball") << part;
  }
  write_file(file_, "this is no tarball");
  EXPECT_EQ(slug("package/noise"), "malformed_tarball");
  write_file(file_, "");
  EXPECT_NE(slug("package/noise"), "");
}

TEST_F(TarballTest, changed_bytes_never_do_more_than_fail) {
  write_tarball(file_, {{"package/first", "1"}, {"package/noise", std::string(5'000, 'n')}});
  const auto whole = bytes();
  std::mt19937 random(2);
  for (int round = 0; round < 300; ++round) {
    auto damaged = whole;
    for (int k = 0; k < 3; ++k) damaged[random() % damaged.size()] = static_cast<char>(random());
    write_file(file_, damaged);
    slug("package/noise");  // any Error, or the bytes; nothing else may leave
  }
}

// A header that says 6 GiB, of which gzip needs a few MiB: unpacking ends at the limit.
TEST_F(TarballTest, a_member_that_unpacks_without_end_is_given_up) {
  std::string header(512, '\0');
  header.replace(0, 9, "package/z");
  header.replace(100, 8, "0000644\0", 8);
  header.replace(124, 12, "60000000000\0", 12);
  header.replace(148, 8, "        ");
  header[156] = '0';
  header.replace(257, 8, "ustar\00000", 8);
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  char text[9];
  std::snprintf(text, sizeof text, "%06o", sum);
  header.replace(148, 8, std::string(text, 6) + std::string("\0 ", 2));
  gzFile out = gzopen(file_.c_str(), "wb1");
  gzwrite(out, header.data(), 512);
  const std::string zeros(1 << 20, '\0');
  for (int i = 0; i < 64; ++i) gzwrite(out, zeros.data(), 1 << 20);
  gzclose(out);
  EXPECT_EQ(slug("package/z", 1 << 20), "tarball_too_large");
  EXPECT_EQ(slug("package/other"), "malformed_tarball") << "it is cut, too";
}

}  // namespace
}  // namespace aa::host
