// Builds JSON values from parser events with numbers read exactly.
//
// Boost.JSON 1.81 computes doubles with an error of one unit in the last place for about one number
// in eight; here the text of a number is read again with correct rounding, and -0 stays -0. The
// class has the event functions of boost::json::basic_parser's handler, so it serves whole
// documents (json::parse) and readers that take a document item by item.
//
// Thread rule: one parser, one builder. Errors: none of its own; limits are the parser's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include "base/json.hpp"

namespace aa::json {

// `approximate` is returned for texts beyond the range of double (infinity or zero).
double exact_double(std::string_view text, double approximate);

class ValueBuilder {
 public:
  using Text = boost::json::string_view;
  using Failure = boost::json::error_code;

  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  ValueBuilder() { stack_.reset(); }
  Value release() { return stack_.release(); }
  // Forgets what was built so far and starts anew.
  void reset() {
    stack_.reset();
    number_.clear();
  }

  bool on_document_begin(Failure&) { return true; }
  bool on_document_end(Failure&) { return true; }
  bool on_array_begin(Failure&) { return true; }
  bool on_array_end(std::size_t n, Failure&) { return stack_.push_array(n), true; }
  bool on_object_begin(Failure&) { return true; }
  bool on_object_end(std::size_t n, Failure&) { return stack_.push_object(n), true; }
  bool on_key_part(Text s, std::size_t, Failure&) { return stack_.push_chars(s), true; }
  bool on_key(Text s, std::size_t, Failure&) { return stack_.push_key(s), true; }
  bool on_string_part(Text s, std::size_t, Failure&) { return stack_.push_chars(s), true; }
  bool on_string(Text s, std::size_t, Failure&) { return stack_.push_string(s), true; }
  bool on_number_part(Text s, Failure&) { return number_.append(s.data(), s.size()), true; }
  bool on_int64(std::int64_t i, Text s, Failure&) {
    const bool negative_zero = i == 0 && whole(s).front() == '-';
    number_.clear();
    if (negative_zero)
      stack_.push_double(-0.0);
    else
      stack_.push_int64(i);
    return true;
  }
  bool on_uint64(std::uint64_t u, Text, Failure&) {
    number_.clear();
    return stack_.push_uint64(u), true;
  }
  bool on_double(double d, Text s, Failure&) {
    stack_.push_double(exact_double(whole(s), d));
    number_.clear();
    return true;
  }
  bool on_bool(bool b, Failure&) { return stack_.push_bool(b), true; }
  bool on_null(Failure&) { return stack_.push_null(), true; }
  bool on_comment_part(Text, Failure&) { return true; }
  bool on_comment(Text, Failure&) { return true; }

 private:
  std::string_view whole(Text last) {
    if (number_.empty()) return {last.data(), last.size()};
    number_.append(last.data(), last.size());
    return number_;
  }

  boost::json::value_stack stack_;
  std::string number_;  // earlier parts of a number that crosses two buffers
};

}  // namespace aa::json
