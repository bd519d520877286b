#include "kernel/formats/non_finite_filter.hpp"

namespace aa::formats {
namespace {

constexpr std::string_view kNan = "NaN";
constexpr std::string_view kInfinity = "Infinity";

}  // namespace

void NonFiniteFilter::plain(char c) {
  word_ += c;
  if (word_ == kNan || word_ == kInfinity) {
    out_ += "1e999";
    word_.clear();
  } else if (!kNan.starts_with(word_) && !kInfinity.starts_with(word_)) {
    out_ += word_;
    word_.clear();
  }
}

std::string_view NonFiniteFilter::pass(std::string_view chunk) {
  out_.clear();
  for (const char c : chunk) {
    if (in_string_) {
      out_ += c;
      if (escaped_)
        escaped_ = false;
      else if (c == '\\')
        escaped_ = true;
      else if (c == '"')
        in_string_ = false;
    } else {
      plain(c);
      in_string_ = c == '"';
    }
  }
  return out_;
}

}  // namespace aa::formats
