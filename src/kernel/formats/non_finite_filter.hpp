// Makes JSON of what Python's json writes: NaN and Infinity outside strings become 1e999, which
// reads as infinity, so that a reader can name the place instead of refusing the file. Everything
// else passes unchanged. Works on chunks cut anywhere.
//
// Thread rule: one owner. Errors: none; other letters pass and fail in the parser.
#pragma once

#include <string>
#include <string_view>

namespace aa::formats {

class NonFiniteFilter {
 public:
  // The chunk to be parsed; valid until the next call.
  std::string_view pass(std::string_view chunk);
  // What was held back at the end.
  std::string_view rest() const { return word_; }

 private:
  void plain(char c);

  bool in_string_ = false;
  bool escaped_ = false;
  std::string word_;  // a beginning of NaN or Infinity
  std::string out_;
};

}  // namespace aa::formats
