#include "driver/mail/letter.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/utf8.hpp"

namespace aa::mail {
namespace {

constexpr std::size_t kAddressBytes = 254;
constexpr std::size_t kSubjectBytes = 200;
constexpr std::size_t kNameBytes = 100;
constexpr std::size_t kEncodedWordBytes = 42;  // 56 characters of base64: a line stays under 76
constexpr std::size_t kLineBytes = 75;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// RFC 2047: words of base64, none of which cuts a character in two.
std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(text.size(), kEncodedWordBytes);
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
    out +=
        (out.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + to_base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

std::string header_text(std::string_view text, std::size_t max_bytes) {
  const auto plain = label_text(text, max_bytes);
  return is_ascii(plain) && plain.find("=?") == std::string::npos ? plain : encoded_words(plain);
}

std::string date_text(Timestamp date) {
  const std::time_t seconds = date.micros / 1'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  // Not strftime: its names follow the locale.
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                     kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                     kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

// RFC 2045, section 6.7.
std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\r') continue;
    if (byte == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool at_end = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    const bool plain = (byte > ' ' && byte < 0x7f && byte != '=') || (byte == ' ' && !at_end);
    const auto piece = plain ? std::string(1, text[i]) : fmt::format("={:02X}", byte);
    if (column + piece.size() > kLineBytes) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\"");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\"") - from + 1);
}

}  // namespace

bool is_address(std::string_view text) {
  const auto at = text.find('@');
  if (text.size() > kAddressBytes || at == std::string_view::npos || at == 0) return false;
  if (at + 1 == text.size() || text.find('@', at + 1) != std::string_view::npos) return false;
  constexpr std::string_view kFraming = "<>()[],;:\\\"";
  return is_utf8(text) && std::ranges::none_of(text, [&](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte <= ' ' || byte == 0x7f || kFraming.find(c) != std::string_view::npos;
         });
}

Sender parse_sender(std::string_view text) {
  Sender out;
  const auto open = text.find('<');
  if (open == std::string_view::npos) {
    out.address = trimmed(text);
  } else {
    const auto close = text.find('>', open);
    out.name = trimmed(text.substr(0, open));
    out.address = text.substr(open + 1, close == std::string_view::npos ? 0 : close - open - 1);
  }
  if (!is_address(out.address)) {
    throw invalid("bad_address", "\"" + label_text(text, kAddressBytes) +
                                     "\" is neither an e-mail address nor \"NAME <ADDRESS>\".");
  }
  return out;
}

std::string compose(const Letter& letter, const Sender& sender, Timestamp date,
                    std::string_view id) {
  if (!is_address(letter.to)) throw invalid("bad_address", "The letter has no address to go to.");
  std::string from = sender.address;
  if (!sender.name.empty()) {
    auto name = label_text(sender.name, kNameBytes);
    std::erase_if(name, [](char c) { return c == '"' || c == '\\'; });
    from = (is_ascii(name) ? "\"" + name + "\"" : encoded_words(name)) + " <" + from + ">";
  }
  const auto host = sender.address.substr(sender.address.find('@') + 1);
  std::string out;
  out += "From: " + from + "\r\n";
  out += "To: " + letter.to + "\r\n";
  out += "Subject: " + header_text(letter.subject, kSubjectBytes) + "\r\n";
  out += "Date: " + date_text(date) + "\r\n";
  out += "Message-ID: <" + std::string(id) + "@" + host + ">\r\n";
  out += "Auto-Submitted: auto-generated\r\n";
  out += "MIME-Version: 1.0\r\n";
  out += "Content-Type: text/plain; charset=utf-8\r\n";
  out += "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
  return out + quoted_printable(repair_utf8(letter.text));
}

}  // namespace aa::mail
