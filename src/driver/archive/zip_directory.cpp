#include "driver/archive/zip_directory.hpp"

#include <unordered_set>

#include "driver/archive/little_endian.hpp"
#include "driver/archive/zip_name.hpp"

namespace aa::archive {
namespace {

constexpr std::string_view kLocalMark = "PK\x03\x04";
constexpr std::string_view kRowMark = "PK\x01\x02";
constexpr std::string_view kEndMark = "PK\x05\x06";
constexpr std::string_view kEnd64Mark = "PK\x06\x06";
constexpr std::string_view kLocator64Mark = "PK\x06\x07";
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::size_t kLocator64Bytes = 20;
constexpr std::size_t kRowBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kCommentBytesMax = 0xFFFF;
constexpr std::uint64_t kDirectoryBytesMax = 16ULL << 20;
constexpr std::size_t kNameBytesMax = 1024;
constexpr std::uint32_t kIn64 = 0xFFFF'FFFF;
constexpr std::uint16_t kCountIn64 = 0xFFFF;

// General purpose flags.
constexpr std::uint16_t kEncrypted = 1U << 0;
constexpr std::uint16_t kSizesFollow = 1U << 3;
constexpr std::uint16_t kPatch = 1U << 5;
constexpr std::uint16_t kStrongEncryption = 1U << 6;
constexpr std::uint16_t kUtf8 = 1U << 11;
constexpr std::uint16_t kMasked = 1U << 13;
constexpr std::uint16_t kLevel = 3U << 1;  // how hard it was packed: of no account
constexpr std::uint16_t kMethodAes = 99;

// Extra fields.
constexpr std::uint16_t kZip64Extra = 0x0001;
constexpr std::uint16_t kUnixExtra = 0x000D;
constexpr std::size_t kUnixExtraPlainBytes = 12;  // more names the target of a link

[[noreturn]] void damaged(const std::string& why) {
  throw malformed("zip_damaged", "The zip cannot be read: " + why + ".");
}

[[noreturn]] void damaged_at(std::string_view name, const std::string& why) {
  throw malformed("zip_damaged", "The zip's entry \"" + shown_name(name) + "\" " + why + ".");
}

std::string read_exactly(Source& zip, std::uint64_t offset, std::uint64_t count) {
  std::string out(count, '\0');
  std::size_t done = 0;
  while (done < count) {
    const auto got = zip.read_at(
        offset + done, std::as_writable_bytes(std::span(out.data() + done, count - done)));
    if (got == 0) damaged("it ends too early");
    done += got;
  }
  return out;
}

struct Directory {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t entries = 0;
};

// Of a zip whose end record leaves its numbers to a larger one before it.
Directory read_zip64_end(Source& zip, std::uint64_t end_offset, const Directory& told) {
  const std::string misplaced = "its directory is not where it should be";
  if (end_offset < kLocator64Bytes + kEnd64Bytes) damaged(misplaced);
  const auto locator_text = read_exactly(zip, end_offset - kLocator64Bytes, kLocator64Bytes);
  LittleEndian locator(locator_text);
  if (locator.take(4) != kLocator64Mark) damaged(misplaced);
  locator.u32();
  const auto offset = locator.u64();
  if (offset != end_offset - kLocator64Bytes - kEnd64Bytes) {
    damaged("its zip64 end record is not where it should be");
  }
  const auto text = read_exactly(zip, offset, kEnd64Bytes);
  LittleEndian record(text);
  if (record.take(4) != kEnd64Mark || record.u64() != kEnd64Bytes - 12) {
    damaged("its zip64 end record is broken");
  }
  record.take(12);
  Directory out;
  const auto here = record.u64();
  out.entries = record.u64();
  out.size = record.u64();
  out.offset = record.u64();
  const bool fills = out.size <= offset && out.offset == offset - out.size;
  if (here != out.entries || !fills) damaged(misplaced);
  const bool same = (told.entries == kCountIn64 || told.entries == out.entries) &&
                    (told.size == kIn64 || told.size == out.size) &&
                    (told.offset == kIn64 || told.offset == out.offset);
  if (!same) damaged("its two end records differ");
  return out;
}

Directory read_end(Source& zip) {
  const auto size = zip.size();
  const auto tail_size = std::min<std::uint64_t>(size, kEndBytes + kCommentBytesMax);
  if (tail_size < kEndBytes) damaged("it is too short");
  const auto tail = read_exactly(zip, size - tail_size, tail_size);
  // The record whose comment reaches exactly to the end of the file.
  for (auto at = tail.rfind(kEndMark, tail.size() - kEndBytes); at != std::string::npos;
       at = at == 0 ? std::string::npos : tail.rfind(kEndMark, at - 1)) {
    LittleEndian record(std::string_view(tail).substr(at + 4));
    const auto disk = record.u16();
    const auto directory_disk = record.u16();
    const auto here = record.u16();
    Directory out;
    out.entries = record.u16();
    out.size = record.u32();
    out.offset = record.u32();
    if (record.u16() != tail.size() - at - kEndBytes) continue;
    if (disk != 0 || directory_disk != 0 || here != out.entries) damaged("it has several parts");
    const auto end_offset = size - tail_size + at;
    const bool fills = out.size <= end_offset && out.offset == end_offset - out.size;
    return fills ? out : read_zip64_end(zip, end_offset, out);
  }
  damaged("no end record closes it");
}

// One row of the directory.
struct Row {
  ZipEntry entry;
  std::string_view name;
  std::uint16_t flags = 0;
  std::uint64_t local_offset = 0;
};

void read_extra(std::string_view extra, std::uint32_t size, std::uint32_t packed,
                std::uint32_t local, Row& row) {
  LittleEndian fields(extra);
  while (fields.left() >= 4) {
    const auto kind = fields.u16();
    const auto length = fields.u16();
    if (length > fields.left()) return;  // what some tools use as padding
    LittleEndian field(fields.take(length));
    if (kind == kUnixExtra && length > kUnixExtraPlainBytes) {
      throw invalid("zip_entry_type",
                    "The zip's entry \"" + shown_name(row.name) + "\" is a link.");
    }
    if (kind != kZip64Extra) continue;
    if (size == kIn64) row.entry.size = field.u64();
    if (packed == kIn64) row.entry.packed_size = field.u64();
    if (local == kIn64) row.local_offset = field.u64();
  }
}

// File types of the Unix mode in the upper half of the attributes.
void check_mode(const Row& row, std::uint32_t attributes) {
  constexpr std::uint32_t kType = 0170000;
  constexpr std::uint32_t kFolder = 0040000;
  constexpr std::uint32_t kRegular = 0100000;
  const auto mode = attributes >> 16;
  const auto type = mode & kType;
  const auto refuse = [&](const char* what) {
    throw invalid("zip_entry_type",
                  "The zip's entry \"" + shown_name(row.name) + "\" " + what + ".");
  };
  if (type == 0120000) refuse("is a symbolic link");
  if (type == 0020000 || type == 0060000) refuse("is a device");
  if (type != 0 && type != kFolder && type != kRegular) refuse("is no file and no folder");
  if (!row.entry.folder && (mode & 06000) != 0) refuse("is a setuid or setgid file");
}

Row read_row(LittleEndian& fields) {
  if (fields.left() < kRowBytes || fields.take(4) != kRowMark) damaged("its directory is broken");
  Row row;
  fields.take(4);  // versions
  row.flags = fields.u16();
  row.entry.method = fields.u16();
  fields.take(4);  // time
  row.entry.crc32 = fields.u32();
  const auto packed = fields.u32();
  const auto size = fields.u32();
  const auto name_bytes = fields.u16();
  const auto extra_bytes = fields.u16();
  const auto comment_bytes = fields.u16();
  const auto disk = fields.u16();
  fields.take(2);  // internal attributes
  const auto attributes = fields.u32();
  const auto local = fields.u32();
  if (name_bytes + extra_bytes + comment_bytes > static_cast<int>(fields.left())) {
    damaged("its directory is broken");
  }
  row.name = fields.take(name_bytes);
  if (name_bytes > kNameBytesMax) damaged_at(row.name, "has too long a name");
  if (disk != 0) damaged("it has several parts");
  row.entry.packed_size = packed;
  row.entry.size = size;
  row.local_offset = local;
  row.entry.folder = row.name.ends_with('/') || row.name.ends_with('\\');
  read_extra(fields.take(extra_bytes), size, packed, local, row);
  fields.take(comment_bytes);
  row.entry.path = zip_path(row.name, (row.flags & kUtf8) != 0);
  check_mode(row, attributes);
  return row;
}

void check_content(const Row& row, const ZipLimits& limits) {
  const auto name = "The zip's entry \"" + shown_name(row.name) + "\" ";
  const auto& entry = row.entry;
  if ((row.flags & (kEncrypted | kStrongEncryption | kMasked)) != 0 || entry.method == kMethodAes) {
    throw Error(ErrorCode::unsupported, "zip_encrypted", name + "is encrypted.");
  }
  if ((row.flags & kPatch) != 0 || (entry.method != kStored && entry.method != kDeflate)) {
    throw Error(
        ErrorCode::unsupported, "zip_unsupported",
        name + "is packed by method " + std::to_string(entry.method) + "; pack it by deflate.");
  }
  if (entry.method == kStored && entry.size != entry.packed_size) {
    damaged_at(row.name, "has two sizes");
  }
  if (entry.size == 0 && entry.crc32 != 0) damaged_at(row.name, "is empty with a checksum");
  if (entry.folder && entry.size != 0) damaged_at(row.name, "is a folder with content");
  if (entry.size > limits.entry_bytes) {
    throw too_large("zip_bomb", name + "unpacks to more than " +
                                    std::to_string(limits.entry_bytes >> 20) + " MiB.");
  }
  if (entry.size > limits.ratio_floor && entry.size / limits.ratio > entry.packed_size) {
    throw too_large("zip_bomb", name + "unpacks to more than " + std::to_string(limits.ratio) +
                                    " times its size.");
  }
}

// The header before the packed bytes must say what the directory says.
void locate(Source& zip, Row& row) {
  if (row.local_offset > zip.size()) damaged_at(row.name, "lies beyond the end");
  const auto text = read_exactly(zip, row.local_offset, kLocalBytes);
  LittleEndian local(text);
  if (local.take(4) != kLocalMark) damaged_at(row.name, "is not where the directory says");
  local.take(2);  // version
  const auto flags = local.u16();
  const auto method = local.u16();
  local.take(4);  // time
  const auto crc = local.u32();
  const auto packed = local.u32();
  const auto size = local.u32();
  const auto name_bytes = local.u16();
  const auto extra_bytes = local.u16();
  const bool later = (row.flags & kSizesFollow) != 0;
  const auto same = [later](std::uint64_t here, std::uint64_t there) {
    return here == there || here == kIn64 || (later && here == 0);
  };
  if (((flags ^ row.flags) & ~kLevel) != 0 || method != row.entry.method ||
      !same(crc, row.entry.crc32) || !same(packed, row.entry.packed_size) ||
      !same(size, row.entry.size) || name_bytes != row.name.size() ||
      read_exactly(zip, row.local_offset + kLocalBytes, name_bytes) != row.name) {
    damaged_at(row.name, "has a header that differs from the directory");
  }
  row.entry.offset = row.local_offset + kLocalBytes + name_bytes + extra_bytes;
}

// In the order of their bytes; refuses bytes that belong to two.
void check_places(std::vector<Row>& rows, std::uint64_t directory_offset) {
  std::ranges::sort(rows, {}, &Row::local_offset);
  std::uint64_t free = 0;
  for (const auto& row : rows) {
    const auto& entry = row.entry;
    const bool inside =
        entry.offset <= directory_offset && entry.packed_size <= directory_offset - entry.offset;
    if (!inside) damaged_at(row.name, "reaches into the directory");
    if (row.local_offset < free) damaged_at(row.name, "shares its bytes with another");
    free = entry.offset + entry.packed_size;
  }
}

void check_total(const std::vector<Row>& rows, const ZipLimits& limits, std::uint64_t zip_size) {
  std::uint64_t total = 0;
  for (const auto& row : rows) total += row.entry.size;
  const bool swells = total > limits.ratio_floor && total / limits.ratio > zip_size;
  if (total > limits.total_bytes || swells) {
    throw too_large("zip_bomb", "The zip unpacks to " + std::to_string(total >> 20) +
                                    " MiB, more than is taken.");
  }
}

void too_many(const ZipLimits& limits) {
  throw too_large("zip_too_many_entries", "The zip has more than " +
                                              std::to_string(limits.entries) +
                                              " entries; pack several smaller ones.");
}

}  // namespace

bool looks_like_zip(std::string_view head) {
  return head.starts_with(kLocalMark) || head.starts_with(kEndMark);
}

std::vector<ZipEntry> read_zip_directory(Source& zip, const ZipLimits& limits) {
  const auto directory = read_end(zip);
  if (directory.entries > limits.entries) too_many(limits);
  if (directory.size > kDirectoryBytesMax) damaged("its directory is too large");
  const auto text = read_exactly(zip, directory.offset, directory.size);
  LittleEndian fields(text);
  std::vector<Row> rows;
  std::unordered_set<std::string> paths;
  while (fields.left() > 0) {
    if (rows.size() >= directory.entries) damaged("it has more entries than it says");
    rows.push_back(read_row(fields));
    const auto& row = rows.back();
    check_content(row, limits);
    if (!paths.insert(row.entry.path).second) {
      throw invalid("zip_duplicate_entry", "The zip holds \"" + shown_name(row.name) + "\" twice.");
    }
  }
  if (rows.size() != directory.entries) damaged("it has fewer entries than it says");
  check_total(rows, limits, zip.size());
  for (auto& row : rows) locate(zip, row);
  check_places(rows, directory.offset);
  std::vector<ZipEntry> out;
  out.reserve(rows.size());
  for (auto& row : rows) out.push_back(std::move(row.entry));
  return out;
}

}  // namespace aa::archive
