#include "driver/archive/zip_reader.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <exception>
#include <utility>

#include "driver/archive/zip_name.hpp"

namespace aa::archive {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;

void append_number(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((number >> (8 * i)) & 0xFF);
}

// The header of a lone entry, with everything told and nothing to be guessed.
std::string plain_header(const ZipEntry& entry) {
  std::string out = "PK\x03\x04";
  append_number(out, 20, 2);  // version that can read it
  append_number(out, 0, 2);   // flags
  append_number(out, entry.method, 2);
  append_number(out, 0, 4);  // time
  append_number(out, entry.crc32, 4);
  append_number(out, entry.packed_size, 4);
  append_number(out, entry.size, 4);
  append_number(out, 1, 2);  // length of the name
  append_number(out, 0, 2);  // length of extra fields
  return out + "x";
}

}  // namespace

struct ZipStream::State {
  State(Source& zip, const ZipEntry& what)
      : source(zip), entry(what), header(plain_header(what)), reader(archive_read_new()) {}
  ~State() { archive_read_free(reader); }

  static la_ssize_t next_piece(::archive*, void* self, const void** data) {
    auto& state = *static_cast<State*>(self);
    try {
      const auto count = state.fetch();
      *data = state.piece.data();
      return static_cast<la_ssize_t>(count);
    } catch (...) {
      state.failure = std::current_exception();
      return -1;
    }
  }
  // The header first, then the packed bytes piece by piece.
  std::size_t fetch() {
    if (!header.empty()) {
      piece = std::exchange(header, {});
      return piece.size();
    }
    piece.resize(kPieceBytes);
    const auto wanted = std::min<std::uint64_t>(piece.size(), entry.packed_size - fetched);
    if (wanted == 0) return 0;
    const auto count = source.read_at(entry.offset + fetched,
                                      std::as_writable_bytes(std::span(piece.data(), wanted)));
    fetched += count;
    return count;
  }

  [[noreturn]] void damaged() const {
    if (failure) std::rethrow_exception(failure);
    const char* why = archive_error_string(reader);
    throw malformed("zip_damaged", "The zip's entry \"" + shown_name(entry.path) +
                                       "\" does not unpack to what the zip says.")
        .with_cause(why != nullptr ? why : "");
  }

  Source& source;
  const ZipEntry entry;
  std::string header;
  std::string piece;
  std::uint64_t fetched = 0;  // packed
  std::uint64_t unpacked = 0;
  std::exception_ptr failure;
  ::archive* reader;
};

ZipStream::ZipStream(std::unique_ptr<State> state) : state_(std::move(state)) {
  auto& self = *state_;
  archive_read_support_format_zip_streamable(self.reader);
  archive_entry* header = nullptr;
  if (archive_read_open(self.reader, &self, nullptr, &State::next_piece, nullptr) < ARCHIVE_WARN ||
      archive_read_next_header(self.reader, &header) < ARCHIVE_WARN) {
    self.damaged();
  }
}

ZipStream::~ZipStream() = default;

std::size_t ZipStream::read(std::span<std::byte> buffer) {
  auto& self = *state_;
  const auto count = archive_read_data(self.reader, buffer.data(), buffer.size());
  if (count < 0) self.damaged();
  self.unpacked += static_cast<std::uint64_t>(count);
  const bool short_of = count == 0 && self.unpacked != self.entry.size;
  if (self.unpacked > self.entry.size || short_of) self.damaged();
  return static_cast<std::size_t>(count);
}

const ZipEntry* ZipReader::find(std::string_view path) const {
  const auto found = std::ranges::find(entries_, path, &ZipEntry::path);
  return found == entries_.end() ? nullptr : &*found;
}

std::unique_ptr<ZipStream> ZipReader::open(const ZipEntry& entry) const {
  auto state = std::make_unique<ZipStream::State>(*zip_, entry);
  return std::unique_ptr<ZipStream>(new ZipStream(std::move(state)));
}

std::string ZipReader::read_all(const ZipEntry& entry, std::uint64_t max_bytes) const {
  if (entry.size > max_bytes) {
    throw too_large("file_too_large", "The zip's entry \"" + shown_name(entry.path) +
                                          "\" is larger than " + std::to_string(max_bytes >> 20) +
                                          " MiB.");
  }
  const auto stream = open(entry);
  std::string out(entry.size, '\0');
  std::size_t done = 0;
  const auto room = std::as_writable_bytes(std::span(out));
  while (const auto count = stream->read(room.subspan(done))) done += count;
  return out;
}

void ZipReader::verify(const ZipEntry& entry) const {
  if (entry.folder) return;
  std::vector<std::byte> buffer(kPieceBytes);
  const auto stream = open(entry);
  while (stream->read(buffer) > 0) continue;
}

void ZipReader::verify() const {
  for (const auto& entry : entries_) verify(entry);
}

}  // namespace aa::archive
