#include "driver/ldap/ldap_text.hpp"

#include <array>

namespace aa::ldap {
namespace {

constexpr std::string_view kUser = "{user}";
constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

}  // namespace

std::string escape_filter(std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 0x20 && byte < 0x7f && c != '*' && c != '(' && c != ')' && c != '\\';
    if (plain) {
      out += c;
    } else {
      out += '\\';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

std::string filled_filter(std::string_view filter, std::string_view user) {
  const auto value = escape_filter(user);
  std::string out;
  while (true) {
    const auto at = filter.find(kUser);
    out += filter.substr(0, at);
    if (at == std::string_view::npos) return out;
    out += value;
    filter.remove_prefix(at + kUser.size());
  }
}

bool is_filter(std::string_view text) {
  if (text.empty() || text.front() != '(' || text.back() != ')') return false;
  int open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return false;
    if (text[i] == '(') ++open;
    if (text[i] == ')') --open;
    if (open < 0 || open > 32) return false;
    if (open == 0 && i + 1 < text.size()) return false;
  }
  return open == 0;
}

std::optional<std::string> der_of_pem(std::string_view pem) {
  const auto begin = pem.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  pem.remove_prefix(begin + kBegin.size());
  const auto end = pem.find(kEnd);
  if (end == std::string_view::npos) return std::nullopt;
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : pem.substr(0, end)) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t' || c == '=') continue;
    const int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 255U);
  }
  if (out.size() < 100 || static_cast<unsigned char>(out[0]) != 0x30) return std::nullopt;
  return out;
}

}  // namespace aa::ldap
