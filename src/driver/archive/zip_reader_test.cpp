#include "driver/archive/zip_reader.hpp"

#include <gtest/gtest.h>

#include "driver/archive/zip_fuzz.hpp"
#include "driver/archive/zip_name.hpp"
#include "driver/archive/zip_samples.hpp"
#include "driver/archive/zip_writer.hpp"

namespace aa::archive {
namespace {

ZipReader reader_of(std::string bytes) {
  return ZipReader(std::make_shared<TextSource>(std::move(bytes)));
}

std::vector<std::pair<std::string, std::string>> unpacked(const std::string& bytes) {
  const auto zip = reader_of(bytes);
  zip.verify();
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& entry : zip.entries()) {
    if (!entry.folder) out.emplace_back(entry.path, zip.read_all(entry, 1 << 28));
  }
  return out;
}

TEST(ZipReader, what_the_writer_wrote_comes_out_in_order) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"z.txt", "last name first"},
      {"empty", ""},
      {"images/Größe 日本.png", noise(300'000)},
      {"zeros", std::string(2'000'000, '\0')}};
  EXPECT_EQ(unpacked(packed_zip(files)), files);
}

TEST(ZipReader, stored_entries_and_sizes_that_follow_are_read) {
  std::string bytes;
  ZipWriter writer([&](std::span<const std::byte> piece) {
    bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  const auto content = noise(100'000) + "PK\x07\x08 is no mark in here";
  writer.add("a", content, Packing::stored);
  writer.add("b", "second", Packing::stored);
  writer.close();
  const auto files = unpacked(bytes);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].second, content);
  EXPECT_EQ(files[1].second, "second");
}

TEST(ZipReader, foreign_ways_of_writing_are_read) {
  const auto files = unpacked(raw_zip({{.name = "folder/", .mode = 0042775},
                                       {.name = "./folder//a.txt", .content = "A"},
                                       {.name = "win\\b.txt", .content = "B"},
                                       {.name = "\x81"
                                                "ber.txt",
                                        .content = "C"},
                                       {.name = "dos", .content = "D", .mode = 0}},
                                      {.comment = "made by hand", .zip64 = true}));
  ASSERT_EQ(files.size(), 4U);
  EXPECT_EQ(files[0].first, "folder/a.txt");
  EXPECT_EQ(files[1].first, "win/b.txt");
  EXPECT_EQ(files[2].first, "über.txt") << "code page 437";
  EXPECT_TRUE(unpacked(raw_zip({})).empty());
}

TEST(ZipReader, one_entry_is_found_and_read_apart) {
  const auto zip = reader_of(packed_zip({{"a", "first"}, {"b/c.json", "{}"}}));
  ASSERT_NE(zip.find("b/c.json"), nullptr);
  EXPECT_EQ(zip.read_all(*zip.find("b/c.json"), 10), "{}");
  EXPECT_EQ(zip.find("c.json"), nullptr);
  EXPECT_THROW(zip.read_all(*zip.find("a"), 4), Error);
}

TEST(ZipReader, a_source_that_fails_tells_its_own_error) {
  const auto bytes = packed_zip({{"a", noise(500'000)}, {"b", "text"}});
  TextSource whole(bytes);
  long reads = 0;
  for (long n = 1;; ++n) {
    reads = n;
    try {
      const ZipReader zip(std::make_shared<FailingSource>(whole, n));
      zip.verify();
      break;
    } catch (const Error& error) {
      EXPECT_EQ(error.slug(), "blob_damaged") << n;
    }
  }
  EXPECT_GT(reads, 8);
}

TEST(ZipWriter, an_unsafe_path_is_never_written) {
  for (const auto* path : {"../x", "/x", "a/../x", "a\\b", "c:x", "", "a//b", "./a"}) {
    ZipWriter zip([](std::span<const std::byte>) {});
    EXPECT_THROW(zip.add(path, "x", Packing::stored), Error) << path;
  }
}

TEST(ZipName, names_are_shown_without_what_a_terminal_obeys) {
  EXPECT_EQ(shown_name("a\r\n\x1b[2J\xff"), std::string("a???[2J\xEF\xBF\xBD"));
  EXPECT_LE(shown_name(std::string(5'000, 'x')).size(), 200U);
}

// Every byte of a small zip is turned, and every cut of it is tried.
TEST(ZipReader, mutated_zips_are_read_or_refused) {
  const auto zip = raw_zip({{.name = "a.txt", .content = "some text"},
                            {.name = "b/", .mode = 0040755},
                            {.name = "b/c.bin", .content = std::string(50, 'x')}});
  for (std::size_t i = 0; i < zip.size(); ++i) {
    for (const int bit : {0x01, 0x80, 0xFF}) {
      auto turned = zip;
      turned[i] = static_cast<char>(turned[i] ^ bit);
      fuzz_zip(turned);
    }
    fuzz_zip(std::string_view(zip).substr(0, i));
    fuzz_zip(std::string_view(zip).substr(i));
  }
}

}  // namespace
}  // namespace aa::archive
