#include "service/modelzoo/tokenizer_file.hpp"

#include <zlib.h>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"

namespace aa::modelzoo {
namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::string_view kSimple = "\"bpe_simple_vocab_16e6.txt#version: 0.2\nc a\nca t</w>\n";

std::string slug_of(const std::filesystem::path& folder) {
  try {
    read_tokenizer(folder);
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

TEST(TokenizerFile, ReadsTheSimpleListPlainAndPacked) {
  const blob::TemporaryFolder folder;
  EXPECT_EQ(slug_of(folder.path()), "bad_vocabulary") << "none is there";
  const auto packed = folder.path() / "bpe_simple_vocab_16e6.txt.gz";
  gzFile out = gzopen(packed.c_str(), "wb");
  gzwrite(out, kSimple.data(), static_cast<unsigned>(kSimple.size()));
  gzclose(out);
  EXPECT_EQ(read_tokenizer(folder.path()).size(), 516U);
  host::write_file(packed, "no gzip at all");
  EXPECT_EQ(slug_of(folder.path()), "bad_vocabulary");
  host::write_file(folder.path() / "bpe_simple_vocab_16e6.txt", kSimple);
  EXPECT_EQ(read_tokenizer(folder.path()).size(), 516U) << "the plain one stands before it";
}

TEST(TokenizerFile, OtherFormsStandBeforeTheList) {
  const blob::TemporaryFolder folder;
  host::write_file(folder.path() / "bpe_simple_vocab_16e6.txt", kSimple);
  host::write_file(folder.path() / "merges.txt", "#version: 0.2\nc a\n");
  host::write_file(folder.path() / "vocab.json", "[]");
  EXPECT_EQ(slug_of(folder.path()), "bad_vocabulary");
  host::write_file(folder.path() / "tokenizer.json", "{}");
  EXPECT_NE(slug_of(folder.path()), "");
}

}  // namespace
}  // namespace aa::modelzoo
