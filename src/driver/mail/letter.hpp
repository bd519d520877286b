// A letter by electronic mail: plain text to one person, and its form on the wire (RFC 5322).
//
// Whatever subject and address hold, they end up in their own header: control characters become
// '_', an address with more in it than one address is refused.
// Thread rule: values and pure functions.
// Errors: invalid_argument "bad_address".
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace aa::mail {

struct Letter {
  Letter() = default;
  Letter(std::string whom, std::string about, std::string words)
      : to(std::move(whom)), subject(std::move(about)), text(std::move(words)) {}
  std::string to;  // an address alone, no name
  std::string subject;
  std::string text;  // lines end with \n
};
BOOST_DESCRIBE_STRUCT(Letter, (), (to, subject, text))

// Who sends: "AnnotateAI <no-reply@example.org>", or an address alone.
struct Sender {
  std::string name;
  std::string address;
};
Sender parse_sender(std::string_view text);

// One address that can stand in a header and in an SMTP command: no white space, no control
// characters, none of the marks that separate or frame addresses.
bool is_address(std::string_view text);

// With CRLF line ends. `id` is unique: it becomes the Message-ID.
std::string compose(const Letter& letter, const Sender& sender, Timestamp date,
                    std::string_view id);

}  // namespace aa::mail
