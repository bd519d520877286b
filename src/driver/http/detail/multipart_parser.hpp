// multipart/form-data (RFC 7578) as a machine over bytes that come in pieces.
//
// Strict where laxness lets two readers disagree: the boundary is 1 to 70 characters of RFC 2046,
// lines end in CR LF, every part is form-data with a name, nested multiparts and transfer
// encodings are refused, part heads, their number and the preamble are bounded. Names are read as
// browsers write them: quoted strings with backslash or percent (%22, %0D, %0A) escapes, and
// filename* (RFC 8187) before filename; what is no UTF-8 is replaced.
// Errors: malformed "malformed_multipart". Thread rule: one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "driver/http/message.hpp"

namespace aa::http {

inline constexpr std::size_t kPartHeadBytes = 16 * 1024;
inline constexpr std::size_t kParts = 10'000;
inline constexpr std::size_t kPreambleBytes = 4 * 1024;

// The boundary of a Content-Type header's value.
std::string multipart_boundary(std::string_view content_type);
// The head of a part, without its final empty line.
Part parse_part_head(std::string_view head);

class MultipartParser {
 public:
  explicit MultipartParser(std::string boundary);

  enum class Found {
    more,  // nothing can be said before more bytes come
    part,  // a part begins: part()
    data,  // `data` belongs to the present part
    end    // the closing boundary; what follows is of no interest
  };
  struct Step {
    Found found = Found::more;
    std::size_t consumed = 0;  // bytes of the input that are done with, `data` among them
    std::string_view data;     // within the input
  };
  // `input` begins where the last step's consumed bytes end. Found::more with nothing consumed asks
  // for more bytes. Of data, fewer bytes than consumed may be taken and the rest shown again.
  Step step(std::string_view input);
  const Part& part() const { return part_; }

 private:
  enum class State { preamble, after_boundary, head, data, ended };
  Step step_preamble(std::string_view input);
  Step step_after_boundary(std::string_view input);
  Step step_head(std::string_view input);
  Step step_data(std::string_view input);

  std::string marker_;  // CR LF "--" boundary
  State state_ = State::preamble;
  std::size_t preamble_ = 0;
  std::size_t parts_ = 0;
  Part part_;
};

}  // namespace aa::http
