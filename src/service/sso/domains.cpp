#include "service/sso/domains.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/error.hpp"

namespace aa::sso {
namespace {

constexpr std::array kPublicMail{
    "126.com",        "163.com",        "aol.com",        "arcor.de",    "att.net",
    "bigpond.com",    "btinternet.com", "comcast.net",    "duck.com",    "email.com",
    "email.cz",       "fastmail.com",   "fastmail.fm",    "foxmail.com", "free.fr",
    "freenet.de",     "gmail.com",      "gmx.at",         "gmx.ch",      "gmx.com",
    "gmx.de",         "gmx.net",        "googlemail.com", "hey.com",     "hotmail.co.uk",
    "hotmail.com",    "hotmail.de",     "hotmail.fr",     "hotmail.it",  "hushmail.com",
    "icloud.com",     "inbox.lv",       "inbox.ru",       "interia.pl",  "laposte.net",
    "libero.it",      "list.ru",        "live.co.uk",     "live.com",    "live.fr",
    "live.nl",        "mac.com",        "mail.com",       "mail.de",     "mail.ru",
    "mailbox.org",    "mailinator.com", "me.com",         "msn.com",     "naver.com",
    "o2.pl",          "online.de",      "orange.fr",      "outlook.com", "outlook.de",
    "outlook.fr",     "pm.me",          "posteo.de",      "posteo.net",  "proton.me",
    "protonmail.ch",  "protonmail.com", "qq.com",         "rambler.ru",  "rediffmail.com",
    "rocketmail.com", "runbox.com",     "sbcglobal.net",  "seznam.cz",   "sfr.fr",
    "sina.com",       "startmail.com",  "t-online.de",    "tuta.com",    "tuta.io",
    "tutamail.com",   "tutanota.com",   "tutanota.de",    "ukr.net",     "verizon.net",
    "virgilio.it",    "wanadoo.fr",     "web.de",         "wp.pl",       "ya.ru",
    "yahoo.co.in",    "yahoo.co.jp",    "yahoo.co.uk",    "yahoo.com",   "yahoo.de",
    "yahoo.fr",       "yandex.com",     "yandex.ru",      "yeah.net",    "ymail.com",
    "zoho.com",       "zohomail.com"};

}  // namespace

std::string domain_of(std::string_view email) {
  const auto at = email.rfind('@');
  if (at == std::string_view::npos) return {};
  std::string out(email.substr(at + 1));
  for (auto& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_domain(std::string_view text) {
  const bool letters = std::ranges::all_of(text, [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-' || c == '.';
  });
  return letters && text.size() <= 253 && text.find('.') != std::string_view::npos &&
         text.find("..") == std::string_view::npos && !text.starts_with('.') &&
         !text.ends_with('.');
}

bool is_public_mail(std::string_view domain) {
  return std::ranges::find(kPublicMail, domain) != kPublicMail.end();
}

std::vector<std::string> normal_domains(std::vector<std::string> domains) {
  for (std::size_t i = 0; i < domains.size(); ++i) {
    domains[i] = domain_of("@" + domains[i]);
    const std::string pointer = "/domains/" + std::to_string(i);
    if (!is_domain(domains[i])) {
      throw invalid("domain_refused", pointer + " must be a domain such as example.org.",
                    {{pointer, "must be a domain"}});
    }
    if (is_public_mail(domains[i])) {
      throw invalid("domain_refused",
                    "Everybody can get an address of " + domains[i] +
                        ", so it cannot lead to one organization's provider.",
                    {{pointer, "is a public mail service"}});
    }
  }
  std::ranges::sort(domains);
  domains.erase(std::ranges::unique(domains).begin(), domains.end());
  return domains;
}

}  // namespace aa::sso
