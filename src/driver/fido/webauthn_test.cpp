#include "driver/fido/webauthn.hpp"

#include <random>

#include <gtest/gtest.h>

#include "driver/fido/cbor_guard.hpp"
#include "driver/fido/fido_fuzz.hpp"
#include "driver/fido/test_support/soft_passkey.hpp"

namespace aa::fido {
namespace {

using test::cbor_bytes;
using test::cbor_head;
using test::cbor_int;
using test::cbor_text;
using test::SoftPasskey;
using test::Tweaks;

const Ceremony kAsked{{"example.org", "https://example.org"}, "Y2hhbGxlbmdl", true};

// The slug of what it throws; "" when it throws nothing.
template <class Function>
std::string slug_of(Function function) {
  try {
    function();
    return "";
  } catch (const Error& error) {
    return error.slug();
  }
}

std::string created(const SoftPasskey& passkey, const Tweaks& tweaks) {
  return slug_of([&] { check_attestation(kAsked, passkey.create(kAsked, tweaks)); });
}

Tweaks tweaked(void (*change)(Tweaks&)) {
  Tweaks out;
  change(out);
  return out;
}

const std::vector<Tweaks>& wrong_answers() {
  static const std::vector<Tweaks> all = {
      tweaked([](Tweaks& t) { t.type = "payment.get"; }),
      tweaked([](Tweaks& t) { t.challenge = "b3RoZXI"; }),
      tweaked([](Tweaks& t) { t.origin = "https://example.org:444"; }),
      tweaked([](Tweaks& t) { t.origin = "http://example.org"; }),
      tweaked([](Tweaks& t) { t.origin = "https://login.example.org"; }),
      tweaked([](Tweaks& t) { t.rp_id = "example.com"; }),
      tweaked([](Tweaks& t) { t.cross_origin = true; }),
      tweaked([](Tweaks& t) { t.flags = 0x04; }),  // nobody was there
      tweaked([](Tweaks& t) { t.flags = 0x45; }),  // a credential where there is none
      tweaked([](Tweaks& t) { t.flags = 0x85; }),  // extensions where there are none
      tweaked([](Tweaks& t) { t.extra = R"(,"x":")" + std::string(5000, 'x') + "\""; }),
  };
  return all;
}

class EachAlgorithm : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Cose, EachAlgorithm, testing::Values(kEs256, kEdDsa, kRs256));

TEST_P(EachAlgorithm, WhatWasMadeCanBeAskedLater) {
  for (const std::string format : {"none", "packed"}) {
    SoftPasskey passkey(GetParam());
    Tweaks tweaks;
    tweaks.format = format;
    auto made = check_attestation(kAsked, passkey.create(kAsked, tweaks));
    EXPECT_EQ(made.id, passkey.id);
    EXPECT_EQ(made.algorithm, GetParam());
    EXPECT_TRUE(made.user_verified);
    const auto asserted = check_assertion(kAsked, made, passkey.get(kAsked));
    EXPECT_EQ(asserted.sign_count, 1U);
    EXPECT_TRUE(asserted.user_verified);
  }
}

TEST_P(EachAlgorithm, AnotherKeyOrAChangedByteIsRefused) {
  SoftPasskey passkey(GetParam());
  SoftPasskey other(GetParam());
  const auto made = check_attestation(kAsked, passkey.create(kAsked));
  EXPECT_EQ(slug_of([&] { check_assertion(kAsked, made, other.get(kAsked)); }), "invalid_passkey");
  const auto good = passkey.get(kAsked);
  for (std::size_t at = 0; at < good.signature.size(); at += 7) {
    auto bad = good;
    bad.signature[at] = static_cast<char>(bad.signature[at] ^ 0x10);
    EXPECT_EQ(slug_of([&] { check_assertion(kAsked, made, bad); }), "invalid_passkey") << at;
  }
  auto counted = good;
  counted.authenticator_data[36] = 9;
  EXPECT_EQ(slug_of([&] { check_assertion(kAsked, made, counted); }), "invalid_passkey");
  Credential confused = made;
  for (const int algorithm : {kEs256, kEdDsa, kRs256}) {
    confused.algorithm = algorithm;
    const auto expected = algorithm == GetParam() ? "" : "invalid_passkey";
    EXPECT_EQ(slug_of([&] { check_assertion(kAsked, confused, good); }), expected) << algorithm;
  }
}

TEST(Attestation, WhatIsAskedOtherwiseIsRefused) {
  const SoftPasskey passkey;
  EXPECT_EQ(created(passkey, {}), "");
  for (std::size_t i = 0; i < wrong_answers().size(); ++i) {
    auto tweaks = wrong_answers()[i];
    if (tweaks.flags == 0x45) continue;  // there must be one
    EXPECT_EQ(created(passkey, tweaks), "invalid_passkey") << i;
  }
  EXPECT_EQ(created(passkey, tweaked([](Tweaks& t) { t.flags = 0x01; })), "passkey_unverified");
  for (const char* format : {"fido-u2f", "tpm", "android-key", ""}) {
    Tweaks tweaks;
    tweaks.format = format;
    EXPECT_EQ(created(passkey, tweaks), "invalid_passkey") << format;
  }
}

TEST(Attestation, APackedOneIsByTheKeyItself) {
  const SoftPasskey passkey;
  Tweaks tweaks;
  tweaks.format = "packed";
  auto given = passkey.create(kAsked, tweaks);
  for (const char* word : {"sig", "alg"}) {
    auto bad = given;
    bad.attestation_object[bad.attestation_object.find(word)] = 'x';
    EXPECT_EQ(slug_of([&] { check_attestation(kAsked, bad); }), "invalid_passkey") << word;
  }
  auto& bytes = given.attestation_object;
  bytes[bytes.find("sig") + 10] = static_cast<char>(bytes[bytes.find("sig") + 10] ^ 1);
  EXPECT_EQ(slug_of([&] { check_attestation(kAsked, given); }), "invalid_passkey");
}

TEST(Assertion, WhatIsAskedOtherwiseIsRefused) {
  SoftPasskey passkey;
  const auto made = check_attestation(kAsked, passkey.create(kAsked));
  for (std::size_t i = 0; i < wrong_answers().size(); ++i) {
    const auto given = passkey.get(kAsked, wrong_answers()[i]);
    EXPECT_EQ(slug_of([&] { check_assertion(kAsked, made, given); }), "invalid_passkey") << i;
  }
  const auto unverified = passkey.get(kAsked, tweaked([](Tweaks& t) { t.flags = 0x01; }));
  EXPECT_EQ(slug_of([&] { check_assertion(kAsked, made, unverified); }), "passkey_unverified");
  auto second_factor = kAsked;
  second_factor.verify_user = false;
  EXPECT_FALSE(check_assertion(second_factor, made, unverified).user_verified);
}

TEST(Assertion, ACounterThatGoesBackIsACopy) {
  SoftPasskey passkey;
  auto made = check_attestation(kAsked, passkey.create(kAsked));
  made.sign_count = 7;
  const auto slug = [&] {
    return slug_of([&] { check_assertion(kAsked, made, passkey.get(kAsked)); });
  };
  passkey.count = 5;
  EXPECT_EQ(slug(), "passkey_cloned");  // 6
  EXPECT_EQ(slug(), "passkey_cloned");  // 7
  EXPECT_EQ(slug(), "");
  passkey.counts = false;
  passkey.count = 0;
  EXPECT_EQ(slug(), "passkey_cloned");
  made.sign_count = 0;
  EXPECT_EQ(slug(), "") << "one that never counts";
}

TEST(Attestation, CutAndGrownObjectsAreRefused) {
  const SoftPasskey passkey;
  const auto good = passkey.create(kAsked);
  for (std::size_t size = 0; size < good.attestation_object.size(); ++size) {
    auto bad = good;
    bad.attestation_object.resize(size);
    ASSERT_EQ(slug_of([&] { check_attestation(kAsked, bad); }), "invalid_passkey") << size;
  }
  auto longer = good;
  longer.attestation_object += '\0';
  EXPECT_EQ(slug_of([&] { check_attestation(kAsked, longer); }), "invalid_passkey");
  longer.attestation_object += std::string(kAttestationBytes, '\0');
  EXPECT_EQ(slug_of([&] { check_attestation(kAsked, longer); }), "invalid_passkey");
}

TEST(Attestation, TheIdHasALimit) {
  SoftPasskey passkey;
  passkey.id = std::string(kCredentialIdBytes, 'i');
  EXPECT_EQ(created(passkey, {}), "");
  passkey.id += 'i';
  EXPECT_EQ(created(passkey, {}), "invalid_passkey");
  passkey.id.clear();
  EXPECT_EQ(created(passkey, {}), "invalid_passkey");
}

TEST(CborGuard, KnowsTheLengthOfTheFirstItem) {
  EXPECT_EQ(cbor_length(cbor_int(7) + "rest"), 1U);
  EXPECT_EQ(cbor_length(cbor_int(-500)), 3U);
  EXPECT_EQ(cbor_length(cbor_text("abc") + cbor_text("d")), 4U);
  EXPECT_EQ(cbor_length(cbor_head(4, 2) + cbor_int(1) + cbor_bytes("xy")), 5U);
  EXPECT_EQ(cbor_length(cbor_head(5, 0)), 1U);
  EXPECT_EQ(cbor_length(cbor_head(5, 1) + cbor_text("a") + cbor_head(4, 0) + "\x01"), 4U);
}

TEST(CborGuard, RefusesWhatIsLargeDeepOrCut) {
  const std::vector<std::string> bad = {
      "",
      cbor_bytes("abc").substr(0, 3),
      cbor_head(4, 2) + cbor_int(1),
      std::string("\x9b\x00\x00\x00\x01\x00\x00\x00\x00", 9),  // 2^32 items
      std::string("\xbb\x80\x00\x00\x00\x00\x00\x00\x00", 9),  // twice 2^63
      std::string("\x5b\xff\xff\xff\xff\xff\xff\xff\xff", 9),  // bytes without end
      "\x9f\x01\xff",                                          // an indefinite length
      "\x5f\x41x\xff",
      "\xc1\x01",  // a tag
      "\x1c",      // no length at all
      cbor_head(4, 1) + cbor_head(4, 1) + cbor_head(4, 1) + cbor_head(4, 1) + cbor_head(4, 1) +
          cbor_head(4, 1) + cbor_int(1),
      cbor_head(4, 200) + std::string(100, '\x01'),
      cbor_head(4, 256) + std::string(256, '\x01'),
  };
  for (std::size_t i = 0; i < bad.size(); ++i) EXPECT_FALSE(cbor_length(bad[i])) << i;
}

TEST(RelyingParty, IsADomainAndTheOriginOfItsPages) {
  const auto origin = [](const char* url) { return relying_party(url).origin; };
  EXPECT_EQ(relying_party("https://Labels.example.org:443").id, "labels.example.org");
  EXPECT_EQ(origin("https://Labels.example.org:443"), "https://labels.example.org");
  EXPECT_EQ(origin("https://labels.example.org:8443"), "https://labels.example.org:8443");
  EXPECT_EQ(origin("http://localhost:8080"), "http://localhost:8080");
  EXPECT_EQ(relying_party("http://localhost:8080").id, "localhost");
  for (const char* url :
       {"http://127.0.0.1:8080", "https://192.0.2.7", "https://[::1]:8443", "http://example.org",
        "https://1", "", "ftp://example.org", "http://localhost.example.org"}) {
    EXPECT_EQ(slug_of([&] { relying_party(url); }), "passkeys_unavailable") << url;
  }
}

// Seeded mutations of a good object: nothing is taken that nobody made.
TEST(Attestation, MutatedObjectsNeverCrash) {
  std::mt19937 random(20'261'127);
  Tweaks packed;
  packed.format = "packed";
  const std::vector<std::string> seeds = {
      SoftPasskey(kEs256).create(kAsked).attestation_object,
      SoftPasskey(kEdDsa).create(kAsked, packed).attestation_object,
      SoftPasskey(kRs256).create(kAsked).attestation_object};
  for (int round = 0; round < 3000; ++round) {
    auto bytes = seeds[round % seeds.size()];
    for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    fuzz_attestation(bytes);
    bytes[0] = static_cast<char>(round);
    fuzz_assertion(bytes);
  }
}

}  // namespace
}  // namespace aa::fido
