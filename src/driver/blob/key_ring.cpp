#include "driver/blob/key_ring.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "driver/blob/aead.hpp"

namespace aa::blob {
namespace {

constexpr std::size_t kKeyFileBytesMax = 64 * 1024;
constexpr std::size_t kKnownKeysMax = 10'000;
// Enough to notice a wrong master key at once; every other key is checked when it is used.
constexpr std::size_t kKeysCheckedAtStart = 64;
constexpr std::string_view kKeySuffix = ".key";
constexpr std::string_view kTombstoneSuffix = ".destroyed";

Error wrong_master_key(OrganizationId organization, std::uint32_t version) {
  return invalid("master_key_wrong",
                 fmt::format("The master key (version {}) does not open the data key of "
                             "organisation {}. Put back the master key file that this data "
                             "folder was made with.",
                             version, organization.str()));
}

std::string binding(OrganizationId organization, std::uint32_t version) {
  return fmt::format("annotateai data key 1\n{}\n{}", organization.str(), version);
}

// Absolute and without links: mounted secrets are often links to files.
std::filesystem::path plain_path(const std::filesystem::path& path) {
  const auto plain = std::filesystem::weakly_canonical(std::filesystem::absolute(path));
  return plain.has_filename() ? plain : plain.parent_path();
}

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

std::optional<OrganizationId> organization_of(const FileSystem::Entry& entry,
                                              std::string_view suffix) {
  const std::string_view name = entry.name;
  if (entry.is_folder || !name.ends_with(suffix)) return std::nullopt;
  return OrganizationId::parse(name.substr(0, name.size() - suffix.size()));
}

struct WrappedKey {
  std::uint32_t version = 0;
  Nonce nonce{};
  std::string sealed;
};

std::optional<WrappedKey> parse_wrapped(std::string_view text) {
  boost::json::error_code error;
  const auto value = boost::json::parse(text, error);
  const auto* object = error ? nullptr : value.if_object();
  if (object == nullptr) return std::nullopt;
  const auto* version = object->if_contains("master_key_version");
  const auto* nonce = object->if_contains("nonce");
  const auto* wrapped = object->if_contains("wrapped");
  if (!version || !version->is_int64() || !nonce || !nonce->is_string() || !wrapped ||
      !wrapped->is_string()) {
    return std::nullopt;
  }
  const auto nonce_bytes = from_base64url(std::string_view(nonce->get_string()));
  auto sealed = from_base64url(std::string_view(wrapped->get_string()));
  if (!nonce_bytes || nonce_bytes->size() != kNonceBytes || !sealed ||
      sealed->size() != kKeyBytes + kTagBytes) {
    return std::nullopt;
  }
  WrappedKey key{static_cast<std::uint32_t>(version->get_int64()), {}, std::move(*sealed)};
  std::ranges::copy(*nonce_bytes, key.nonce.begin());
  return key;
}

}  // namespace

KeyRing::KeyRing(FileSystem& files, Path data_dir, Path master_key_file)
    : files_(files),
      folder_(plain_path(data_dir) / "keys"),
      master_key_file_(
          plain_path(master_key_file.empty() ? data_dir / "master.key" : master_key_file)) {
  data_dir = folder_.parent_path();
  std::error_code ignored;  // make_folder reports what is still missing
  std::filesystem::create_directories(data_dir.parent_path(), ignored);
  files_.make_folder(data_dir);
  files_.make_folder(folder_);
  files_.sync_folder(data_dir);
  files_.sync_folder(folder_);  // keys that a killed process had just made
  bool wrapped_keys_exist = false;
  for (const auto& entry : files_.list(folder_)) {
    wrapped_keys_exist |= organization_of(entry, kKeySuffix).has_value();
    if (entry.name.starts_with(".new-")) files_.remove_file(folder_ / entry.name);
  }
  load_master_keys(wrapped_keys_exist);
  check_wrapped_keys();
}

void KeyRing::load_master_keys(bool wrapped_keys_exist) {
  File file = files_.open(master_key_file_);
  if (!file && wrapped_keys_exist) {
    throw invalid("master_key_missing",
                  fmt::format("The master key file {} is missing, but this data folder holds "
                              "data encrypted with it. Put the file back, or name it with "
                              "MASTER_KEY_FILE.",
                              master_key_file_.string()));
  }
  if (!file) {
    make_master_key_file();
    file = files_.open(master_key_file_);
    if (!file) throw internal_error("the new master key file cannot be opened");
  }
  if (const unsigned mode = files_.mode(file); (mode & 077) != 0) {
    throw invalid("master_key_exposed",
                  fmt::format("The master key file {} (MASTER_KEY_FILE) can be read or changed by "
                              "others (mode {:04o}). Run: chmod 600 {}",
                              master_key_file_.string(), mode, master_key_file_.string()));
  }
  auto text = Secret(read_small_file(files_, file, kKeyFileBytesMax));
  parse_master_keys(text.reveal());
}

void KeyRing::make_master_key_file() {
  const auto text = Secret(to_base64(random_bytes(kKeyBytes)) + "\n");
  // Another process may make it at the same time: the first one stays.
  write_new_file(files_, master_key_file_.parent_path() / temporary_name(), master_key_file_,
                 text.reveal());
}

void KeyRing::parse_master_keys(std::string_view text) {
  const auto bad = [&](int line) {
    return invalid("master_key_invalid",
                   fmt::format("Line {} of the master key file {} (MASTER_KEY_FILE) is not "
                               "[VERSION:]BASE64 of 32 bytes. Make one with: openssl rand "
                               "-base64 32",
                               line, master_key_file_.string()));
  };
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    std::uint32_t version = 1;
    if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      const auto [at, error] = std::from_chars(line.data(), line.data() + colon, version);
      if (error != std::errc() || at != line.data() + colon || version == 0) throw bad(number);
      line.remove_prefix(colon + 1);
    }
    auto key = parse_key(std::string(line));
    if (key.empty() || !master_keys_.emplace(version, std::move(key)).second) throw bad(number);
  }
  if (master_keys_.empty()) throw bad(1);
}

void KeyRing::check_wrapped_keys() {
  std::size_t checked = 0;
  for (const auto& entry : files_.list(folder_)) {
    const auto organization = organization_of(entry, kKeySuffix);
    if (!organization) continue;
    if (checked++ == kKeysCheckedAtStart) return;
    load(*organization);
  }
}

KeyRing::Path KeyRing::key_path(OrganizationId organization) const {
  return folder_ / (organization.str() + std::string(kKeySuffix));
}
KeyRing::Path KeyRing::tombstone_path(OrganizationId organization) const {
  return folder_ / (organization.str() + std::string(kTombstoneSuffix));
}

DataKey KeyRing::find(OrganizationId organization) {
  const std::lock_guard lock(mutex_);
  if (const auto at = known_.find(organization); at != known_.end()) return at->second;
  auto key = load(organization);
  if (key) {
    if (known_.size() >= kKnownKeysMax) known_.clear();
    known_.emplace(organization, key);
  }
  return key;
}

DataKey KeyRing::get_or_create(OrganizationId organization) {
  if (auto key = find(organization)) return key;
  const std::lock_guard lock(mutex_);
  if (const auto at = known_.find(organization); at != known_.end()) return at->second;
  if (files_.open(tombstone_path(organization))) throw not_found("organization");
  auto key = make(organization);
  known_.insert_or_assign(organization, key);
  return key;
}

DataKey KeyRing::load(OrganizationId organization) {
  const File file = files_.open(key_path(organization));
  // A key whose tombstone is there was about to be removed when the power went.
  if (!file || files_.open(tombstone_path(organization))) return nullptr;
  return unwrap(organization, read_small_file(files_, file, kKeyFileBytesMax));
}

DataKey KeyRing::make(OrganizationId organization) {
  const Secret key(random_bytes(kKeyBytes));
  write_new_file(files_, folder_ / temporary_name(), key_path(organization),
                 wrap(organization, key));
  // Read back: if another process was first, its key is the one.
  return load(organization);
}

std::string KeyRing::wrap(OrganizationId organization, const Secret& key) const {
  const auto& [version, master] = *master_keys_.rbegin();
  const auto random = random_bytes(kNonceBytes);
  Nonce nonce{};
  std::ranges::copy(random, nonce.begin());
  std::string sealed(kKeyBytes + kTagBytes, '\0');
  Aead(master).seal(nonce, binding(organization, version), std::as_bytes(std::span(key.reveal())),
                    std::as_writable_bytes(std::span(sealed)));
  const boost::json::object object = {{"format", 1},
                                      {"master_key_version", version},
                                      {"nonce", to_base64url(random)},
                                      {"wrapped", to_base64url(sealed)}};
  return boost::json::serialize(object) + "\n";
}

DataKey KeyRing::unwrap(OrganizationId organization, std::string_view text) const {
  const auto wrapped = parse_wrapped(text);
  if (!wrapped) {
    throw Error(ErrorCode::internal, "data_key_damaged",
                fmt::format("The key file of organisation {} is damaged. Restore it from a "
                            "backup.",
                            organization.str()));
  }
  const auto master = master_keys_.find(wrapped->version);
  if (master == master_keys_.end()) throw wrong_master_key(organization, wrapped->version);
  std::string key(kKeyBytes, '\0');
  if (!Aead(master->second)
           .open(wrapped->nonce, binding(organization, wrapped->version),
                 std::as_bytes(std::span(wrapped->sealed)),
                 std::as_writable_bytes(std::span(key)))) {
    throw wrong_master_key(organization, wrapped->version);
  }
  return std::make_shared<const Secret>(std::move(key));
}

void KeyRing::destroy(OrganizationId organization) {
  const std::lock_guard lock(mutex_);
  known_.erase(organization);
  write_new_file(files_, folder_ / temporary_name(), tombstone_path(organization), "destroyed\n");
  files_.remove_file(key_path(organization));
  files_.sync_folder(folder_);
}

std::vector<OrganizationId> KeyRing::destroyed() const {
  std::vector<OrganizationId> found;
  for (const auto& entry : files_.list(folder_)) {
    if (const auto organization = organization_of(entry, kTombstoneSuffix)) {
      found.push_back(*organization);
    }
  }
  return found;
}

}  // namespace aa::blob
