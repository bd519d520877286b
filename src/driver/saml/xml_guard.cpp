#include "driver/saml/xml_guard.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace aa::saml {
namespace {

constexpr std::size_t kDepth = 64;
constexpr std::size_t kElements = 10'000;
constexpr std::size_t kTagBytes = 16 * 1024;
constexpr std::size_t kAttributes = 64;

Error bad(const char* why) {
  return malformed("saml_document", "The message is not taken.").with_cause(why);
}

class Guard {
 public:
  Guard(std::string_view text, Comments comments) : text_(text), comments_(comments) {}

  void run() {
    declaration();
    while (at_ < text_.size()) {
      if (text_[at_] == '<') {
        markup();
      } else if (text_[at_] == '&') {
        reference();
      } else {
        ++at_;
      }
    }
    if (depth_ != 0 || elements_ == 0) throw bad("an element is not closed, or there is none");
  }

 private:
  bool here(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  std::size_t find(std::string_view word, const char* why) const {
    const auto end = text_.find(word, at_);
    if (end == std::string_view::npos) throw bad(why);
    return end;
  }

  // <?xml ... ?> at the very start, in UTF-8.
  void declaration() {
    if (!here("<?")) return;
    if (!here("<?xml ")) throw bad("a processing instruction");
    const auto end = find("?>", "a declaration without end");
    std::string words(text_.substr(0, end));
    std::ranges::transform(words, words.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto encoding = words.find("encoding");
    if (encoding != std::string::npos && words.find("utf-8", encoding) == std::string::npos) {
      throw bad("an encoding other than UTF-8");
    }
    at_ = end + 2;
  }

  void markup() {
    if (here("<?")) throw bad("a processing instruction");
    if (here("<!--")) return comment();
    if (here("<!")) throw bad("a document type, a CDATA section or another declaration");
    tag();
  }

  void comment() {
    if (comments_ == Comments::refused) throw bad("a comment");
    at_ += 4;
    at_ = find("-->", "a comment without end") + 3;
  }

  // &amp; and its like, and characters by number.
  void reference() {
    const auto end = text_.find(';', at_);
    if (end == std::string_view::npos || end - at_ > 10) throw bad("an entity without end");
    const auto name = text_.substr(at_ + 1, end - at_ - 1);
    const bool known = name == "amp" || name == "lt" || name == "gt" || name == "quot" ||
                       name == "apos" || (name.size() > 1 && name[0] == '#');
    if (!known) throw bad("an entity of its own");
    at_ = end + 1;
  }

  void tag() {
    const bool closes = here("</");
    const auto begin = at_;
    std::size_t attributes = 0;
    char quote = 0;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (at_ - begin > kTagBytes || c == '<') throw bad("a tag without end, or a long one");
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
        if (++attributes > kAttributes) throw bad("too many attributes");
      } else if (c == '>') {
        break;
      }
      if (c == '&') {
        reference();
        --at_;
      }
    }
    if (at_ >= text_.size()) throw bad("a tag without end");
    count(closes, text_[at_ - 1] == '/');
    ++at_;
  }

  void count(bool closes, bool empty) {
    if (closes) {
      if (depth_ == 0) throw bad("an end without beginning");
      --depth_;
      return;
    }
    if (++elements_ > kElements) throw bad("too many elements");
    if (depth_ + 1 > kDepth) throw bad("nested too deep");
    if (!empty) ++depth_;
  }

  std::string_view text_;
  Comments comments_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t elements_ = 0;
};

}  // namespace

void guard_xml(std::string_view text, std::size_t max_bytes, Comments comments) {
  if (text.size() > max_bytes) {
    throw Error(ErrorCode::too_large, "saml_too_large", "The message is too large.");
  }
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) throw bad("not UTF-8");
  Guard(text, comments).run();
}

}  // namespace aa::saml
