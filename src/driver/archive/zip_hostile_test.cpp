// Cases 115 to 117 of the security list: each zip is refused as a whole, in words that name the
// entry, before anything is unpacked.
#include <gmock/gmock.h>

#include <gtest/gtest.h>

#include "driver/archive/zip_reader.hpp"
#include "driver/archive/zip_samples.hpp"

namespace aa::archive {
namespace {

struct Refusal {
  std::string code;
  std::string detail;
};

Refusal refusal_of(const std::string& bytes, const ZipLimits& limits = {}) {
  try {
    const ZipReader zip(std::make_shared<TextSource>(bytes), limits);
    zip.verify();
  } catch (const Error& error) {
    return {error.slug(), error.message()};
  }
  return {};
}

const RawEntry kGood{.name = "good.png", .content = "fine"};

TEST(ZipHostile, case_115_names_that_leave_the_folder) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"../x", "../x"},
      {"a/../../x", "a/../../x"},
      {"..\\x", "..\\x"},
      {"/etc/passwd", "/etc/passwd"},
      {"\\\\host\\share", "\\\\host"},
      {"C:\\x", "C:"},
      {"c:x", "c:x"},
      {"a/..", "a/.."},
      {"a/../b", "a/../b"},
      {std::string("a\0.png", 6), "a?.png"},
      {"", ""},
      {".", "."},
      {"a\\..\\..\\x", "a"},
      {"./../x", "./../x"}};
  for (const auto& [name, shown] : cases) {
    const auto refused = refusal_of(raw_zip({kGood, {.name = name, .content = "x"}}));
    EXPECT_EQ(refused.code, "zip_entry_path") << shown;
    EXPECT_THAT(refused.detail, testing::HasSubstr("\"" + shown)) << shown;
  }
}

TEST(ZipHostile, case_115_links_devices_and_setuid_files) {
  for (const std::uint32_t mode :
       {0120777U, 0020666U, 0060666U, 0010644U, 0140755U, 0104755U, 0102755U}) {
    const auto refused =
        refusal_of(raw_zip({kGood, {.name = "odd", .content = "/etc/passwd", .mode = mode}}));
    EXPECT_EQ(refused.code, "zip_entry_type") << std::oct << mode;
    EXPECT_THAT(refused.detail, testing::HasSubstr("\"odd\""));
  }
  // PKWARE's Unix field with the name of a link's target behind its twelve bytes.
  std::string link("\x0d\x00\x16\x00", 4);
  link += std::string(12, '\0') + "good.png\0";
  link.resize(4 + 0x16);
  EXPECT_EQ(refusal_of(raw_zip({kGood, {.name = "hard", .content = "", .extra = link}})).code,
            "zip_entry_type");
}

TEST(ZipHostile, case_116_bombs) {
  const auto zeros = packed_zip({{"zeros.bmp", std::string(100U << 20, '\0')}});
  const auto refused = refusal_of(zeros);
  EXPECT_EQ(refused.code, "zip_bomb");
  EXPECT_THAT(refused.detail, testing::HasSubstr("zeros.bmp"));
  EXPECT_EQ(refusal_of(packed_zip({{"a", std::string(3'000, 'x')}}), {.entry_bytes = 2'000}).code,
            "zip_bomb");
  EXPECT_EQ(refusal_of(packed_zip({{"a", std::string(900, 'x')}, {"b", std::string(900, 'y')}}),
                       {.total_bytes = 1'500})
                .code,
            "zip_bomb");
  // Each alone is modest, together they swell.
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 20; ++i) many.emplace_back(std::to_string(i), std::string(50'000, 'z'));
  EXPECT_EQ(refusal_of(packed_zip(many), {.ratio_floor = 100'000}).code, "zip_bomb");
}

TEST(ZipHostile, case_116_a_million_entries) {
  std::string bytes = raw_zip({kGood}, {.zip64 = true, .zip64_entries = 1'000'000});
  EXPECT_EQ(refusal_of(bytes).code, "zip_too_many_entries");
  const std::vector<RawEntry> many(300, RawEntry{.name = "x"});
  EXPECT_EQ(refusal_of(raw_zip(many), {.entries = 100}).code, "zip_too_many_entries");
  EXPECT_EQ(refusal_of(raw_zip(many, {.entries = 5})).code, "zip_duplicate_entry");
}

TEST(ZipHostile, case_116_sizes_and_checksums_that_lie) {
  const auto packed = packed_zip({{"a.txt", noise(200)}});
  EXPECT_EQ(refusal_of(packed).code, "");
  auto wrong = kGood;
  wrong.crc = 1;
  EXPECT_EQ(refusal_of(raw_zip({wrong})).code, "zip_damaged");
  EXPECT_THAT(refusal_of(raw_zip({wrong})).detail, testing::HasSubstr("good.png"));
  for (const std::uint32_t size : {0U, 3U, 5U, 4'000U, 0xFFFF'FFFEU}) {
    auto lies = kGood;
    lies.size = size;
    EXPECT_NE(refusal_of(raw_zip({lies})).code, "") << size;
    lies.size = lies.packed_size = size;
    EXPECT_NE(refusal_of(raw_zip({lies})).code, "") << size;
  }
  // An inflated size that differs from what comes out, both ways.
  const auto at = packed.rfind("PK\x01\x02") + 24;
  for (const char change : {'\x01', '\x7f'}) {
    auto lies = packed;
    lies[at] = static_cast<char>(lies[at] ^ change);
    EXPECT_EQ(refusal_of(lies).code, "zip_damaged");
  }
  const ZipReader zip(std::make_shared<TextSource>(packed));
  const auto& entry = zip.entries()[0];
  for (auto i = entry.offset; i < entry.offset + entry.packed_size; ++i) {
    auto torn = packed;
    torn[i] = static_cast<char>(torn[i] ^ 0x55);
    EXPECT_EQ(refusal_of(torn).code, "zip_damaged") << i - entry.offset;
  }
}

TEST(ZipHostile, case_116_encrypted_and_unknown_methods) {
  auto secret = kGood;
  secret.flags = 1;
  EXPECT_EQ(refusal_of(raw_zip({secret})).code, "zip_encrypted");
  EXPECT_THAT(refusal_of(raw_zip({secret})).detail, testing::HasSubstr("good.png"));
  secret.flags = 0;
  secret.method = 99;
  EXPECT_EQ(refusal_of(raw_zip({secret})).code, "zip_encrypted");
  secret.method = 12;
  EXPECT_EQ(refusal_of(raw_zip({secret})).code, "zip_unsupported");
}

TEST(ZipHostile, case_116_two_of_one_name) {
  for (const auto* other : {"good.png", "./good.png", "good.png/"}) {
    auto twin = kGood;
    twin.name = other;
    if (twin.name.ends_with('/')) twin.content = "";
    const auto refused = refusal_of(raw_zip({kGood, twin}));
    EXPECT_EQ(refused.code, "zip_duplicate_entry") << other;
  }
}

TEST(ZipHostile, case_116_headers_that_differ_and_bytes_that_are_shared) {
  auto other = kGood;
  other.local_name = "evil.png";
  EXPECT_EQ(refusal_of(raw_zip({other})).code, "zip_damaged");
  other = kGood;
  other.local_size = 3;
  EXPECT_EQ(refusal_of(raw_zip({other})).code, "zip_damaged");
  auto twin = kGood;
  twin.name = "good.pn2";
  twin.local_offset = 0;
  EXPECT_EQ(refusal_of(raw_zip({kGood, twin})).code, "zip_damaged");
  twin.name = "good.png";
  EXPECT_EQ(refusal_of(raw_zip({kGood, twin})).code, "zip_duplicate_entry");
  other = kGood;
  other.local_offset = 0x7FFF'FFFF;
  EXPECT_EQ(refusal_of(raw_zip({other})).code, "zip_damaged");
}

TEST(ZipHostile, case_116_ends_that_lie) {
  const auto good = raw_zip({kGood});
  EXPECT_EQ(refusal_of(good).code, "");
  EXPECT_EQ(refusal_of(good + "trailing").code, "zip_damaged");
  EXPECT_EQ(refusal_of("stub" + good).code, "zip_damaged");
  EXPECT_EQ(refusal_of(raw_zip({kGood}, {.comment = "ab", .comment_bytes = 0xFFFF})).code,
            "zip_damaged");
  EXPECT_EQ(refusal_of(raw_zip({kGood}, {.comment = std::string(0xFFFF, 'c')})).code, "");
  EXPECT_EQ(refusal_of(raw_zip({kGood}, {.entries = 2})).code, "zip_damaged");
  EXPECT_EQ(refusal_of(raw_zip({kGood}, {.entries = 0})).code, "zip_damaged");
  EXPECT_EQ(refusal_of(raw_zip({kGood}, {.zip64 = true, .zip64_entries = 7})).code, "zip_damaged");
  for (const std::string bytes : {"", "PK", "PK\x03\x04", "PK\x05\x06"}) {
    EXPECT_EQ(refusal_of(bytes).code, "zip_damaged");
  }
}

TEST(ZipHostile, case_116_a_zip_inside_is_not_entered) {
  std::string nested = packed_zip({{"x.png", "deep"}});
  for (int i = 0; i < 5; ++i) nested = packed_zip({{"n.zip", nested}});
  EXPECT_EQ(refusal_of(nested).code, "") << "its entry is bytes like any other";
}

}  // namespace
}  // namespace aa::archive
