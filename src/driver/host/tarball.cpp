#include "driver/host/tarball.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <memory>

#include "base/error.hpp"

namespace aa::host {
namespace {

constexpr std::size_t kBlock = 64 * 1024;

class Tarball {
 public:
  explicit Tarball(const std::filesystem::path& file)
      : archive_(archive_read_new(), &archive_read_free), name_(file.filename().string()) {
    archive_read_support_filter_gzip(archive_.get());
    archive_read_support_format_tar(archive_.get());
    check(archive_read_open_filename(archive_.get(), file.c_str(), kBlock));
  }

  // The next regular file's name; nullptr at the end. Names that are not UTF-8 come as "".
  const char* next() {
    for (;;) {
      archive_entry* entry = nullptr;
      const int code = archive_read_next_header(archive_.get(), &entry);
      if (code == ARCHIVE_EOF) return nullptr;
      check(code);
      if (++members_ > kMembersMax) refuse("has more than 100,000 members");
      const bool link = archive_entry_hardlink(entry) != nullptr;
      if (archive_entry_filetype(entry) != AE_IFREG || link) {
        skip();
        continue;
      }
      const char* name = archive_entry_pathname(entry);
      return name == nullptr ? "" : name;
    }
  }

  // The bytes of the current member, in order; holes are zeros.
  void read(const ByteSink& sink) {
    std::vector<std::byte> buffer(kBlock);
    for (;;) {
      const auto count = archive_read_data(archive_.get(), buffer.data(), buffer.size());
      if (count == 0) return;
      if (count < 0) check(static_cast<int>(count));
      unpacked_ += static_cast<std::uint64_t>(count);
      if (unpacked_ > kUnpackedMax) refuse("unpacks to more than 4 GiB");
      sink(std::span(buffer).first(static_cast<std::size_t>(count)));
    }
  }
  // Read rather than skipped by the library, which would unpack without a limit.
  void skip() {
    read([](std::span<const std::byte>) {});
  }
  [[noreturn]] void refuse(const std::string& why) const {
    throw too_large("tarball_too_large", name_ + " " + why + ".");
  }

 private:
  void check(int code) const {
    if (code >= ARCHIVE_WARN) return;
    const char* text = archive_error_string(archive_.get());
    throw malformed("malformed_tarball", name_ + " cannot be read as a tarball: " +
                                             (text != nullptr ? text : "damaged") + ".");
  }

  std::unique_ptr<archive, decltype(&archive_read_free)> archive_;
  std::string name_;
  std::size_t members_ = 0;
  std::uint64_t unpacked_ = 0;
};

}  // namespace

void read_tarball_members(const std::filesystem::path& tarball,
                          std::map<std::string, std::uint64_t> members, const MemberSink& sink) {
  Tarball reader(tarball);
  while (!members.empty()) {
    const char* name = reader.next();
    if (name == nullptr) {
      throw Error(ErrorCode::not_found, "no_such_member",
                  tarball.filename().string() + " holds no file " + members.begin()->first + ".");
    }
    const auto wanted = members.find(name);
    if (wanted == members.end()) {
      reader.skip();
      continue;
    }
    const auto [member, max_bytes] = *wanted;
    std::uint64_t bytes = 0;
    sink(member, {});  // an empty file is one, too
    reader.read([&](std::span<const std::byte> piece) {
      bytes += piece.size();
      if (bytes > max_bytes) {
        reader.refuse("holds " + member + " larger than " + std::to_string(max_bytes) + " bytes");
      }
      sink(member, piece);
    });
    members.erase(wanted);
  }
}

void read_tarball_member(const std::filesystem::path& tarball, const std::string& member,
                         std::uint64_t max_bytes, const ByteSink& sink) {
  read_tarball_members(tarball, {{member, max_bytes}},
                       [&](const std::string&, std::span<const std::byte> piece) { sink(piece); });
}

}  // namespace aa::host
