#include "driver/http/address_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

namespace aa::http {
namespace {

namespace ip = boost::asio::ip;

struct Range {
  std::string_view block;
  std::string_view kind;
};

constexpr std::array kV4Ranges = {
    Range{"0.0.0.0/8", "this network"},
    Range{"10.0.0.0/8", "private"},
    Range{"100.64.0.0/10", "carrier-grade"},
    Range{"127.0.0.0/8", "loopback"},
    Range{"169.254.0.0/16", "link-local"},
    Range{"172.16.0.0/12", "private"},
    Range{"192.0.0.0/24", "protocol assignments"},
    Range{"192.0.2.0/24", "documentation"},
    Range{"192.31.196.0/24", "AS112"},
    Range{"192.52.193.0/24", "AMT"},
    Range{"192.88.99.0/24", "6to4 relay"},
    Range{"192.168.0.0/16", "private"},
    Range{"192.175.48.0/24", "AS112"},
    Range{"198.18.0.0/15", "benchmarking"},
    Range{"198.51.100.0/24", "documentation"},
    Range{"203.0.113.0/24", "documentation"},
    Range{"224.0.0.0/4", "multicast"},
    Range{"240.0.0.0/4", "reserved"},
};

// Public unicast is 2000::/3 only; inside it, these are not.
constexpr std::array kV6Ranges = {
    Range{"::1/128", "loopback"},
    Range{"::/128", "unspecified"},
    Range{"::/96", "IPv4-compatible"},
    Range{"64:ff9b::/96", "NAT64"},
    Range{"64:ff9b:1::/48", "NAT64"},
    Range{"2001::/32", "Teredo"},
    Range{"2001::/23", "protocol assignments"},
    Range{"2001:db8::/32", "documentation"},
    Range{"2002::/16", "6to4"},
    Range{"3fff::/20", "documentation"},
    Range{"fc00::/7", "private"},
    Range{"fe80::/10", "link-local"},
    Range{"fec0::/10", "site-local"},
    Range{"ff00::/8", "multicast"},
};

template <std::size_t N>
std::array<std::pair<AddressBlock, std::string_view>, N> parse_all(
    const std::array<Range, N>& ranges) {
  std::array<std::pair<AddressBlock, std::string_view>, N> blocks;
  for (std::size_t i = 0; i < N; ++i) {
    blocks[i] = {AddressBlock::parse(ranges[i].block).value(), ranges[i].kind};
  }
  return blocks;
}

template <class Bytes>
bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
  const unsigned whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xFF << (8 - bits % 8));
  return (a[whole] & mask) == (b[whole] & mask);
}

std::string_view refused_kind_v6(const ip::address& address) {
  static const auto kBlocks = parse_all(kV6Ranges);
  for (const auto& [block, kind] : kBlocks) {
    if (block.contains(address)) return kind;
  }
  const auto bytes = address.to_v6().to_bytes();
  if ((bytes[0] & 0xE0) != 0x20) return "not global unicast";
  // ISATAP (RFC 5214) carries IPv4 in the last four bytes behind this mark.
  const bool isatap =
      (bytes[8] & 0xFC) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE;
  return isatap ? "ISATAP" : "";
}

}  // namespace

std::optional<AddressBlock> AddressBlock::parse(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  boost::system::error_code error;
  AddressBlock block;
  block.base = ip::make_address(std::string(text.substr(0, slash)), error);
  if (error) return std::nullopt;
  const unsigned bits_max = block.base.is_v4() ? 32 : 128;
  block.bits = bits_max;
  if (slash == text.size()) return block;
  const auto length = text.substr(slash + 1);
  const auto [end, failed] =
      std::from_chars(length.data(), length.data() + length.size(), block.bits);
  if (length.empty() || failed != std::errc() || end != length.data() + length.size() ||
      block.bits > bits_max) {
    return std::nullopt;
  }
  return block;
}

bool AddressBlock::contains(const ip::address& address) const {
  const auto plain = normalized(address);
  if (plain.is_v4() != base.is_v4()) return false;
  if (plain.is_v4()) return same_prefix(plain.to_v4().to_bytes(), base.to_v4().to_bytes(), bits);
  return same_prefix(plain.to_v6().to_bytes(), base.to_v6().to_bytes(), bits);
}

bool contains(std::span<const AddressBlock> blocks, const ip::address& address) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [&](const AddressBlock& block) { return block.contains(address); });
}

ip::address normalized(const ip::address& address) {
  if (!address.is_v6()) return address;
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6);
  return ip::address_v6(v6.to_bytes());
}

std::string_view refused_kind(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return "IPv4-mapped";
  const auto plain = normalized(address);
  if (plain.is_v6()) return refused_kind_v6(plain);
  static const auto kBlocks = parse_all(kV4Ranges);
  for (const auto& [block, kind] : kBlocks) {
    if (block.contains(plain)) return kind;
  }
  return "";
}

}  // namespace aa::http
