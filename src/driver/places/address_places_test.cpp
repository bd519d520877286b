#include "driver/places/address_places.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/blob/temporary_folder.hpp"

namespace aa::places {
namespace {

// A MaxMind DB of one IPv4 network, 24 bits long.
class SmallFile {
 public:
  static std::string text(std::string_view value) {
    return static_cast<char>(0x40 | value.size()) + std::string(value);
  }
  static std::string map(std::initializer_list<std::pair<std::string_view, std::string>> entries) {
    std::string out(1, static_cast<char>(0xe0 | entries.size()));
    for (const auto& [key, value] : entries) out += text(key) + value;
    return out;
  }
  static std::string number(int type, std::uint32_t value, int bytes) {
    std::string out(1, static_cast<char>(type << 5 | bytes));
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
    return out;
  }
  static std::string names(std::string_view name) {
    return map({{"names", map({{"en", text(name)}})}});
  }

  static std::string make(std::uint32_t network, const std::string& data) {
    constexpr std::uint32_t kNodes = 24;
    std::string out;
    for (std::uint32_t i = 0; i < kNodes; ++i) {
      const std::uint32_t on = i + 1 == kNodes ? kNodes + 16 : i + 1;
      const bool bit = (network >> (31 - i) & 1) != 0;
      for (const std::uint32_t record : {bit ? kNodes : on, bit ? on : kNodes}) {
        for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(record >> shift);
      }
    }
    out += std::string(16, '\0') + data + "\xab\xcd\xefMaxMind.com";
    const std::string epoch = std::string("\x01\x02", 2) + '\x01';  // a uint64 of one byte
    return out + map({{"node_count", number(6, kNodes, 2)},
                      {"record_size", number(5, 24, 1)},
                      {"ip_version", number(5, 4, 1)},
                      {"database_type", text("Test-City")},
                      {"languages", std::string("\x01\x04", 2) + text("en")},
                      {"binary_format_major_version", number(5, 2, 1)},
                      {"binary_format_minor_version", std::string(1, '\xa0')},
                      {"build_epoch", epoch},
                      {"description", map({{"en", text("test")}})}});
  }
};

constexpr std::uint32_t kDocumentation = 0xc0000200;  // 192.0.2.0/24, RFC 5737

class PlacesTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes) {
    const auto path = folder_.path() / "places.mmdb";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  blob::TemporaryFolder folder_;
};

TEST_F(PlacesTest, TellsCityAndCountry) {
  const auto data =
      SmallFile::map({{"city", SmallFile::names("Lyon")}, {"country", SmallFile::names("France")}});
  const Places places(write(SmallFile::make(kDocumentation, data)));
  EXPECT_EQ(places.of("192.0.2.7"), "Lyon, France");
  EXPECT_EQ(places.of("192.0.3.7"), "");
  EXPECT_EQ(places.of("127.0.0.1"), "");
  EXPECT_EQ(places.of("::1"), "");
  EXPECT_EQ(places.of("localhost"), "");
  EXPECT_EQ(places.of(""), "");
}

TEST_F(PlacesTest, TellsTheCountryAlone) {
  const auto data = SmallFile::map({{"country", SmallFile::names("France")}});
  const Places places(write(SmallFile::make(kDocumentation, data)));
  EXPECT_EQ(places.of("192.0.2.7"), "France");
}

TEST_F(PlacesTest, KnowsNothingWithoutAFileOrWithADamagedOne) {
  EXPECT_EQ(Places({}).of("192.0.2.7"), "");
  EXPECT_EQ(Places(write("no database at all")).of("192.0.2.7"), "");
  const auto data = SmallFile::map({{"city", SmallFile::names("Lyon")}});
  const auto whole = SmallFile::make(kDocumentation, data);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    EXPECT_NO_THROW(Places(write(whole.substr(0, size))).of("192.0.2.7"));
  }
}

TEST_F(PlacesTest, AFileThatIsAbsentStopsTheStart) {
  EXPECT_THROW(Places(folder_.path() / "absent.mmdb"), Error);
}

}  // namespace
}  // namespace aa::places
