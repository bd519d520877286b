// Where letters go: an SMTP server, a folder of files, or memory.
//
// SMTP (RFC 5321) is spoken by libcurl, under TLS unless the operator says otherwise, and with the
// server's certificate checked. The host is the operator's setting, never a tenant's, so private
// addresses are reached.
// Thread rule: any thread. send() blocks for up to a minute.
// Errors: unavailable "mail_unavailable" (try again later); invalid_argument "mail_refused" (the
// server will never take this letter), "bad_address", "bad_setting".
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "driver/mail/letter.hpp"

namespace aa::mail {

class Transport {
 public:
  virtual ~Transport() = default;
  virtual void send(const Letter& letter) = 0;
};

// `required`: STARTTLS or no letter; `tried`: when the server offers it; `off`: never.
enum class Tls { required, tried, off };
BOOST_DESCRIBE_ENUM(Tls, required, tried, off)

struct SmtpSettings {
  std::string url;  // smtp://host[:port], smtps://host[:port]
  std::string user;
  Secret password;
  std::string from;
  Tls tls = Tls::required;
  std::string ca_file;  // of the server's certificate; empty: the system's
};

std::unique_ptr<Transport> open_smtp(SmtpSettings settings, const Clock& clock);
// One .eml file per letter, named so that they sort by time.
std::unique_ptr<Transport> open_outbox(std::filesystem::path folder, std::string from,
                                       const Clock& clock);

class MemoryTransport final : public Transport {
 public:
  void send(const Letter& letter) override;
  std::vector<Letter> letters() const;
  void refuse_next(int count);  // as a server does that is away

 private:
  mutable std::mutex mutex_;
  std::vector<Letter> letters_;
  int refusals_ = 0;
};

}  // namespace aa::mail
