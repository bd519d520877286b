// Tarballs made on the spot for tests: good ones and hostile ones.
//
// Thread rule: pure. Errors: std::runtime_error.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace aa::host {

struct TarMember {
  std::string name;
  std::string bytes;
  int type = AE_IFREG;
  std::string link = {};       // target of a symbolic link
  std::string hard_link = {};  // target of a hard link
};

inline void write_tarball(const std::filesystem::path& file,
                          const std::vector<TarMember>& members) {
  auto* out = archive_write_new();
  archive_write_add_filter_gzip(out);
  archive_write_set_format_pax_restricted(out);
  if (archive_write_open_filename(out, file.c_str()) != ARCHIVE_OK) {
    throw std::runtime_error("tarball");
  }
  for (const auto& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, static_cast<unsigned>(member.type));
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.bytes.size()));
    if (!member.link.empty()) archive_entry_set_symlink(entry, member.link.c_str());
    if (!member.hard_link.empty()) archive_entry_set_hardlink(entry, member.hard_link.c_str());
    const bool bad = archive_write_header(out, entry) < ARCHIVE_WARN ||
                     archive_write_data(out, member.bytes.data(), member.bytes.size()) < 0;
    archive_entry_free(entry);
    if (bad) throw std::runtime_error(archive_error_string(out));
  }
  archive_write_close(out);
  archive_write_free(out);
}

}  // namespace aa::host
