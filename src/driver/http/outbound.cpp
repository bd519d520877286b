#include "driver/http/outbound.hpp"

#include <algorithm>
#include <cstring>
#include <curl/curl.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.hpp"
#include "driver/http/detail/field_text.hpp"

namespace aa::http {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t kHeaderCountMax = 100;
constexpr std::size_t kHeaderBytesMax = 64 * 1024;
constexpr std::size_t kUrlBytesMax = 8 * 1024;

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Easy = std::unique_ptr<CURL, Freer<curl_easy_cleanup>>;
using Url = std::unique_ptr<CURLU, Freer<curl_url_cleanup>>;
using List = std::unique_ptr<curl_slist, Freer<curl_slist_free_all>>;
using Text = std::unique_ptr<char, Freer<curl_free>>;

[[noreturn]] void refuse(std::string why) {
  throw invalid("outbound_refused", "This address is not reached from here: " + std::move(why));
}

std::optional<ip::address> address_of(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    return ip::address_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return ip::address_v6(bytes);
  }
  return std::nullopt;
}

bool is_redirect(CURL* easy) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_of_this_machine(const ip::address& address) {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return true;
  const std::unique_ptr<ifaddrs, Freer<freeifaddrs>> owner(all);
  for (const auto* entry = all; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr) continue;
    const auto own = address_of(entry->ifa_addr);
    if (own && normalized(*own) == normalized(address)) return true;
  }
  return false;
}

// What libcurl's callbacks share; exceptions may not pass through C.
struct Exchange {
  const std::vector<AddressBlock>& allowed;
  bool anywhere;  // the name itself is listed
  const std::function<void(std::span<const std::byte>)>& sink;
  std::uint64_t bytes_max;
  CURL* redirects_of;  // whose redirects will be followed: their bodies are nobody's
  std::uint64_t bytes = 0;
  std::size_t header_count = 0;
  std::size_t header_bytes = 0;
  std::string refused_kind = {};
  bool too_large = false;
  std::exception_ptr sink_error = {};
};

curl_socket_t open_checked(void* data, curlsocktype, curl_sockaddr* target) {
  auto& exchange = *static_cast<Exchange*>(data);
  const auto address = address_of(&target->addr);
  if (!address) return CURL_SOCKET_BAD;
  if (!exchange.anywhere && !contains(exchange.allowed, *address)) {
    auto kind = refused_kind(*address);
    if (kind.empty() && is_of_this_machine(*address)) kind = "this machine's own";
    if (!kind.empty()) {
      exchange.refused_kind = kind;
      return CURL_SOCKET_BAD;
    }
  }
  return ::socket(target->family, target->socktype | SOCK_CLOEXEC, target->protocol);
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  exchange.bytes += size * count;
  exchange.too_large = exchange.bytes > exchange.bytes_max;
  if (exchange.too_large) return 0;
  if (exchange.redirects_of != nullptr && is_redirect(exchange.redirects_of)) return size * count;
  try {
    exchange.sink(std::as_bytes(std::span(data, size * count)));
  } catch (...) {
    exchange.sink_error = std::current_exception();
    return 0;
  }
  return size * count;
}

std::size_t take_header(char*, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  exchange.header_bytes += size * count;
  ++exchange.header_count;
  const bool fits =
      exchange.header_count <= kHeaderCountMax && exchange.header_bytes <= kHeaderBytesMax;
  return fits ? size * count : 0;
}

std::string url_part(CURLU* url, CURLUPart part) {
  char* raw = nullptr;
  if (curl_url_get(url, part, &raw, 0) != CURLUE_OK) return {};
  const Text text(raw);
  return text.get();
}

Url parse_url(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F && c != '\\';
  });
  if (text.size() > kUrlBytesMax || !plain) refuse("the URL holds what a URL may not hold.");
  Url url(curl_url());
  if (!url ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) {
    refuse("the URL is malformed or carries a user name.");
  }
  const auto scheme = url_part(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") refuse("only http and https URLs are taken.");
  if (!url_part(url.get(), CURLUPART_ZONEID).empty()) refuse("the address has a zone.");
  return url;
}

// A trailing dot names the same host.
std::string host_of(CURLU* url) {
  auto host = url_part(url, CURLUPART_HOST);
  while (host.ends_with('.')) host.pop_back();
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host;
}

List to_list(const std::vector<std::string>& lines) {
  List list;
  for (const auto& line : lines) {
    auto* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw internal_error("curl_slist_append failed");
    (void)list.release();
    list.reset(longer);
  }
  return list;
}

List header_list(const std::vector<std::string>& headers) {
  for (const auto& line : headers) {
    const auto colon = line.find(':');
    const auto name = std::string_view(line).substr(0, std::min(colon, line.size()));
    const bool control = std::any_of(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    });
    const bool framing =
        equal_ignoring_case(name, "host") || equal_ignoring_case(name, "content-length") ||
        equal_ignoring_case(name, "transfer-encoding") || equal_ignoring_case(name, "connection");
    if (colon == line.npos || !is_token(name) || control || framing) {
      throw invalid("bad_outbound_header", "A header of the request to send is not allowed.");
    }
  }
  auto lines = headers;
  lines.emplace_back("Expect:");
  return to_list(lines);
}

void set_method(CURL* easy, const OutboundRequest& request) {
  if (!is_token(request.method)) throw internal_error("an outbound method is no token");
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (request.method != "GET" || !request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void set_rules(CURL* easy, const OutboundRequest& request, const OutboundSettings& settings) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "annotateai");
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(settings.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.max_bytes));
}

void set_callbacks(CURL* easy, Exchange& exchange) {
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_checked);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
}

[[noreturn]] void fail(CURLcode code, const Exchange& exchange) {
  if (exchange.sink_error) std::rethrow_exception(exchange.sink_error);
  if (exchange.too_large || code == CURLE_FILESIZE_EXCEEDED) {
    throw too_large("outbound_too_large", "The answer of the other server is too large.");
  }
  if (code == CURLE_COULDNT_CONNECT && !exchange.refused_kind.empty()) {
    refuse("it leads to a " + exchange.refused_kind +
           " address. The operator can allow it in OUTBOUND_ALLOW.");
  }
  if (code == CURLE_OPERATION_TIMEDOUT) {
    throw Error(ErrorCode::deadline_exceeded, "outbound_timeout",
                "The other server took too long.");
  }
  throw unavailable("outbound_failed", "The other server could not be reached or misbehaved.")
      .with_cause(curl_easy_strerror(code));
}

}  // namespace

Outbound::Outbound(OutboundSettings settings) : settings_(std::move(settings)) {
  static const CURLcode kInitialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (kInitialized != CURLE_OK) throw internal_error("curl_global_init failed");
  for (const auto& entry : settings_.allow) {
    if (const auto block = AddressBlock::parse(entry)) {
      allowed_blocks_.push_back(*block);
      continue;
    }
    const bool name = !entry.empty() && std::all_of(entry.begin(), entry.end(), [](char c) {
      return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
    });
    if (!name) {
      throw invalid("bad_outbound_allow", "OUTBOUND_ALLOW holds '" + entry +
                                              "', which is no host name, address or CIDR block.");
    }
    allowed_names_.push_back(entry);
  }
}

bool Outbound::name_allowed(std::string_view host) const {
  return std::any_of(allowed_names_.begin(), allowed_names_.end(),
                     [&](const std::string& name) { return equal_ignoring_case(name, host); });
}

void Outbound::check_name(const std::string& host) const {
  const bool own = std::any_of(settings_.refuse_hosts.begin(), settings_.refuse_hosts.end(),
                               [&](const auto& name) { return equal_ignoring_case(name, host); });
  if (own && !name_allowed(host)) refuse("it is this server's own name.");
  boost::system::error_code no_literal;
  const auto literal = ip::make_address(host, no_literal);
  if (!no_literal && !contains(allowed_blocks_, literal) && !refused_kind(literal).empty()) {
    refuse("it is a " + std::string(refused_kind(literal)) +
           " address. The operator can allow it in OUTBOUND_ALLOW.");
  }
}

void Outbound::check_addresses(const std::string& host) const {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) refuse("its name leads nowhere.");
  const std::unique_ptr<addrinfo, Freer<freeaddrinfo>> owner(list);
  for (const auto* one = list; one != nullptr; one = one->ai_next) {
    const auto address = address_of(one->ai_addr);
    if (!address) refuse("its name leads nowhere.");
    if (contains(allowed_blocks_, *address)) continue;
    std::string kind(refused_kind(*address));
    if (kind.empty() && is_of_this_machine(*address)) kind = "this machine's own";
    if (kind.empty()) continue;
    refuse("it leads to a " + kind + " address. The operator can allow it in OUTBOUND_ALLOW.");
  }
}

void Outbound::check(const std::string& url) const {
  const Url parsed = parse_url(url);
  const auto host = host_of(parsed.get());
  check_name(host);
  if (!name_allowed(host)) check_addresses(host);
}

int Outbound::connect(const std::string& host, std::uint16_t port) const {
  const bool v6 = host.find(':') != std::string::npos;
  OutboundRequest request;
  request.url = "http://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port) + "/";
  const Url url = parse_url(request.url);
  check_name(host_of(url.get()));
  const Easy easy(curl_easy_init());
  if (!easy) throw internal_error("curl_easy_init failed");
  const std::function<void(std::span<const std::byte>)> nothing;
  Exchange exchange{allowed_blocks_, name_allowed(host_of(url.get())), nothing, 0, nullptr};
  const List pins = to_list(settings_.pins);
  curl_easy_setopt(easy.get(), CURLOPT_CURLU, url.get());
  curl_easy_setopt(easy.get(), CURLOPT_RESOLVE, pins.get());
  set_rules(easy.get(), request, settings_);
  set_callbacks(easy.get(), exchange);
  // The connection outlives the transfer, which is none.
  curl_easy_setopt(easy.get(), CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_FORBID_REUSE, 0L);
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) fail(code, exchange);
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy.get(), CURLINFO_ACTIVESOCKET, &socket);
  const int own = socket == CURL_SOCKET_BAD ? -1 : ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (own < 0) throw unavailable("outbound_failed", "The other server could not be reached.");
  ::fcntl(own, F_SETFL, ::fcntl(own, F_GETFL) & ~O_NONBLOCK);
  return own;
}

int Outbound::perform(const OutboundRequest& request,
                      const std::function<void(std::span<const std::byte>)>& sink) const {
  OutboundRequest hop = request;
  for (int left = request.method == "GET" ? request.redirects_max : 0;; --left) {
    std::string next;
    const int status = perform_one(hop, left > 0, sink, next);
    if (left == 0 || next.empty()) return status;
    if (hop.url.starts_with("https:") && !next.starts_with("https:")) {
      refuse("it sends on from https to something else.");
    }
    hop.url = std::move(next);
  }
}

int Outbound::perform_one(const OutboundRequest& request, bool follows,
                          const std::function<void(std::span<const std::byte>)>& sink,
                          std::string& next) const {
  const Url url = parse_url(request.url);
  const auto host = host_of(url.get());
  check_name(host);
  const Easy easy(curl_easy_init());
  if (!easy) throw internal_error("curl_easy_init failed");
  Exchange exchange{allowed_blocks_, name_allowed(host), sink, request.max_bytes,
                    follows ? easy.get() : nullptr};
  const List headers = header_list(request.headers);
  const List pins = to_list(settings_.pins);
  curl_easy_setopt(easy.get(), CURLOPT_CURLU, url.get());
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_RESOLVE, pins.get());
  set_rules(easy.get(), request, settings_);
  set_method(easy.get(), request);
  set_callbacks(easy.get(), exchange);
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) fail(code, exchange);
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  char* location = nullptr;
  if (follows && is_redirect(easy.get()) &&
      curl_easy_getinfo(easy.get(), CURLINFO_REDIRECT_URL, &location) == CURLE_OK &&
      location != nullptr) {
    next = location;
  }
  return static_cast<int>(status);
}

OutboundResponse Outbound::fetch(const OutboundRequest& request) const {
  OutboundResponse response;
  const auto keep = [&](std::span<const std::byte> bytes) {
    response.body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  response.status = perform(request, keep);
  return response;
}

int Outbound::download(const OutboundRequest& request,
                       const std::function<void(std::span<const std::byte>)>& sink) const {
  return perform(request, sink);
}

}  // namespace aa::http
