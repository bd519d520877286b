#include "driver/blob/master_keys.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace aa::blob {
namespace {

constexpr std::size_t kFileBytesMax = 64 * 1024;

std::string temporary_name() {
  const auto bytes = random_bytes(8);
  return ".new-" + to_hex(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), 8));
}

// 32 bytes as base64 (RFC 4648 section 4), which the URL alphabet's decoder takes translated.
Secret parse_key(std::string text) {
  while (!text.empty() && text.back() == '=') text.pop_back();
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  const auto bytes = from_base64url(text);
  return bytes && bytes->size() == kKeyBytes ? Secret(*bytes) : Secret();
}

std::string bound_to(const std::string& binding, std::uint32_t version) {
  return binding + "\n" + std::to_string(version);
}

std::string installation_binding(std::string_view purpose) {
  return "annotateai installation secret 1\n" + std::string(purpose);
}

std::optional<std::uint32_t> parse_version(std::string_view text) {
  std::uint32_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out == 0) return std::nullopt;
  return out;
}

std::string line_of(std::uint32_t version, const Secret& key) {
  return fmt::format("{}:{}\n", version, to_base64(key.reveal()));
}

}  // namespace

MasterKeys::MasterKeys(FileSystem& files, std::filesystem::path file, bool must_exist)
    : files_(files), file_(std::move(file)) {
  if (!files_.open(file_)) {
    if (must_exist) {
      throw invalid("master_key_missing",
                    fmt::format("The master key file {} is missing, but this data folder holds "
                                "data encrypted with it. Put the file back, or name it with "
                                "MASTER_KEY_FILE.",
                                file_.string()));
    }
    make_file();
  }
  keys_ = parse(read_file().reveal());
}

void MasterKeys::make_file() {
  const auto text = Secret(to_base64(random_bytes(kKeyBytes)) + "\n");
  // Another process may make it at the same time: the first one stays.
  write_new_file(files_, file_.parent_path() / temporary_name(), file_, text.reveal());
}

Secret MasterKeys::read_file() {
  const File file = files_.open(file_);
  if (!file) throw internal_error("the master key file cannot be opened");
  if (const unsigned mode = files_.mode(file); (mode & 077) != 0) {
    throw invalid("master_key_exposed",
                  fmt::format("The master key file {} (MASTER_KEY_FILE) can be read or changed by "
                              "others (mode {:04o}). Run: chmod 600 {}",
                              file_.string(), mode, file_.string()));
  }
  return Secret(read_small_file(files_, file, kFileBytesMax));
}

MasterKeys::Keys MasterKeys::parse(std::string_view text) const {
  const auto bad = [&](int line) {
    return invalid("master_key_invalid",
                   fmt::format("Line {} of the master key file {} (MASTER_KEY_FILE) is not "
                               "[VERSION:]BASE64 of 32 bytes. Make one with: openssl rand "
                               "-base64 32",
                               line, file_.string()));
  };
  Keys found;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    std::uint32_t version = 1;
    if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      const auto named = parse_version(line.substr(0, colon));
      if (!named) throw bad(number);
      version = *named;
      line.remove_prefix(colon + 1);
    }
    auto key = parse_key(std::string(line));
    if (key.empty() || !found.emplace(version, std::move(key)).second) throw bad(number);
  }
  if (found.empty()) throw bad(1);
  return found;
}

void MasterKeys::read_again() { keys_ = parse(read_file().reveal()); }

std::uint32_t MasterKeys::newest() {
  const std::lock_guard lock(mutex_);
  read_again();
  return keys_.rbegin()->first;
}

WrappedValue MasterKeys::wrap(const std::string& binding, const Secret& plain) {
  const std::lock_guard lock(mutex_);
  read_again();
  const auto& [version, key] = *keys_.rbegin();
  WrappedValue out{version, {}, std::string(plain.reveal().size() + kTagBytes, '\0')};
  std::ranges::copy(random_bytes(kNonceBytes), out.nonce.begin());
  Aead(key).seal(out.nonce, bound_to(binding, version), std::as_bytes(std::span(plain.reveal())),
                 std::as_writable_bytes(std::span(out.bytes)));
  return out;
}

std::optional<Secret> MasterKeys::unwrap(const std::string& binding, const WrappedValue& wrapped) {
  if (wrapped.bytes.size() < kTagBytes) return std::nullopt;
  const std::lock_guard lock(mutex_);
  auto key = keys_.find(wrapped.master);
  if (key == keys_.end()) {
    read_again();
    key = keys_.find(wrapped.master);
  }
  if (key == keys_.end()) return std::nullopt;
  std::string plain(wrapped.bytes.size() - kTagBytes, '\0');
  const bool whole =
      Aead(key->second)
          .open(wrapped.nonce, bound_to(binding, wrapped.master),
                std::as_bytes(std::span(wrapped.bytes)), std::as_writable_bytes(std::span(plain)));
  if (!whole) return std::nullopt;
  return Secret(std::move(plain));
}

std::string MasterKeys::seal(std::string_view purpose, const Secret& plain) {
  const auto wrapped = wrap(installation_binding(purpose), plain);
  const std::string nonce(wrapped.nonce.begin(), wrapped.nonce.end());
  return fmt::format("{}.{}.{}", wrapped.master, to_base64url(nonce), to_base64url(wrapped.bytes));
}

std::uint32_t MasterKeys::version_of(std::string_view sealed) {
  return parse_version(sealed.substr(0, sealed.find('.'))).value_or(0);
}

Secret MasterKeys::open(std::string_view purpose, std::string_view sealed) {
  const Error damaged(ErrorCode::internal, "sealed_damaged",
                      "A secret of this installation cannot be opened. Put back the master key "
                      "file that it was made with.");
  const auto first = sealed.find('.');
  const auto second = first == sealed.npos ? first : sealed.find('.', first + 1);
  if (second == sealed.npos) throw damaged;
  const auto nonce = from_base64url(sealed.substr(first + 1, second - first - 1));
  auto bytes = from_base64url(sealed.substr(second + 1));
  if (!nonce || nonce->size() != kNonceBytes || !bytes) throw damaged;
  WrappedValue wrapped{version_of(sealed), {}, std::move(*bytes)};
  std::ranges::copy(*nonce, wrapped.nonce.begin());
  auto plain = unwrap(installation_binding(purpose), wrapped);
  if (!plain) throw damaged;
  return std::move(*plain);
}

void MasterKeys::write_whole(const Secret& text) {
  const auto temporary = file_.parent_path() / temporary_name();
  try {
    const File file = files_.create(temporary);
    files_.write_at(file, 0, std::as_bytes(std::span(text.reveal())));
    files_.sync(file);
    files_.replace(temporary, file_);
    files_.sync_folder(file_.parent_path());
  } catch (const Error& error) {
    try {
      files_.remove_file(temporary);
    } catch (const Error&) {  // the folder cannot be written
    }
    throw invalid("master_key_not_written",
                  fmt::format("The master key file {} cannot be written. Add a line \"{}:KEY\" to "
                              "it, KEY from \"openssl rand -base64 32\", then run this again with "
                              "--rewrap.",
                              file_.string(), keys_.rbegin()->first + 1))
        .with_cause(error.what());
  }
  read_again();
}

std::uint32_t MasterKeys::add() {
  const std::lock_guard lock(mutex_);
  const Secret old = read_file();
  keys_ = parse(old.reveal());
  const auto version = keys_.rbegin()->first + 1;
  std::string text(old.reveal());
  if (!text.ends_with('\n')) text += '\n';
  text += line_of(version, Secret(random_bytes(kKeyBytes)));
  write_whole(Secret(std::move(text)));
  return version;
}

void MasterKeys::keep_only_newest() {
  const std::lock_guard lock(mutex_);
  read_again();
  const auto& [version, key] = *keys_.rbegin();
  if (keys_.size() > 1) write_whole(Secret(line_of(version, key)));
}

}  // namespace aa::blob
