#include "driver/fido/fido_fuzz.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "driver/fido/cbor_guard.hpp"
#include "driver/fido/webauthn.hpp"

namespace aa::fido {
namespace {

const Ceremony kCeremony{{"example.org", "https://example.org"}, "Y2hhbGxlbmdl", false};

std::string client_data(const std::string& type) {
  return R"({"type":")" + type + R"(","challenge":"Y2hhbGxlbmdl","origin":"https://example.org"})";
}

}  // namespace

void fuzz_attestation(std::string_view bytes) {
  if (const auto length = cbor_length(bytes); length && *length > bytes.size()) {
    throw std::logic_error("an item is longer than what there is");
  }
  try {
    const auto made =
        check_attestation(kCeremony, {client_data("webauthn.create"), std::string(bytes)});
    if (made.id.empty() || made.id.size() > kCredentialIdBytes || made.public_key.empty()) {
      throw std::logic_error("a passkey without an id or a key");
    }
    // Whatever key is taken can be asked later.
    const Assertion nothing{client_data("webauthn.get"), std::string(37, '\x01'), "x"};
    check_assertion(kCeremony, made, nothing);
    throw std::logic_error("a signature nobody made is taken");
  } catch (const Error&) {
  }
}

void fuzz_assertion(std::string_view bytes) {
  if (bytes.empty()) return;
  constexpr std::array<int, 4> kKinds{kEs256, kEdDsa, kRs256, 0};
  constexpr std::array<std::size_t, 4> kSizes{64, 32, 259, 16};
  const auto kind = static_cast<unsigned char>(bytes[0]) % kKinds.size();
  bytes.remove_prefix(1);
  Credential known;
  known.algorithm = kKinds[kind];
  known.public_key = bytes.substr(0, kSizes[kind]);
  bytes.remove_prefix(known.public_key.size());
  const auto data = bytes.substr(0, std::min<std::size_t>(bytes.size(), 37));
  bytes.remove_prefix(data.size());
  try {
    check_assertion(kCeremony, known,
                    {client_data("webauthn.get"), std::string(data), std::string(bytes)});
  } catch (const Error&) {
  }
}

}  // namespace aa::fido
