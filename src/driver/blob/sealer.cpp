#include "driver/blob/sealer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "driver/blob/aead.hpp"

namespace aa::blob {
namespace {

constexpr char kFormat = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHeadBytes = 1 + kSaltBytes;

// A key per value, so that the all-zero nonce is used once under it.
Aead aead_of(const Secret& data_key, std::string_view salt) {
  return Aead(derive_key(data_key, salt, "annotateai sealed value 1"));
}

std::string binding(OrganizationId organization, std::string_view purpose) {
  return organization.str() + "\n" + std::string(purpose);
}

std::optional<Secret> try_open(const std::vector<DataKeyVersion>& keys, OrganizationId organization,
                               std::string_view purpose, std::string_view sealed) {
  if (sealed.size() < kHeadBytes + kTagBytes || sealed[0] != kFormat) return std::nullopt;
  std::string plain(sealed.size() - kHeadBytes - kTagBytes, '\0');
  for (const auto& version : keys) {
    const bool whole = aead_of(*version.key, sealed.substr(1, kSaltBytes))
                           .open(Nonce{}, binding(organization, purpose),
                                 std::as_bytes(std::span(sealed)).subspan(kHeadBytes),
                                 std::as_writable_bytes(std::span(plain)));
    if (whole) return Secret(std::move(plain));
  }
  return std::nullopt;
}

}  // namespace

std::string Sealer::seal(OrganizationId organization, std::string_view purpose,
                         const Secret& plain) {
  const auto key = keys_->get_or_create(organization);
  std::string sealed = kFormat + random_bytes(kSaltBytes);
  sealed.resize(kHeadBytes + plain.reveal().size() + kTagBytes);
  aead_of(*key, std::string_view(sealed).substr(1, kSaltBytes))
      .seal(Nonce{}, binding(organization, purpose), std::as_bytes(std::span(plain.reveal())),
            std::as_writable_bytes(std::span(sealed)).subspan(kHeadBytes));
  return sealed;
}

Secret Sealer::open(OrganizationId organization, std::string_view purpose,
                    std::string_view sealed) {
  auto keys = keys_->all(organization);
  if (!keys) throw not_found("organization");
  auto plain = try_open(*keys, organization, purpose, sealed);
  if (!plain && (keys = keys_->reread(organization))) {
    plain = try_open(*keys, organization, purpose, sealed);  // another process rotated just now
  }
  if (plain) return std::move(*plain);
  throw Error(ErrorCode::internal, "sealed_damaged",
              "A stored secret cannot be opened. Enter it again.");
}

}  // namespace aa::blob
