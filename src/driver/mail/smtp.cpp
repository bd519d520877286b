#include <algorithm>
#include <cstring>
#include <curl/curl.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "driver/mail/mail_transport.hpp"

namespace aa::mail {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kTotalSeconds = 60;
constexpr std::size_t kIdBytes = 16;

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Easy = std::unique_ptr<CURL, Freer<curl_easy_cleanup>>;
using List = std::unique_ptr<curl_slist, Freer<curl_slist_free_all>>;

std::size_t read_some(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& left = *static_cast<std::string_view*>(user);
  const std::size_t taken = std::min(left.size(), size * count);
  std::memcpy(buffer, left.data(), taken);
  left.remove_prefix(taken);
  return taken;
}

class Smtp final : public Transport {
 public:
  Smtp(SmtpSettings settings, const Clock& clock)
      : settings_(std::move(settings)), sender_(parse_sender(settings_.from)), clock_(clock) {}

  void send(const Letter& letter) override {
    const auto text = compose(letter, sender_, clock_.now(), to_base64url(random_bytes(kIdBytes)));
    std::string_view left = text;
    const Easy easy(curl_easy_init());
    const List to(curl_slist_append(nullptr, letter.to.c_str()));
    if (!easy || !to) throw unavailable("out_of_memory", "The server is short of memory.");
    char reason[CURL_ERROR_SIZE] = "";
    set_server(easy.get());
    curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, reason);
    curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, sender_.address.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, to.get());
    curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, read_some);
    curl_easy_setopt(easy.get(), CURLOPT_READDATA, &left);
    curl_easy_setopt(easy.get(), CURLOPT_UPLOAD, 1L);
    const auto result = curl_easy_perform(easy.get());
    if (result != CURLE_OK) fail(easy.get(), result, reason);
  }

 private:
  void set_server(CURL* easy) const {
    curl_easy_setopt(easy, CURLOPT_URL, settings_.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, kTotalSeconds);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    const auto tls = settings_.tls == Tls::required ? CURLUSESSL_ALL
                     : settings_.tls == Tls::tried  ? CURLUSESSL_TRY
                                                    : CURLUSESSL_NONE;
    curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(tls));
    if (!settings_.ca_file.empty()) {
      curl_easy_setopt(easy, CURLOPT_CAINFO, settings_.ca_file.c_str());
    }
    if (settings_.user.empty()) return;
    curl_easy_setopt(easy, CURLOPT_USERNAME, settings_.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, std::string(settings_.password.reveal()).c_str());
  }

  // A reply of 5xx to the letter itself is for good; all else may be better later.
  [[noreturn]] static void fail(CURL* easy, CURLcode result, const char* reason) {
    long reply = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
    const bool ours = result == CURLE_LOGIN_DENIED || result == CURLE_USE_SSL_FAILED;
    std::string cause = std::string(curl_easy_strerror(result)) + ": " + reason;
    if (reply >= 500 && reply < 600 && !ours) {
      throw invalid("mail_refused", "The mail server refused the letter.")
          .with_cause(std::move(cause));
    }
    throw unavailable("mail_unavailable", "The mail server took no letter.")
        .with_cause(std::move(cause));
  }

  SmtpSettings settings_;
  Sender sender_;
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<Transport> open_smtp(SmtpSettings settings, const Clock& clock) {
  if (!settings.url.starts_with("smtp://") && !settings.url.starts_with("smtps://")) {
    throw invalid("bad_setting", "SMTP_URL must be smtp://HOST:PORT or smtps://HOST:PORT.");
  }
  return std::make_unique<Smtp>(std::move(settings), clock);
}

}  // namespace aa::mail
