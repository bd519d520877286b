#include "driver/archive/zip_name.hpp"

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace aa::archive {
namespace {

constexpr std::size_t kShownBytes = 200;

// The upper half of code page 437, in which zips name their entries unless they say UTF-8.
constexpr std::u16string_view kCodePage437 =
    u"\u00c7\u00fc\u00e9\u00e2\u00e4\u00e0\u00e5\u00e7\u00ea\u00eb\u00e8\u00ef\u00ee\u00ec\u00c4"
    u"\u00c5\u00c9\u00e6\u00c6\u00f4\u00f6\u00f2\u00fb\u00f9\u00ff\u00d6\u00dc\u00a2\u00a3\u00a5"
    u"\u20a7\u0192\u00e1\u00ed\u00f3\u00fa\u00f1\u00d1\u00aa\u00ba\u00bf\u2310\u00ac\u00bd\u00bc"
    u"\u00a1\u00ab\u00bb\u2591\u2592\u2593\u2502\u2524\u2561\u2562\u2556\u2555\u2563\u2551\u2557"
    u"\u255d\u255c\u255b\u2510\u2514\u2534\u252c\u251c\u2500\u253c\u255e\u255f\u255a\u2554\u2569"
    u"\u2566\u2560\u2550\u256c\u2567\u2568\u2564\u2565\u2559\u2558\u2552\u2553\u256b\u256a\u2518"
    u"\u250c\u2588\u2584\u258c\u2590\u2580\u03b1\u00df\u0393\u03c0\u03a3\u03c3\u00b5\u03c4\u03a6"
    u"\u0398\u03a9\u03b4\u221e\u03c6\u03b5\u2229\u2261\u00b1\u2265\u2264\u2320\u2321\u00f7\u2248"
    u"\u00b0\u2219\u00b7\u221a\u207f\u00b2\u25a0\u00a0";
static_assert(kCodePage437.size() == 128);

void append_utf8(std::string& out, char16_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

std::string decoded(std::string_view raw, bool utf8) {
  if (is_utf8(raw)) return std::string(raw);
  if (utf8) return repair_utf8(raw);
  std::string out;
  for (const char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(out, byte < 0x80 ? byte : kCodePage437[byte - 0x80]);
  }
  return out;
}

[[noreturn]] void refuse(std::string_view raw, const std::string& why) {
  throw invalid("zip_entry_path", "The zip's entry \"" + shown_name(raw) + "\" " + why + ".");
}

}  // namespace

std::string zip_path(std::string_view raw, bool utf8) {
  std::string name = decoded(raw, utf8);
  if (name.find('\0') != std::string::npos) refuse(raw, "has a NUL in its name");
  std::ranges::replace(name, '\\', '/');
  if (name.starts_with('/')) refuse(raw, "has an absolute path");
  const bool drive =
      name.size() > 1 && name[1] == ':' && std::isalpha(static_cast<unsigned char>(name[0])) != 0;
  if (drive) refuse(raw, "names a drive");
  std::string out;
  for (std::string_view rest = name; !rest.empty();) {
    const auto end = rest.find('/');
    const auto part = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (part == "..") refuse(raw, "leads out of its folder");
    if (part.empty() || part == ".") continue;
    if (!out.empty()) out += '/';
    out += part;
  }
  if (out.empty()) refuse(raw, "has no name");
  return out;
}

std::string shown_name(std::string_view raw) {
  std::string out(raw.substr(0, kShownBytes));
  std::ranges::replace_if(
      out, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return repair_utf8(out);
}

}  // namespace aa::archive
