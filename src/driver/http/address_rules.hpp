// Which addresses the server may be sent to on a tenant's word, and blocks of addresses.
//
// Everything that is not plain public unicast is refused: the IANA special-purpose registries of
// IPv4 and IPv6 (RFC 6890 and its successors), multicast, and the IPv6 forms that carry an IPv4
// address inside (mapped, compatible, NAT64, 6to4, Teredo, ISATAP), whatever they carry.
// Thread rule: pure.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace aa::http {

// An address or a CIDR block.
struct AddressBlock {
  boost::asio::ip::address base;
  unsigned bits = 0;

  static std::optional<AddressBlock> parse(std::string_view text);  // "10.0.0.0/8", "::1"
  bool contains(const boost::asio::ip::address& address) const;     // mapped IPv4 counts as IPv4
};

bool contains(std::span<const AddressBlock> blocks, const boost::asio::ip::address& address);

// IPv4-mapped IPv6 becomes IPv4, a zone is dropped; all else stays.
boost::asio::ip::address normalized(const boost::asio::ip::address& address);

// Why the address is not for tenants ("loopback", "private", ...), or empty when it is public.
std::string_view refused_kind(const boost::asio::ip::address& address);

}  // namespace aa::http
