// The one guarded door out: every connection the server makes on a tenant's word goes through here.
//
// The name is resolved once and the connection goes to a checked address; loopback, private, link-
// local, carrier-grade, multicast, IPv4-mapped and NAT64 forms are refused unless the operator
// lists them (OUTBOUND_ALLOW: host names, addresses or CIDR blocks). Redirects are followed only by
// a GET that allows some, each under the same rules and never from https to http; time and size are
// bounded; only http and https; the peer's certificate is verified.
//
// Thread rule: any thread; fetch() blocks (libcurl): call it on the blocking executor.
// Errors: invalid_argument "outbound_refused" (says which rule), unavailable "outbound_failed"
// (no upstream text), too_large, deadline_exceeded.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "driver/http/address_rules.hpp"

namespace aa::http {

struct OutboundSettings {
  std::vector<std::string> allow;         // host names, addresses, CIDR blocks
  std::vector<std::string> refuse_hosts;  // the server's own public names
  std::vector<std::string> pins;          // "name:port:address[,address]" instead of asking DNS
  std::chrono::milliseconds connect_timeout{5'000};
};

struct OutboundRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  std::chrono::milliseconds timeout{10'000};
  std::uint64_t max_bytes = 64 * 1024;
  int redirects_max = 0;  // of a GET; the timeout is that of each request
};

struct OutboundResponse {
  int status = 0;
  std::string body;
};

class Outbound {
 public:
  // Error invalid_argument "bad_outbound_allow" for an entry that is none of the three.
  explicit Outbound(OutboundSettings settings);
  OutboundResponse fetch(const OutboundRequest& request) const;
  // Refuses now what fetch() would refuse, without a connection: for URLs that are kept. A name is
  // looked up; each address it has must be one that may be reached. Blocks.
  void check(const std::string& url) const;
  // A connected socket for a protocol other than HTTP, under the same rules: the caller's to close.
  int connect(const std::string& host, std::uint16_t port) const;
  // Streams a large body to `sink` instead of keeping it; returns the status.
  int download(const OutboundRequest& request,
               const std::function<void(std::span<const std::byte>)>& sink) const;

 private:
  bool name_allowed(std::string_view host) const;
  void check_name(const std::string& host) const;
  void check_addresses(const std::string& host) const;
  int perform(const OutboundRequest& request,
              const std::function<void(std::span<const std::byte>)>& sink) const;
  // One request; `next` becomes where the answer sends on to, or empty.
  int perform_one(const OutboundRequest& request, bool follows,
                  const std::function<void(std::span<const std::byte>)>& sink,
                  std::string& next) const;

  OutboundSettings settings_;
  std::vector<AddressBlock> allowed_blocks_;
  std::vector<std::string> allowed_names_;
};

}  // namespace aa::http
