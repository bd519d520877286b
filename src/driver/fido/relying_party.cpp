#include "driver/fido/relying_party.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace aa::fido {
namespace {

constexpr std::string_view kTls = "https://";
constexpr std::string_view kPlain = "http://";

Error unavailable_here(std::string_view url, const std::string& why) {
  return conflict("passkeys_unavailable",
                  "Passkeys need https:// with a domain name, or http://localhost: " + why + " " +
                      std::string(url) + ". Set PUBLIC_URL.");
}

// A host that ends in a number is read as an address.
bool is_address(std::string_view host) {
  if (host.empty() || host.front() == '[') return true;
  const auto last = host.substr(host.rfind('.') + 1);
  return std::ranges::all_of(last, [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

RelyingParty relying_party(std::string_view public_url) {
  const bool tls = public_url.starts_with(kTls);
  if (!tls && !public_url.starts_with(kPlain)) {
    throw unavailable_here(public_url, "people reach this server at");
  }
  const auto scheme = tls ? kTls : kPlain;
  const auto place = lower(public_url.substr(scheme.size()));
  const auto colon = place.front() == '[' ? std::string::npos : place.find(':');
  const std::string host = place.substr(0, colon);
  std::string port = colon == std::string::npos ? "" : place.substr(colon);
  if (port == ":" || port == (tls ? ":443" : ":80")) port.clear();
  if (is_address(host)) throw unavailable_here(public_url, "there is none in");
  if (!tls && host != "localhost" && !host.ends_with(".localhost")) {
    throw unavailable_here(public_url, "there is no TLS at");
  }
  return {host, std::string(scheme) + host + port};
}

}  // namespace aa::fido
