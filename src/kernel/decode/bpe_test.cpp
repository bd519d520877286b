// A part of CLIP's own vocabulary: all bytes, and the merges (in their order, with their ids) that
// the sentences here need. Ids are those that OpenAI's tokenizer gives.
#include "kernel/decode/bpe.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/decode/letters.hpp"

namespace aa::decode {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::pair<std::string_view, int> kMerges[] = {
    {"o r", 523},         {"o n</w>", 525},       {"t o</w>", 531},     {"a t</w>", 536},
    {"o f</w>", 539},     {"e l", 544},           {"r a", 559},         {"d i", 570},
    {"a g", 602},         {"h o", 606},           {"d o", 639},         {"w or", 641},
    {"' t</w>", 713},     {"l d</w>", 730},       {"p ho", 816},        {"el l", 826},
    {"d on</w>", 847},    {"wor ld</w>", 1002},   {"pho to</w>", 1125}, {"do g</w>", 1929},
    {"ra m</w>", 2007},   {"c at</w>", 2368},     {"ag ram</w>", 2447}, {"ell o</w>", 2512},
    {"h ello</w>", 3306}, {"di agram</w>", 22697}};

std::string utf8(int point) {
  if (point < 0x80) return {static_cast<char>(point)};
  return {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 63))};
}

json::Object vocab() {
  std::vector<int> points;
  for (int byte = 0; byte < 256; ++byte) {
    const bool printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte != 173);
    if (printable) points.push_back(byte);
  }
  for (int i = 0; points.size() < 256; ++i) points.push_back(256 + i);
  json::Object out;
  for (std::size_t i = 0; i < 256; ++i) {
    out[utf8(points[i])] = static_cast<std::int64_t>(i);
    out[utf8(points[i]) + "</w>"] = static_cast<std::int64_t>(256 + i);
  }
  for (const auto& [pair, id] : kMerges) {
    std::string token(pair);
    token.erase(token.find(' '), 1);
    out[token] = id;
  }
  out["<|startoftext|>"] = 49406;
  out["<|endoftext|>"] = 49407;
  return out;
}

std::string merges() {
  std::string out = "#version: 0.2\n";
  for (const auto& [pair, id] : kMerges) out += std::string(pair) + "\n";
  return out;
}

BpeVocabulary vocabulary() {
  return BpeVocabulary::from_vocab_and_merges(json::to_text(vocab()), merges());
}

std::string tokenizer_json(bool pairs, std::string_view type = "BPE") {
  json::Array list;
  for (const auto& [pair, id] : kMerges) {
    const auto space = pair.find(' ');
    if (pairs) {
      list.push_back(json::Array{pair.substr(0, space), pair.substr(space + 1)});
    } else {
      list.emplace_back(pair);
    }
  }
  return json::to_text(json::Object{{"model", json::Object{{"type", type},
                                                           {"end_of_word_suffix", "</w>"},
                                                           {"vocab", vocab()},
                                                           {"merges", std::move(list)}}}});
}

TEST(Bpe, GivesTheIdsOfOpenAisTokenizer) {
  const auto bpe = vocabulary();
  EXPECT_EQ(bpe.encode("a photo of a cat"), (Ids{320, 1125, 539, 320, 2368}));
  EXPECT_EQ(bpe.encode("a diagram"), (Ids{320, 22697}));
  EXPECT_EQ(bpe.encode("a dog"), (Ids{320, 1929}));
  EXPECT_EQ(bpe.encode("Hello,  WORLD!"), (Ids{3306, 267, 1002, 256}));
  EXPECT_EQ(bpe.encode("a photo, don't\t12\n"), (Ids{320, 1125, 267, 847, 713, 272, 273}));
  EXPECT_EQ(bpe.encode(""), Ids{});
}

TEST(Bpe, ASequenceHasAStartAnEndAndZeros) {
  const auto bpe = vocabulary();
  auto row = bpe.sequence("a photo of a cat", 77);
  ASSERT_EQ(row.size(), 77U);
  EXPECT_EQ(Ids(row.begin(), row.begin() + 8), (Ids{49406, 320, 1125, 539, 320, 2368, 49407, 0}));
  row = bpe.sequence("a photo of a cat", 5);  // too long: cut, the end stays
  EXPECT_EQ(row, (Ids{49406, 320, 1125, 539, 49407}));
  EXPECT_THROW(bpe.sequence("a", 1), Error);
}

TEST(Bpe, AllFormsOfTheVocabularyAreOne) {
  const Ids cat = {320, 1125, 539, 320, 2368};
  EXPECT_EQ(BpeVocabulary::from_tokenizer_json(tokenizer_json(false)).encode("a photo of a cat"),
            cat);
  EXPECT_EQ(BpeVocabulary::from_tokenizer_json(tokenizer_json(true)).encode("a photo of a cat"),
            cat);
  // A list of merges alone numbers its tokens itself: 512 bytes first.
  const auto list =
      BpeVocabulary::from_merges("\"bpe_simple_vocab_16e6.txt#version: 0.2\nc a\nca t</w>\n");
  EXPECT_EQ(list.encode("cat"), Ids{513});
  EXPECT_EQ(list.sequence("cat", 3), (Ids{514, 513, 515}));
  EXPECT_EQ(list.encode("a!"), (Ids{320, 256}));
}

TEST(Bpe, TextIsDataWhateverItHolds) {
  const auto bpe = vocabulary();
  for (const auto id : bpe.encode("<|endoftext|>")) EXPECT_LT(id, 49406);
  EXPECT_FALSE(bpe.encode("\xff\xfe broken \xc3").empty());
  EXPECT_LE(bpe.encode(std::string(100'000, 'x')).size(), kTextBytesMax);
  EXPECT_EQ(bpe.encode(" \t\r\n\xc2\xa0\xe3\x80\x80"), Ids{});
}

TEST(Bpe, OtherVocabulariesAreRefused) {
  EXPECT_THROW(BpeVocabulary::from_merges(""), Error);
  EXPECT_THROW(BpeVocabulary::from_merges("#version\nno-merge\n"), Error);
  EXPECT_THROW(BpeVocabulary::from_merges("#version\nzz yy\n"), Error);  // of tokens it lacks
  EXPECT_THROW(BpeVocabulary::from_vocab_and_merges("[]", merges()), Error);
  EXPECT_THROW(BpeVocabulary::from_vocab_and_merges("{\"a\": 1.5}", merges()), Error);
  EXPECT_THROW(BpeVocabulary::from_vocab_and_merges("{\"a\": -7}", merges()), Error);
  EXPECT_THROW(BpeVocabulary::from_tokenizer_json(tokenizer_json(true, "Unigram")), Error);
  EXPECT_THROW(BpeVocabulary::from_tokenizer_json("{}"), Error);
  EXPECT_THROW(BpeVocabulary::from_merges(std::string(kVocabularyBytesMax + 1, 'a')), Error);
}

TEST(Letters, AreThoseOfUnicode) {
  for (const char32_t letter : U"aZé日のПΩŻªʰ") {
    if (letter != 0) {
      EXPECT_EQ(kind_of(letter), CharacterKind::letter) << std::uint32_t{letter};
    }
  }
  for (const char32_t number : U"07½²٣Ⅷ") {
    if (number != 0) {
      EXPECT_EQ(kind_of(number), CharacterKind::number) << std::uint32_t{number};
    }
  }
  for (const char32_t other : U"!_<€—😀×\u0301") {
    if (other != 0) {
      EXPECT_EQ(kind_of(other), CharacterKind::other) << std::uint32_t{other};
    }
  }
  EXPECT_EQ(kind_of(0x3000), CharacterKind::space);
  EXPECT_EQ(lower_case(U'Ä'), U'ä');
  EXPECT_EQ(lower_case(U'Ż'), U'ż');
  EXPECT_EQ(lower_case(U'ż'), U'ż');
  EXPECT_EQ(lower_case(U'Я'), U'я');
  EXPECT_EQ(lower_case(U'Σ'), U'σ');
  EXPECT_EQ(lower_case(U'日'), U'日');
}

// The whole vocabulary, where somebody brought it.
TEST(Bpe, TheWholeVocabularyGivesTheSameIds) {
  const char* data = std::getenv("ANNOTATEAI_TEST_DATA");
  const auto path =
      std::filesystem::path(data != nullptr ? data : "") / "models" / "bpe_simple_vocab_16e6.txt";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path.filename();
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto bpe = BpeVocabulary::from_merges(text);
  EXPECT_EQ(bpe.size(), 49'408U);
  EXPECT_EQ(bpe.sequence("a photo of a cat", 7), (Ids{49406, 320, 1125, 539, 320, 2368, 49407}));
  EXPECT_EQ(bpe.encode("antidisestablishmentarianism"),
            (Ids{3120, 4262, 7726, 12658, 1585, 44351}));
  EXPECT_EQ(bpe.encode("they'll we've I'm he'd you're can't"),
            (Ids{889, 1342, 649, 1200, 328, 880, 797, 1896, 592, 982, 753, 713}));
  EXPECT_EQ(bpe.encode("crème brûlée in Zürich"),
            (Ids{1075, 12138, 614, 711, 127, 119, 75, 13489, 530, 89, 6522, 4021}));
  EXPECT_EQ(bpe.encode("Привет, МИР"),
            (Ids{26302, 16370, 29503, 110, 22176, 141, 480, 267, 38018, 16701, 141, 478}));
  EXPECT_EQ(bpe.encode("日本語の看板"),
            (Ids{39121, 44353, 34002, 252, 21575, 33440, 233, 27667, 379}));
  EXPECT_EQ(bpe.encode("emoji 😀 cat ½ cup ___ foo'sbar"),
            (Ids{16327, 7334, 2368, 33613, 1937, 13530, 23435, 568, 2411}));
}

}  // namespace
}  // namespace aa::decode
