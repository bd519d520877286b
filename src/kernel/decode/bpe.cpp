#include "kernel/decode/bpe.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "kernel/decode/letters.hpp"

namespace aa::decode {
namespace {

constexpr std::size_t kClipMerges = 49'152 - 256 - 2;
constexpr std::string_view kWordEnd = "</w>";
constexpr std::string_view kStart = "<|startoftext|>";
constexpr std::string_view kEnd = "<|endoftext|>";

void append_utf8(std::string& out, char32_t point) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6), put(0x80 | (point & 63));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12), put(0x80 | (point >> 6 & 63)), put(0x80 | (point & 63));
  } else {
    put(0xF0 | point >> 18), put(0x80 | (point >> 12 & 63));
    put(0x80 | (point >> 6 & 63)), put(0x80 | (point & 63));
  }
}

// Of valid UTF-8.
std::u32string code_points(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = size == 1 ? lead : lead & (0xFFU >> (size + 1));
    for (std::size_t k = 1; k < size && i + k < text.size(); ++k) {
      point = point << 6 | (static_cast<std::uint8_t>(text[i + k]) & 63U);
    }
    out += point;
    i += size;
  }
  return out;
}

bool is_printable(int byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

// The character that stands for each byte, printable ones for themselves; and their order as ids.
struct ByteCharacters {
  std::array<std::string, 256> text;
  std::vector<int> order;

  ByteCharacters() {
    for (int byte = 0; byte < 256; ++byte) {
      if (is_printable(byte)) order.push_back(byte);
    }
    char32_t next = 256;
    for (int byte = 0; byte < 256; ++byte) {
      append_utf8(text[static_cast<std::size_t>(byte)],
                  is_printable(byte) ? static_cast<char32_t>(byte) : next++);
      if (!is_printable(byte)) order.push_back(byte);
    }
  }
};

const ByteCharacters& byte_characters() {
  static const ByteCharacters characters;
  return characters;
}

// Length of the contraction that stands here; 0: none.
std::size_t contraction_at(const std::u32string& text, std::size_t at) {
  constexpr std::array<std::u32string_view, 7> kAll = {U"'s", U"'t",  U"'re", U"'ve",
                                                       U"'m", U"'ll", U"'d"};
  const auto rest = std::u32string_view(text).substr(at);
  for (const auto contraction : kAll) {
    if (rest.starts_with(contraction)) return contraction.size();
  }
  return 0;
}

std::size_t word_end(const std::u32string& text, std::size_t at) {
  if (const auto size = contraction_at(text, at); size > 0) return at + size;
  const auto kind = kind_of(text[at]);
  std::size_t end = at + 1;
  if (kind == CharacterKind::number) return end;
  while (end < text.size() && kind_of(text[end]) == kind) ++end;
  return end;
}

std::uint64_t pair_key(std::int64_t left, std::int64_t right) {
  return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint64_t>(right);
}

[[noreturn]] void refuse(const std::string& why) {
  throw invalid("bad_vocabulary", "The vocabulary is none of CLIP's kind: " + why);
}

void require_bounded(std::string_view text) {
  if (text.size() > kVocabularyBytesMax) refuse("it is longer than 32 MiB.");
}

// Lines that hold merges: not the heading, which names a version.
std::vector<std::string_view> merge_lines(std::string_view text, std::size_t most) {
  std::vector<std::string_view> out;
  for (bool first = true; !text.empty() && out.size() < most; first = false) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool heading = first && line.find("#version") != std::string_view::npos;
    if (!heading && !line.empty()) out.push_back(line);
  }
  return out;
}

// Whole UTF-8 characters only.
std::string_view cut_text(std::string_view text) {
  if (text.size() <= kTextBytesMax) return text;
  std::size_t size = kTextBytesMax;
  while (size > 0 && (static_cast<std::uint8_t>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

void BpeVocabulary::add_token(std::string token, std::int64_t id) {
  const bool fits = id >= 0 && id < std::numeric_limits<std::int32_t>::max();
  if (!fits || tokens_.size() >= kTokensMax) refuse("it has too many tokens, or ids out of range.");
  tokens_.emplace(std::move(token), id);
}

std::int64_t BpeVocabulary::token(const std::string& text) const {
  const auto found = tokens_.find(text);
  if (found == tokens_.end()) refuse("it has no token \"" + text.substr(0, 40) + "\".");
  return found->second;
}

void BpeVocabulary::add_merge(std::string_view left, std::string_view right) {
  if (merges_.size() >= kMergesMax) refuse("it has too many merges.");
  const std::string a(left);
  const std::string b(right);
  const auto rank = static_cast<std::uint32_t>(merges_.size());
  merges_.emplace(pair_key(token(a), token(b)), Merge{rank, token(a + b)});
}

void BpeVocabulary::add_merge_line(std::string_view line) {
  const auto space = line.find(' ');
  if (space == 0 || space == std::string_view::npos || line.find(' ', space + 1) != line.npos) {
    refuse("a merge is not two tokens with a space between.");
  }
  add_merge(line.substr(0, space), line.substr(space + 1));
}

void BpeVocabulary::add_vocab(const json::Value& vocab) {
  const auto* object = vocab.if_object();
  if (object == nullptr) refuse("its tokens are no object.");
  for (const auto& [name, id] : *object) {
    if (!id.is_int64()) refuse("an id is no whole number.");
    add_token(std::string(std::string_view(name)), id.get_int64());
  }
}

void BpeVocabulary::finish() {
  if (merges_.empty()) refuse("it has no merges.");
  for (const auto& text : byte_characters().text) {
    token(text);
    token(text + std::string(kWordEnd));
  }
  start_ = token(std::string(kStart));
  end_ = token(std::string(kEnd));
}

BpeVocabulary BpeVocabulary::from_merges(std::string_view merges) {
  require_bounded(merges);
  BpeVocabulary out;
  std::int64_t id = 0;
  const auto& bytes = byte_characters();
  for (const int byte : bytes.order)
    out.add_token(bytes.text[static_cast<std::size_t>(byte)], id++);
  for (const int byte : bytes.order) {
    out.add_token(bytes.text[static_cast<std::size_t>(byte)] + std::string(kWordEnd), id++);
  }
  // A merge makes a token, so each line is both.
  for (const auto line : merge_lines(merges, kClipMerges)) {
    const auto space = std::min(line.find(' '), line.size());
    out.add_token(std::string(line.substr(0, space)) +
                      std::string(line.substr(std::min(space + 1, line.size()))),
                  id++);
    out.add_merge_line(line);
  }
  out.add_token(std::string(kStart), id++);
  out.add_token(std::string(kEnd), id++);
  out.finish();
  return out;
}

BpeVocabulary BpeVocabulary::from_vocab_and_merges(std::string_view vocab_json,
                                                   std::string_view merges) {
  require_bounded(vocab_json);
  require_bounded(merges);
  BpeVocabulary out;
  out.add_vocab(json::parse(vocab_json));
  for (const auto line : merge_lines(merges, kMergesMax)) out.add_merge_line(line);
  out.finish();
  return out;
}

BpeVocabulary BpeVocabulary::from_tokenizer_json(std::string_view text) {
  require_bounded(text);
  const auto document = json::parse(text);
  const auto* root = document.if_object();
  const auto* model = root != nullptr ? root->if_contains("model") : nullptr;
  if (model == nullptr || !model->is_object()) refuse("it has no /model.");
  const auto& object = model->get_object();
  const auto* type = object.if_contains("type");
  const auto* suffix = object.if_contains("end_of_word_suffix");
  const auto is = [](const json::Value* value, std::string_view text) {
    return value != nullptr && value->is_string() && std::string_view(value->get_string()) == text;
  };
  if ((type != nullptr && !is(type, "BPE")) || !is(suffix, kWordEnd)) {
    refuse("only byte-level BPE with the suffix \"</w>\" is read.");
  }
  const auto* vocab = object.if_contains("vocab");
  const auto* merges = object.if_contains("merges");
  if (vocab == nullptr || merges == nullptr || !merges->is_array()) {
    refuse("it has no /model/vocab or /model/merges.");
  }
  BpeVocabulary out;
  out.add_vocab(*vocab);
  for (const auto& merge : merges->get_array()) {
    if (merge.is_string()) {
      out.add_merge_line(std::string_view(merge.get_string()));
      continue;
    }
    const auto* pair = merge.if_array();
    if (pair == nullptr || pair->size() != 2 || !pair->at(0).is_string() ||
        !pair->at(1).is_string()) {
      refuse("a merge is not two tokens.");
    }
    out.add_merge(std::string_view(pair->at(0).get_string()),
                  std::string_view(pair->at(1).get_string()));
  }
  out.finish();
  return out;
}

// Every round merges all places of the pair that stands first in the list.
void BpeVocabulary::encode_word(std::string_view word, std::vector<std::int64_t>& out) const {
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < word.size(); ++i) {
    std::string text = byte_characters().text[static_cast<std::uint8_t>(word[i])];
    if (i + 1 == word.size()) text += kWordEnd;
    ids.push_back(token(text));
  }
  while (ids.size() > 1) {
    std::uint64_t best = 0;
    const Merge* merge = nullptr;
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
      const auto found = merges_.find(pair_key(ids[i], ids[i + 1]));
      if (found == merges_.end() || (merge != nullptr && found->second.rank >= merge->rank))
        continue;
      best = found->first;
      merge = &found->second;
    }
    if (merge == nullptr) break;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const bool pair = i + 1 < ids.size() && pair_key(ids[i], ids[i + 1]) == best;
      ids[kept++] = pair ? merge->token : ids[i];
      if (pair) ++i;
    }
    ids.resize(kept);
  }
  out.insert(out.end(), ids.begin(), ids.end());
}

std::vector<std::int64_t> BpeVocabulary::encode(std::string_view text) const {
  auto points = code_points(repair_utf8(cut_text(text)));
  for (auto& point : points) point = lower_case(point);
  std::vector<std::int64_t> out;
  for (std::size_t at = 0; at < points.size();) {
    if (kind_of(points[at]) == CharacterKind::space) {
      ++at;
      continue;
    }
    const auto end = word_end(points, at);
    std::string word;
    for (; at < end; ++at) append_utf8(word, points[at]);
    encode_word(word, out);
  }
  return out;
}

std::vector<std::int64_t> BpeVocabulary::sequence(std::string_view text, std::size_t length) const {
  if (length < 2) throw invalid("model_input", "A text model takes at least two tokens.");
  auto ids = encode(text);
  ids.resize(std::min(ids.size(), length - 2));
  ids.insert(ids.begin(), start_);
  ids.push_back(end_);
  ids.resize(length, 0);
  return ids;
}

}  // namespace aa::decode
