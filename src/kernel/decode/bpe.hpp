// CLIP's tokenizer: byte-level pair encoding over lower-cased words, 49,408 tokens.
//
//   vocabulary  = BpeVocabulary::from_...(text of what the model came with)
//   ids         = vocabulary.encode("a photo of a cat")           320 1125 539 320 2368
//   row         = vocabulary.sequence("a photo of a cat", 77)     49406 320 ... 2368 49407 0 0 ...
//
// A text is made valid UTF-8, lower-cased and split as CLIP's pattern does: 's 't 're 've 'm 'll
// 'd, runs of letters, single numbers, runs of what is neither letter, number nor space. The bytes
// of a word, written as printable characters and the last with "</w>", are merged pair by pair, the
// pair first in the list first. Texts are data: "<|endoftext|>" in one is read as any other
// characters. Not done: repairing doubly encoded text, HTML entities. Limits: kVocabularyBytesMax,
// kTokensMax, kMergesMax, kTextBytesMax (what is longer is cut). Thread rule: immutable after
// construction. Errors: invalid_argument "bad_vocabulary". Sources: Sennrich et al.,
// arXiv:1508.07909; the format of OpenAI's bpe_simple_vocab_16e6.txt and of Hugging Face's
// vocab.json, merges.txt and tokenizer.json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"

namespace aa::decode {

inline constexpr std::size_t kVocabularyBytesMax = 32U << 20;
inline constexpr std::size_t kTokensMax = 300'000;
inline constexpr std::size_t kMergesMax = 300'000;
inline constexpr std::size_t kTextBytesMax = 4'096;

class BpeVocabulary {
 public:
  // A list of merges, under a heading with "#version" or none; the first 48,894 make the
  // vocabulary.
  static BpeVocabulary from_merges(std::string_view merges);
  static BpeVocabulary from_vocab_and_merges(std::string_view vocab_json, std::string_view merges);
  // Of a model of type BPE with the suffix "</w>"; others (Unigram, as SigLIP's) are refused.
  static BpeVocabulary from_tokenizer_json(std::string_view text);

  std::size_t size() const { return tokens_.size(); }
  std::vector<std::int64_t> encode(std::string_view text) const;
  // `length` ids: the start, at most length - 2 of the text's, the end, then zeros.
  std::vector<std::int64_t> sequence(std::string_view text, std::size_t length) const;

 private:
  struct Merge {
    std::uint32_t rank = 0;
    std::int64_t token = 0;
  };
  void add_token(std::string token, std::int64_t id);
  void add_merge(std::string_view left, std::string_view right);
  void add_merge_line(std::string_view line);
  void add_vocab(const json::Value& vocab);
  void finish();
  void encode_word(std::string_view word, std::vector<std::int64_t>& out) const;
  std::int64_t token(const std::string& text) const;  // throws when there is none

  std::unordered_map<std::string, std::int64_t> tokens_;
  std::unordered_map<std::uint64_t, Merge> merges_;  // by left id << 32 | right id
  std::int64_t start_ = 0;
  std::int64_t end_ = 0;
};

}  // namespace aa::decode
