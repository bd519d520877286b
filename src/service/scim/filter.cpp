#include "service/scim/filter.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "service/scim/errors.hpp"
#include "service/scim/scim_types.hpp"

namespace aa::scim {
namespace {

constexpr std::size_t kAttributeBytes = 200;

bool is_name_character(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool digit = c >= '0' && c <= '9';
  return letter || digit || c == '_' || c == '-' || c == '$' || c == '.' || c == ':';
}

// Walks the text; every failure is an invalid filter.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<Term> terms(bool nested) {
    std::vector<Term> out;
    while (true) {
      if (out.size() == kTermsMax) throw invalid_filter("A filter has at most 10 terms.");
      out.push_back(term(nested));
      const auto before = at_;
      if (!blank() || !word("and") || !blank()) {
        at_ = before;
        return out;
      }
    }
  }
  std::string name() {
    const auto from = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    if (at_ == from || at_ - from > kAttributeBytes) fail("an attribute's name");
    return std::string(text_.substr(from, at_ - from));
  }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(std::string("'") + c + "'");
  }
  bool blank() {
    const auto from = at_;
    while (take(' ')) {
    }
    return at_ > from;
  }
  bool done() const { return at_ == text_.size(); }
  [[noreturn]] void fail(const std::string& expected) const {
    throw invalid_filter("The filter wants " + expected + " at character " +
                         std::to_string(at_ + 1) + ". It takes ATTRIBUTE eq VALUE, joined by and.");
  }

 private:
  Term term(bool nested) {
    Term out;
    out.attribute = small_letters(without_schema(name()));
    if (!nested && take('[')) {
      blank();
      out.within = terms(true);
      blank();
      expect(']');
      if (take('.')) out.sub = small_letters(name());
      if (out.sub.empty()) return out;
    }
    if (!blank() || !word("eq") || !blank()) fail("the operator eq");
    value(out);
    return out;
  }
  // Operators are written in any case.
  bool word(std::string_view expected) {
    if (small_letters(text_.substr(at_, expected.size())) != expected) return false;
    at_ += expected.size();
    return true;
  }
  void value(Term& out) {
    if (word("true")) {
      out.truth = true;
    } else if (word("false")) {
      out.truth = false;
    } else {
      out.text = quoted();
    }
  }
  std::string quoted() {
    const auto from = at_;
    expect('"');
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) fail("the end of the text");
    ++at_;
    try {
      const auto read = json::parse(text_.substr(from, at_ - from));
      const std::string out(read.as_string());
      if (out.find('\0') != std::string::npos) fail("text without NUL");
      return out;
    } catch (const Error& error) {
      if (error.slug() == "invalid_filter") throw;
      at_ = from;
      fail("text as JSON writes it");
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

const std::string& text_of(const Term& term) {
  if (!term.truth) return term.text;
  throw invalid_filter("The attribute is compared with text.");
}

template <class T>
void put(std::optional<T>& place, T value) {
  if (place) throw invalid_filter("An attribute stands twice in the filter.");
  place = std::move(value);
}

// Entra asks whether it is so by either.
bool truth_of(const Term& term) {
  if (term.truth) return *term.truth;
  const auto text = small_letters(term.text);
  if (text == "true" || text == "false") return text == "true";
  throw invalid_filter("active is true or false.");
}

Error unknown(std::string_view known) {
  return invalid_filter("The filter takes " + std::string(known) + ", each with eq.");
}

// emails[type eq "work"].value eq "a@b": the type is not asked for, an address is one's own by any.
bool is_address(const Term& term) {
  if (!term.within.empty()) return term.attribute == "emails" && term.sub == "value";
  return term.attribute == "emails.value" || term.attribute == "emails";
}

}  // namespace

std::string small_letters(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string_view without_schema(std::string_view attribute) {
  const auto small = small_letters(attribute);
  for (const auto schema : {kUserSchema, kGroupSchema}) {
    const auto prefix = small_letters(schema) + ":";
    if (small.starts_with(prefix)) return attribute.substr(prefix.size());
  }
  return attribute;
}

std::vector<Term> read_filter(std::string_view text) {
  if (text.size() > kFilterBytes) throw invalid_filter("The filter is longer than 2000 bytes.");
  Reader reader(text);
  reader.blank();
  auto out = reader.terms(false);
  reader.blank();
  if (!reader.done()) reader.fail("its end");
  return out;
}

Path read_path(std::string_view text) {
  if (text.size() > kFilterBytes) throw invalid_path("The path is longer than 2000 bytes.");
  Path out;
  const auto extension = small_letters(kEnterpriseSchema);
  if (small_letters(text).starts_with(extension)) {
    out.extension = true;
    return out;
  }
  try {
    Reader reader(text);
    const std::string name = reader.name();
    out.attribute = small_letters(without_schema(name));
    if (reader.take('[')) {
      reader.blank();
      out.within = reader.terms(true);
      reader.blank();
      reader.expect(']');
      if (reader.take('.')) out.sub = small_letters(reader.name());
    } else if (const auto dot = out.attribute.find('.'); dot != std::string::npos) {
      out.sub = out.attribute.substr(dot + 1);
      out.attribute.resize(dot);
    }
    if (!reader.done()) reader.fail("its end");
  } catch (const Error& error) {
    throw invalid_path(
        "A path cannot be read. It is ATTRIBUTE, ATTRIBUTE.PART or "
        "ATTRIBUTE[PART eq VALUE].PART.");
  }
  if (out.attribute.empty()) throw invalid_path("A path names no attribute.");
  return out;
}

UserFilter read_user_filter(std::string_view text) {
  UserFilter out;
  for (const auto& term : read_filter(text)) {
    if (is_address(term)) {
      put(out.email, small_letters(text_of(term)));
    } else if (!term.within.empty()) {
      throw unknown("userName, externalId, emails.value, displayName, active and id");
    } else if (term.attribute == "username") {
      put(out.user_name, small_letters(text_of(term)));
    } else if (term.attribute == "externalid") {
      put(out.external_id, text_of(term));
    } else if (term.attribute == "displayname") {
      put(out.display_name, small_letters(text_of(term)));
    } else if (term.attribute == "id") {
      put(out.id, text_of(term));
    } else if (term.attribute == "active") {
      put(out.active, truth_of(term));
    } else {
      throw unknown("userName, externalId, emails.value, displayName, active and id");
    }
  }
  return out;
}

GroupFilter read_group_filter(std::string_view text) {
  GroupFilter out;
  for (const auto& term : read_filter(text)) {
    const bool whole = term.within.empty();
    if (whole && term.attribute == "displayname") {
      put(out.display_name, small_letters(text_of(term)));
    } else if (whole && term.attribute == "externalid") {
      put(out.external_id, text_of(term));
    } else if (whole && term.attribute == "id") {
      put(out.id, text_of(term));
    } else if (whole && (term.attribute == "members" || term.attribute == "members.value")) {
      put(out.member, text_of(term));
    } else {
      throw unknown("displayName, externalId, members.value and id");
    }
  }
  return out;
}

}  // namespace aa::scim
