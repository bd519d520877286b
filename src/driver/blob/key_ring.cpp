#include "driver/blob/key_ring.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "driver/blob/aead.hpp"

namespace aa::blob {
namespace {

namespace bj = boost::json;

constexpr std::size_t kKeyFileBytesMax = 64 * 1024;
constexpr std::size_t kKnownKeysMax = 10'000;
// Enough to notice a wrong master key at once; every other key is checked when it is used.
constexpr std::size_t kKeysCheckedAtStart = 64;
constexpr std::size_t kVersionsMax = 200;
constexpr std::string_view kKeySuffix = ".key";
constexpr std::string_view kTombstoneSuffix = ".destroyed";

Error wrong_master_key(OrganizationId organization, std::uint32_t version) {
  return invalid("master_key_wrong",
                 fmt::format("The master key (version {}) does not open the data key of "
                             "organisation {}. Put back the master key file that this data "
                             "folder was made with.",
                             version, organization.str()));
}

Error damaged(OrganizationId organization) {
  return Error(ErrorCode::internal, "data_key_damaged",
               fmt::format("The key file of organisation {} is damaged. Restore it from a "
                           "backup.",
                           organization.str()));
}

// The master key's version follows.
std::string binding(OrganizationId organization, std::uint32_t version) {
  if (version == 1) return "annotateai data key 1\n" + organization.str();
  return fmt::format("annotateai data key 2\n{}\n{}", organization.str(), version);
}

// Absolute and without links: mounted secrets are often links to files.
std::filesystem::path plain_path(const std::filesystem::path& path) {
  const auto plain = std::filesystem::weakly_canonical(std::filesystem::absolute(path));
  return plain.has_filename() ? plain : plain.parent_path();
}

std::string temporary_name(std::string_view prefix) {
  const auto bytes = random_bytes(8);
  return std::string(prefix) +
         to_hex(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), 8));
}

std::optional<OrganizationId> organization_of(const FileSystem::Entry& entry,
                                              std::string_view suffix) {
  const std::string_view name = entry.name;
  if (entry.is_folder || !name.ends_with(suffix)) return std::nullopt;
  return OrganizationId::parse(name.substr(0, name.size() - suffix.size()));
}

struct WrappedKey {
  std::uint32_t version = 1;
  WrappedValue value;
};

std::optional<std::uint32_t> version_in(const bj::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 1 ||
      value->get_int64() > 0xFFFF'FFFFLL) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(value->get_int64());
}

std::optional<WrappedKey> read_wrapped(const bj::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  const auto master = version_in(*object, "master_key_version");
  const auto* nonce = object->if_contains("nonce");
  const auto* wrapped = object->if_contains("wrapped");
  if (!master || !nonce || !nonce->is_string() || !wrapped || !wrapped->is_string()) {
    return std::nullopt;
  }
  const auto nonce_bytes = from_base64url(std::string_view(nonce->get_string()));
  auto sealed = from_base64url(std::string_view(wrapped->get_string()));
  if (!nonce_bytes || nonce_bytes->size() != kNonceBytes || !sealed ||
      sealed->size() != kKeyBytes + kTagBytes) {
    return std::nullopt;
  }
  WrappedKey key{version_in(*object, "version").value_or(1), {*master, {}, std::move(*sealed)}};
  std::ranges::copy(*nonce_bytes, key.value.nonce.begin());
  return key;
}

// Empty when the text is no key file.
std::vector<WrappedKey> parse_wrapped(std::string_view text) {
  bj::error_code error;
  const auto value = bj::parse(text, error);
  const auto* object = error ? nullptr : value.if_object();
  if (object == nullptr) return {};
  std::vector<const bj::value*> parts = {&value};
  if (const auto* older = object->if_contains("older"); older != nullptr && older->is_array()) {
    for (const auto& part : older->get_array()) parts.push_back(&part);
  }
  std::vector<WrappedKey> out;
  for (const auto* part : parts) {
    auto key = read_wrapped(*part);
    if (!key) return {};
    out.push_back(std::move(*key));
  }
  return out;
}

bj::object write_wrapped(std::uint32_t version, const WrappedValue& value) {
  const std::string nonce(value.nonce.begin(), value.nonce.end());
  return {{"format", 1},
          {"version", version},
          {"master_key_version", value.master},
          {"nonce", to_base64url(nonce)},
          {"wrapped", to_base64url(value.bytes)}};
}

}  // namespace

KeyRing::KeyRing(FileSystem& files, Path data_dir, Path master_key_file)
    : files_(files),
      folder_(plain_path(data_dir) / "keys"),
      master_(files,
              (prepare_folder(),
               plain_path(master_key_file.empty() ? data_dir / "master.key" : master_key_file)),
              !organizations().empty()) {
  check_wrapped_keys();
}

void KeyRing::prepare_folder() {
  const auto data_dir = folder_.parent_path();
  std::error_code ignored;  // make_folder reports what is still missing
  std::filesystem::create_directories(data_dir.parent_path(), ignored);
  files_.make_folder(data_dir);
  files_.make_folder(folder_);
  files_.sync_folder(data_dir);
  files_.sync_folder(folder_);  // keys that a killed process had just made
  for (const auto& entry : files_.list(folder_)) {
    if (entry.name.starts_with(".new-")) files_.remove_file(folder_ / entry.name);
  }
}

std::vector<OrganizationId> KeyRing::organizations() const {
  std::vector<OrganizationId> found;
  for (const auto& entry : files_.list(folder_)) {
    if (const auto organization = organization_of(entry, kKeySuffix)) {
      found.push_back(*organization);
    }
  }
  return found;
}

void KeyRing::check_wrapped_keys() {
  std::size_t checked = 0;
  for (const auto organization : organizations()) {
    if (checked++ == kKeysCheckedAtStart) return;
    load(organization);
  }
}

KeyRing::Path KeyRing::key_path(OrganizationId organization) const {
  return folder_ / (organization.str() + std::string(kKeySuffix));
}
KeyRing::Path KeyRing::tombstone_path(OrganizationId organization) const {
  return folder_ / (organization.str() + std::string(kTombstoneSuffix));
}

// With mutex_ held.
DataKeys KeyRing::look_up(OrganizationId organization, bool again) {
  const auto now = std::chrono::steady_clock::now();
  const auto at = known_.find(organization);
  if (at != known_.end() && !again && now - at->second.read_at < kFresh) return at->second.keys;
  DataKeys keys;
  try {
    keys = load(organization);
  } catch (const Error&) {
    if (at == known_.end()) throw;
    keys = at->second.keys;  // the next look may find the file whole again
  }
  if (!keys) {
    known_.erase(organization);
    return nullptr;
  }
  if (known_.size() >= kKnownKeysMax) known_.clear();
  known_.insert_or_assign(organization, Known{keys, now});
  return keys;
}

DataKeys KeyRing::all(OrganizationId organization) {
  const std::lock_guard lock(mutex_);
  return look_up(organization, false);
}

DataKeys KeyRing::reread(OrganizationId organization) {
  const std::lock_guard lock(mutex_);
  return look_up(organization, true);
}

DataKey KeyRing::find(OrganizationId organization) {
  const auto keys = all(organization);
  return keys ? keys->front().key : nullptr;
}

DataKey KeyRing::get_or_create(OrganizationId organization) {
  const std::lock_guard lock(mutex_);
  auto keys = look_up(organization, false);
  if (!keys) {
    if (files_.open(tombstone_path(organization))) throw not_found("organization");
    keys = make(organization);
    if (!keys) throw not_found("organization");
    known_.insert_or_assign(organization, Known{keys, std::chrono::steady_clock::now()});
  }
  return keys->front().key;
}

DataKeys KeyRing::load(OrganizationId organization) {
  const File file = files_.open(key_path(organization));
  // A key whose tombstone is there was about to be removed when the power went.
  if (!file || files_.open(tombstone_path(organization))) return nullptr;
  return unwrap(organization, read_small_file(files_, file, kKeyFileBytesMax));
}

DataKeys KeyRing::make(OrganizationId organization) {
  const std::vector<DataKeyVersion> keys = {
      {1, 0, std::make_shared<const Secret>(random_bytes(kKeyBytes))}};
  write_new_file(files_, folder_ / temporary_name(".new-"), key_path(organization),
                 wrap(organization, keys));
  // Read back: if another process was first, its key is the one.
  return load(organization);
}

std::string KeyRing::wrap(OrganizationId organization, const std::vector<DataKeyVersion>& keys) {
  bj::object out;
  bj::array older;
  for (const auto& [version, master, key] : keys) {
    auto part = write_wrapped(version, master_.wrap(binding(organization, version), *key));
    if (out.empty()) {
      out = std::move(part);
    } else {
      older.push_back(std::move(part));
    }
  }
  if (!older.empty()) out["older"] = std::move(older);
  return bj::serialize(out) + "\n";
}

DataKeys KeyRing::unwrap(OrganizationId organization, std::string_view text) {
  const auto wrapped = parse_wrapped(text);
  if (wrapped.empty()) throw damaged(organization);
  auto out = std::make_shared<std::vector<DataKeyVersion>>();
  for (const auto& [version, value] : wrapped) {
    auto key = master_.unwrap(binding(organization, version), value);
    if (!key) throw wrong_master_key(organization, value.master);
    out->push_back({version, value.master, std::make_shared<const Secret>(std::move(*key))});
  }
  return out;
}

File KeyRing::lock_rotation() {
  const auto path = folder_ / ".rotation";
  File file = files_.open(path);
  if (!file) {
    write_new_file(files_, folder_ / temporary_name(".new-"), path, "");
    file = files_.open(path);
  }
  if (!file || !files_.try_lock(file, true)) {
    throw conflict("rotation_running",
                   "Keys are being rotated or backed up already. Try again when that has ended.");
  }
  for (const auto& entry : files_.list(folder_)) {
    if (entry.name.starts_with(".rotate-")) files_.remove_file(folder_ / entry.name);
  }
  return file;
}

// Under the lock of lock_rotation().
void KeyRing::replace(OrganizationId organization, const std::vector<DataKeyVersion>& keys) {
  const auto temporary = folder_ / temporary_name(".rotate-");
  const auto text = wrap(organization, keys);
  {
    const File file = files_.create(temporary);
    files_.write_at(file, 0, std::as_bytes(std::span(text)));
    files_.sync(file);
  }
  files_.replace(temporary, key_path(organization));
  // Destroyed meanwhile: its tombstone came before its key went, so one of the two removals is
  // after this replacement.
  if (files_.open(tombstone_path(organization))) files_.remove_file(key_path(organization));
  files_.sync_folder(folder_);
}

std::uint32_t KeyRing::rotate(OrganizationId organization) {
  const auto keys = reread(organization);
  if (!keys) throw not_found("organization");
  if (keys->size() >= kVersionsMax) {
    throw conflict("too_many_keys", "This organization has 200 versions of its data key already.");
  }
  auto more = *keys;
  const auto version = keys->front().version + 1;
  more.insert(more.begin(), {version, 0, std::make_shared<const Secret>(random_bytes(kKeyBytes))});
  replace(organization, more);
  reread(organization);
  return version;
}

bool KeyRing::rewrap(OrganizationId organization) {
  const auto keys = reread(organization);
  const auto newest = master_.newest();
  const auto is_new = [&](const DataKeyVersion& key) { return key.master == newest; };
  if (!keys || std::ranges::all_of(*keys, is_new)) return false;
  replace(organization, *keys);
  return true;
}

void KeyRing::destroy(OrganizationId organization) {
  const std::lock_guard lock(mutex_);
  known_.erase(organization);
  write_new_file(files_, folder_ / temporary_name(".new-"), tombstone_path(organization),
                 "destroyed\n");
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
