#include "driver/blob/key_ring.hpp"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "driver/blob/aead.hpp"
#include "driver/blob/sealer.hpp"
#include "driver/blob/temporary_folder.hpp"

namespace aa::blob {
namespace {

namespace fs = std::filesystem;

OrganizationId organization(std::uint8_t n) {
  OrganizationId id;
  id.uuid.bytes[15] = n;
  return id;
}

std::string slug_of(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  fs::permissions(path, fs::perms(0600));
}
unsigned mode_of(const fs::path& path) {
  struct stat found {};
  EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
  return found.st_mode & 0777;
}

class KeyRingTest : public testing::Test {
 protected:
  KeyRing open(const fs::path& master = {}) {
    return KeyRing(posix_file_system(), folder_.path() / "data", master);
  }
  fs::path data() const { return folder_.path() / "data"; }
  fs::path master() const { return data() / "master.key"; }

  TemporaryFolder folder_;
};

TEST_F(KeyRingTest, MakesItsFilesForItselfAlone) {
  auto keys = open();
  keys.get_or_create(organization(1));
  EXPECT_EQ(mode_of(master()), 0600U);
  EXPECT_EQ(mode_of(data()), 0700U);
  EXPECT_EQ(mode_of(data() / "keys"), 0700U);
  EXPECT_EQ(mode_of(data() / "keys" / (organization(1).str() + ".key")), 0600U);
  EXPECT_EQ(read_file(master()).size(), 45U);
}

TEST_F(KeyRingTest, KeepsAKeyPerOrganisationAcrossStarts) {
  std::string first;
  {
    auto keys = open();
    first = keys.get_or_create(organization(1))->reveal();
    EXPECT_EQ(first.size(), kKeyBytes);
    EXPECT_NE(first, keys.get_or_create(organization(2))->reveal());
    EXPECT_EQ(keys.find(organization(3)), nullptr);
  }
  auto again = open();
  EXPECT_EQ(again.find(organization(1))->reveal(), first);
  // Never in the clear on disk.
  for (const auto& entry : fs::directory_iterator(data() / "keys")) {
    EXPECT_EQ(read_file(entry.path()).find(to_base64url(first)), std::string::npos);
  }
}

TEST_F(KeyRingTest, RefusesToStartWithoutTheMasterKeyOfWrappedKeys) {
  open().get_or_create(organization(1));
  fs::rename(master(), folder_.path() / "away");
  EXPECT_EQ(slug_of([&] { open(); }), "master_key_missing");
  EXPECT_FALSE(fs::exists(master()));
  EXPECT_NO_THROW(open(folder_.path() / "away"));
}

TEST_F(KeyRingTest, RefusesAnExposedMasterKey) {
  open();
  for (const unsigned mode : {0640U, 0604U, 0620U, 0601U}) {
    fs::permissions(master(), fs::perms(mode));
    EXPECT_EQ(slug_of([&] { open(); }), "master_key_exposed") << std::oct << mode;
  }
  fs::permissions(master(), fs::perms(0400));
  EXPECT_NO_THROW(open());
}

TEST_F(KeyRingTest, RefusesAWrongMasterKey) {
  open().get_or_create(organization(1));
  write_file(master(), to_base64(random_bytes(32)));
  EXPECT_EQ(slug_of([&] { open(); }), "master_key_wrong");
}

TEST_F(KeyRingTest, RefusesAMasterKeyFileItCannotParse) {
  open();
  const auto good = to_base64(random_bytes(32));
  for (const std::string& text :
       {std::string(), std::string("\n\n"), std::string("hello"), to_base64(random_bytes(31)),
        to_base64(random_bytes(33)), "0:" + good, "x:" + good, "1:" + good + "\n1:" + good,
        "-1:" + good, std::string("=="), std::string(70'000, 'a')}) {
    write_file(master(), text);
    EXPECT_NE(slug_of([&] { open(); }), "") << text;
  }
}

TEST_F(KeyRingTest, WrapsWithTheNewestMasterKeyAndStillUnwrapsOlderOnes) {
  const auto first = open().get_or_create(organization(1));
  const auto older = read_file(master());
  write_file(master(), "# rotated\n1:" + older + "2:" + to_base64(random_bytes(32)) + "\r\n");
  auto keys = open();
  EXPECT_EQ(keys.find(organization(1))->reveal(), first->reveal());
  keys.get_or_create(organization(2));
  const auto file = [&](std::uint8_t n) {
    return read_file(data() / "keys" / (organization(n).str() + ".key"));
  };
  EXPECT_NE(file(1).find("\"master_key_version\":1"), std::string::npos);
  EXPECT_NE(file(2).find("\"master_key_version\":2"), std::string::npos);
  write_file(master(), older);
  EXPECT_EQ(slug_of([&] { open(); }), "master_key_wrong");
}

TEST_F(KeyRingTest, FollowsALinkToAMountedSecret) {
  write_file(folder_.path() / "secret", to_base64(random_bytes(32)));
  fs::create_symlink(folder_.path() / "secret", folder_.path() / "link");
  EXPECT_NO_THROW(open(folder_.path() / "link"));
}

TEST_F(KeyRingTest, NoticesAKeyFileThatIsDamagedOrAnothers) {
  auto keys = open();
  keys.get_or_create(organization(1));
  keys.get_or_create(organization(2));
  const auto path = [&](std::uint8_t n) {
    return data() / "keys" / (organization(n).str() + ".key");
  };
  const auto good = read_file(path(1));
  write_file(path(1), read_file(path(2)));
  EXPECT_EQ(slug_of([&] { open(); }), "master_key_wrong");
  for (const std::string& text : {std::string("{}"), std::string("not json"), std::string(),
                                  good.substr(0, good.size() / 2), std::string("[1,2]")}) {
    write_file(path(1), text);
    EXPECT_EQ(slug_of([&] { open(); }), "data_key_damaged") << text;
  }
  write_file(path(1), good);
  EXPECT_NO_THROW(open());
}

TEST_F(KeyRingTest, ADestroyedKeyNeverComesBack) {
  auto keys = open();
  keys.get_or_create(organization(1));
  keys.destroy(organization(1));
  EXPECT_EQ(keys.find(organization(1)), nullptr);
  EXPECT_EQ(slug_of([&] { keys.get_or_create(organization(1)); }), "not_found");
  EXPECT_FALSE(fs::exists(data() / "keys" / (organization(1).str() + ".key")));
  auto again = open();
  EXPECT_EQ(slug_of([&] { again.get_or_create(organization(1)); }), "not_found");
  EXPECT_EQ(again.destroyed(), std::vector{organization(1)});
}

TEST_F(KeyRingTest, ANewDataKeyEncryptsAndOldOnesStillOpen) {
  auto keys = std::make_shared<KeyRing>(posix_file_system(), data(), fs::path());
  Sealer sealer(keys);
  const auto sealed = sealer.seal(organization(1), "webhook", Secret("before"));
  const auto first = keys->find(organization(1));
  EXPECT_EQ(keys->rotate(organization(1)), 2U);
  EXPECT_NE(keys->find(organization(1))->reveal(), first->reveal());
  EXPECT_EQ(keys->get_or_create(organization(1)), keys->find(organization(1)));
  EXPECT_EQ(sealer.open(organization(1), "webhook", sealed).reveal(), "before");
  auto again = std::make_shared<KeyRing>(posix_file_system(), data(), fs::path());
  EXPECT_EQ(again->all(organization(1))->size(), 2U);
  EXPECT_EQ(again->all(organization(1))->back().key->reveal(), first->reveal());
  // A process that had the old keys in memory opens what is sealed with the new one.
  again->rotate(organization(1));
  const auto newest = Sealer(again).seal(organization(1), "webhook", Secret("after"));
  EXPECT_EQ(sealer.open(organization(1), "webhook", newest).reveal(), "after");
  EXPECT_EQ(slug_of([&] { keys->rotate(organization(9)); }), "not_found");
}

TEST_F(KeyRingTest, ANewMasterKeyIsLearntByWhoHadTheOldOneInMemory) {
  auto running = open();
  running.get_or_create(organization(1));
  const std::string before(running.find(organization(1))->reveal());
  const auto kept = running.master().seal("purpose", Secret("kept"));
  auto command = open();
  EXPECT_EQ(command.master().add(), 2U);
  EXPECT_TRUE(command.rewrap(organization(1)));
  EXPECT_FALSE(command.rewrap(organization(1)));
  EXPECT_EQ(MasterKeys::version_of(kept), 1U);
  EXPECT_EQ(running.master().open("purpose", kept).reveal(), "kept");
  EXPECT_EQ(running.reread(organization(1))->front().key->reveal(), before);
  EXPECT_EQ(running.all(organization(1))->front().master, 2U);
  running.get_or_create(organization(2));  // wrapped by the newest though it was made elsewhere
  EXPECT_EQ(command.all(organization(2))->front().master, 2U);
  EXPECT_EQ(mode_of(master()), 0600U);
  command.master().keep_only_newest();
  EXPECT_EQ(open().find(organization(1))->reveal(), before);
  EXPECT_EQ(slug_of([&] { open().master().open("purpose", kept); }), "sealed_damaged");
}

TEST_F(KeyRingTest, RotationsWaitForEachOther) {
  auto one = open();
  auto other = open();
  {
    const auto lock = one.lock_rotation();
    EXPECT_EQ(slug_of([&] { other.lock_rotation(); }), "rotation_running");
  }
  EXPECT_EQ(slug_of([&] { other.lock_rotation(); }), "");
}

TEST_F(KeyRingTest, RewrappingDoesNotBringADestroyedKeyBack) {
  auto keys = open();
  keys.get_or_create(organization(1));
  auto other = open();
  keys.destroy(organization(1));
  other.master().add();
  EXPECT_FALSE(other.rewrap(organization(1)));
  EXPECT_FALSE(fs::exists(data() / "keys" / (organization(1).str() + ".key")));
}

TEST_F(KeyRingTest, SecretsOfTheInstallationAreBoundToTheirPurpose) {
  auto keys = open();
  const auto sealed = keys.master().seal("one", Secret("value"));
  EXPECT_EQ(slug_of([&] { keys.master().open("other", sealed); }), "sealed_damaged");
  for (const auto& text : {std::string(), std::string("1"), std::string("1.."),
                           std::string("2") + sealed.substr(1), "x" + sealed, sealed + "A"}) {
    EXPECT_EQ(slug_of([&] { keys.master().open("one", text); }), "sealed_damaged") << text;
  }
}

TEST_F(KeyRingTest, SealerOpensOnlyWhatItSealedThere) {
  auto keys = std::make_shared<KeyRing>(posix_file_system(), data(), fs::path());
  Sealer sealer(keys);
  const Secret plain("hook-secret");
  const auto sealed = sealer.seal(organization(1), "webhook", plain);
  EXPECT_EQ(sealed.find("hook"), std::string::npos);
  EXPECT_NE(sealed, sealer.seal(organization(1), "webhook", plain));
  EXPECT_EQ(sealer.open(organization(1), "webhook", sealed).reveal(), "hook-secret");
  EXPECT_EQ(sealer.open(organization(1), "", sealer.seal(organization(1), "", Secret())).reveal(),
            "");
  sealer.seal(organization(2), "webhook", plain);
  const auto fails = [&](std::uint8_t n, const char* purpose, std::string_view bytes) {
    return slug_of([&] { sealer.open(organization(n), purpose, bytes); });
  };
  EXPECT_EQ(fails(2, "webhook", sealed), "sealed_damaged");
  EXPECT_EQ(fails(1, "token", sealed), "sealed_damaged");
  EXPECT_EQ(fails(3, "webhook", sealed), "not_found");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_EQ(fails(1, "webhook", altered), "sealed_damaged") << i;
    EXPECT_EQ(fails(1, "webhook", std::string_view(sealed).substr(0, i)), "sealed_damaged") << i;
  }
  keys->destroy(organization(1));
  EXPECT_EQ(fails(1, "webhook", sealed), "not_found");
}

// Test case 16 of the GCM specification (McGrew and Viega), AES-256 with bound data.
TEST(AeadTest, EqualsThePublishedVector) {
  const auto bytes = [](std::string_view hex) { return from_hex(hex).value(); };
  Aead aead(Secret(bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")));
  const auto plain = bytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449"
      "a6b525b16aedf5aa0de657ba637b39");
  const auto bound = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  Nonce nonce{};
  std::ranges::copy(bytes("cafebabefacedbaddecaf888"), nonce.begin());
  std::string sealed(plain.size() + kTagBytes, '\0');
  aead.seal(nonce, bound, std::as_bytes(std::span(plain)),
            std::as_writable_bytes(std::span(sealed)));
  EXPECT_EQ(sealed, bytes("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e"
                          "48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf"
                          "8853bb2d551b"));
}

// RFC 5869, test case 1, first 32 bytes.
TEST(DeriveKeyTest, EqualsThePublishedVector) {
  const auto key =
      derive_key(Secret(std::string(22, '\x0b')), from_hex("000102030405060708090a0b0c").value(),
                 from_hex("f0f1f2f3f4f5f6f7f8f9").value());
  EXPECT_EQ(std::string(key.reveal()),
            from_hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
}

}  // namespace
}  // namespace aa::blob
