#include "driver/archive/zip_writer.hpp"

#include <archive.h>
#include <archive_entry.h>

#include "base/error.hpp"
#include "driver/archive/zip_name.hpp"

namespace aa::archive {

struct ZipWriter::State {
  explicit State(Sink where) : sink(std::move(where)), zip(archive_write_new()) {}
  ~State() { archive_write_free(zip); }

  static la_ssize_t on_write(::archive*, void* self, const void* data, size_t size) {
    auto& state = *static_cast<State*>(self);
    try {
      state.sink({static_cast<const std::byte*>(data), size});
      return static_cast<la_ssize_t>(size);
    } catch (...) {
      state.failure = std::current_exception();
      return -1;
    }
  }
  void check(int code) const {
    if (failure) std::rethrow_exception(failure);
    if (code >= ARCHIVE_WARN) return;
    const char* text = archive_error_string(zip);
    throw internal_error(std::string("zip: ") + (text != nullptr ? text : "failed"));
  }

  Sink sink;
  ::archive* zip;
  std::exception_ptr failure;
};

ZipWriter::ZipWriter(Sink sink) : state_(std::make_unique<State>(std::move(sink))) {
  archive_write_set_format_zip(state_->zip);
  archive_write_set_bytes_per_block(state_->zip, 0);
  state_->check(archive_write_open(state_->zip, state_.get(), nullptr, &State::on_write, nullptr));
}

ZipWriter::~ZipWriter() = default;

void ZipWriter::add(const std::string& path, std::string_view bytes, Packing packing) {
  if (zip_path(path, true) != path) throw internal_error("zip: an unsafe path");
  auto* zip = state_->zip;
  if (packing == Packing::deflate)
    archive_write_zip_set_compression_deflate(zip);
  else
    archive_write_zip_set_compression_store(zip);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname_utf8(entry, path.c_str());
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
  const int header = archive_write_header(zip, entry);
  archive_entry_free(entry);
  state_->check(header);
  if (archive_write_data(zip, bytes.data(), bytes.size()) < 0) state_->check(ARCHIVE_FATAL);
}

void ZipWriter::close() { state_->check(archive_write_close(state_->zip)); }

}  // namespace aa::archive
