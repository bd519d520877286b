#include "service/modelzoo/tokenizer_file.hpp"

#include <zlib.h>

#include "base/error.hpp"
#include "driver/host/atomic_file.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

constexpr int kGzip = 16 + MAX_WBITS;

// Never more than a vocabulary may have.
std::string inflate_gzip(const std::string& bytes) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzip) != Z_OK) throw internal_error("inflateInit2 failed");
  std::string out(decode::kVocabularyBytesMax, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  if (status != Z_STREAM_END) {
    throw invalid("bad_vocabulary", "The vocabulary's .gz is damaged or larger than 32 MiB.");
  }
  return out;
}

// The file, or the same with .gz; empty: neither is there.
std::string read_either(const fs::path& file) {
  if (fs::exists(file)) return host::read_file(file, decode::kVocabularyBytesMax);
  const fs::path packed = file.string() + ".gz";
  return fs::exists(packed) ? inflate_gzip(host::read_file(packed, decode::kVocabularyBytesMax))
                            : std::string();
}

}  // namespace

decode::BpeVocabulary read_tokenizer(const fs::path& folder) {
  if (const auto file = folder / "tokenizer.json"; fs::exists(file)) {
    return decode::BpeVocabulary::from_tokenizer_json(
        host::read_file(file, decode::kVocabularyBytesMax));
  }
  const auto merges = read_either(folder / "merges.txt");
  if (const auto vocab = folder / "vocab.json"; !merges.empty() && fs::exists(vocab)) {
    return decode::BpeVocabulary::from_vocab_and_merges(
        host::read_file(vocab, decode::kVocabularyBytesMax), merges);
  }
  const auto simple = read_either(folder / "bpe_simple_vocab_16e6.txt");
  if (!simple.empty()) return decode::BpeVocabulary::from_merges(simple);
  throw invalid(
      "bad_vocabulary",
      "The model came without a tokenizer: tokenizer.json, vocab.json with merges.txt, or "
      "bpe_simple_vocab_16e6.txt must be among its files.");
}

}  // namespace aa::modelzoo
