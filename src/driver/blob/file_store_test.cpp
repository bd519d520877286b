#include "driver/blob/file_store.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

#include <gtest/gtest.h>

#include "driver/blob/chunk_file.hpp"
#include "driver/blob/memory_store.hpp"
#include "driver/blob/temporary_folder.hpp"

namespace aa::blob {
namespace {

namespace fs = std::filesystem;

std::string slug_of(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

std::string noise(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(size, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

const std::vector<std::size_t> kSizes = {0,
                                         1,
                                         1000,
                                         kChunkBytes - 1,
                                         kChunkBytes,
                                         kChunkBytes + 1,
                                         2 * kChunkBytes - 1,
                                         2 * kChunkBytes,
                                         2 * kChunkBytes + 1,
                                         3 * kChunkBytes - 1,
                                         3 * kChunkBytes,
                                         3 * kChunkBytes + 1};

class FileStoreTest : public testing::Test {
 protected:
  FileStoreTest() { reopen(); }

  void reopen() { store_ = open_file_store({folder_.path() / "data", {}}, clock_, ids_); }
  Key key(std::string name, std::uint8_t n = 1) const {
    Key key{{}, std::move(name)};
    key.organization.uuid.bytes[15] = n;
    return key;
  }
  fs::path file_of(const Key& key, const Version& version) const {
    return folder_.path() / "data/blobs" / key.organization.str() / key.name / ("@" + version.id);
  }
  std::string read(const Key& key, const std::optional<std::string>& version = {}) {
    return read_all(*store_->open(key, version), 1 << 30);
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  IdSource ids_{clock_, 7};
  std::unique_ptr<Store> store_;
};

TEST_F(FileStoreTest, RenewsWhatOlderDataKeysEncrypted) {
  auto keys = open_key_ring({folder_.path() / "data", {}});
  store_ = open_file_store({folder_.path() / "data", {}}, keys, clock_, ids_);
  const auto small = key("assets/a/original");
  const auto large = key("assets/b/original");
  const auto content = noise(3 * kChunkBytes + 7, 1);
  const auto first = put(*store_, small, "one");
  put(*store_, small, "two");
  put(*store_, large, content);
  const auto organization = small.organization;
  const auto always = [](const Renewal&) { return true; };
  EXPECT_EQ(renew(*store_, organization, {}, always).renewed, 0U);
  const auto open_before = store_->open(large);
  keys->rotate(organization);
  put(*store_, key("assets/c/original"), "three");
  // Ended half-way, it goes on where it was.
  const auto begun =
      renew(*store_, organization, {}, [](const Renewal& done) { return done.renewed < 2; });
  EXPECT_EQ(begun.last, "assets/a/original");
  EXPECT_FALSE(begun.ended);
  EXPECT_EQ(renew(*store_, organization, "assets/c", always).looked_at, 1U);
  const auto rest = renew(*store_, organization, begun.last, always);
  EXPECT_EQ(rest.renewed, 1U);
  EXPECT_EQ(rest.looked_at, 4U);
  EXPECT_EQ(rest.last, "assets/c/original");
  EXPECT_TRUE(rest.ended);
  EXPECT_EQ(rest.damaged, 0U);
  EXPECT_EQ(read(small), "two");
  EXPECT_EQ(read(small, first.id), "one");
  EXPECT_EQ(store_->versions(small)[0].created_at, first.created_at);
  EXPECT_EQ(read_all(*open_before, 1 << 30), content);
  EXPECT_EQ(read(large), content);
  EXPECT_EQ(renew(*store_, organization, {}, always).renewed, 0U);
  EXPECT_TRUE(fs::is_empty(folder_.path() / "data/blobs/.new"));
}

TEST_F(FileStoreTest, RenewingLeavesADamagedBlobAsItIs) {
  auto keys = open_key_ring({folder_.path() / "data", {}});
  store_ = open_file_store({folder_.path() / "data", {}}, keys, clock_, ids_);
  const auto name = key("assets/a/original");
  const auto version = put(*store_, name, noise(2 * kChunkBytes, 2));
  const auto path = file_of(name, version);
  auto bytes = read_file(path);
  bytes[bytes.size() - 5] = static_cast<char>(bytes[bytes.size() - 5] ^ 1);
  write_file(path, bytes);
  keys->rotate(name.organization);
  const auto done = renew(*store_, name.organization, {}, [](const Renewal&) { return true; });
  EXPECT_EQ(done.damaged, 1U);
  EXPECT_EQ(done.renewed, 0U);
  EXPECT_EQ(read_file(path), bytes);
  EXPECT_TRUE(fs::is_empty(folder_.path() / "data/blobs/.new"));
}

TEST_F(FileStoreTest, RemovesNothingWhileItIsHeld) {
  put(*store_, key("assets/a/original"), "kept");
  const FileStoreSettings settings{folder_.path() / "data", {}};
  {
    const auto hold = hold_removals(settings);
    store_->remove(key("assets/a/original"));
    EXPECT_EQ(read(key("assets/a/original")), "kept");
    EXPECT_EQ(slug_of([&] { hold_removals(settings); }), "backup_running");
  }
  store_->remove(key("assets/a/original"));
  EXPECT_TRUE(store_->versions(key("assets/a/original")).empty());
}

TEST_F(FileStoreTest, GivesBackWhatWasPutForEverySizeAroundChunks) {
  for (const auto size : kSizes) {
    const auto bytes = noise(size, size);
    const auto version = put(*store_, key("a/b.bin"), bytes);
    EXPECT_EQ(version.size, size);
    EXPECT_EQ(version.sha256, sha256(bytes));
    EXPECT_EQ(version.created_at, clock_.now());
    EXPECT_EQ(read(key("a/b.bin")), bytes) << size;
    EXPECT_EQ(fs::file_size(file_of(key("a/b.bin"), version)), sealed_size(size));
  }
  reopen();
  EXPECT_EQ(read(key("a/b.bin")), noise(kSizes.back(), kSizes.back()));
}

TEST_F(FileStoreTest, TakesBytesInPiecesOfAnySize) {
  const auto bytes = noise(3 * kChunkBytes + 5, 1);
  for (const std::size_t piece : {std::size_t{997}, kChunkBytes, kChunkBytes + 1, bytes.size()}) {
    const auto writer = store_->create(key("pieces"));
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      writer->write(
          std::as_bytes(std::span(bytes).subspan(at, std::min(piece, bytes.size() - at))));
    }
    EXPECT_EQ(writer->size(), bytes.size());
    writer->commit();
    EXPECT_EQ(read(key("pieces")), bytes) << piece;
  }
}

TEST_F(FileStoreTest, ReadsAnyRangeByOpeningOnlyItsChunks) {
  const auto bytes = noise(5 * kChunkBytes + 123, 2);
  put(*store_, key("range"), bytes);
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    const auto offset = random() % (bytes.size() + 10);
    std::string part(random() % (i % 2 == 0 ? 200 : 3 * kChunkBytes), '\0');
    const auto reader = store_->open(key("range"));
    const auto count = reader->read_at(offset, std::as_writable_bytes(std::span(part)));
    const auto expected = offset < bytes.size() ? bytes.substr(offset, part.size()) : "";
    ASSERT_EQ(part.substr(0, count), expected) << offset << " " << part.size();
    const auto touched =
        expected.empty() ? 0
                         : (offset + expected.size() - 1) / kChunkBytes - offset / kChunkBytes + 1;
    ASSERT_EQ(dynamic_cast<ChunkReader&>(*reader).chunks_opened(), touched);
  }
}

TEST_F(FileStoreTest, OpensEachChunkOnceForSmallReadsInOrder) {
  const auto bytes = noise(3 * kChunkBytes, 2);
  put(*store_, key("order"), bytes);
  const auto reader = store_->open(key("order"));
  std::string all;
  std::string part(1000, '\0');
  while (const auto count = reader->read_at(all.size(), std::as_writable_bytes(std::span(part)))) {
    all += part.substr(0, count);
  }
  EXPECT_EQ(all, bytes);
  EXPECT_EQ(dynamic_cast<ChunkReader&>(*reader).chunks_opened(), 3U);
}

TEST_F(FileStoreTest, KeepsListsRestoresVersions) {
  const auto one = put(*store_, key("doc"), "one");
  clock_.advance(std::chrono::seconds(1));
  const auto two = put(*store_, key("doc"), "two");
  EXPECT_LT(one.id, two.id);
  EXPECT_EQ(read(key("doc")), "two");
  EXPECT_EQ(read(key("doc"), one.id), "one");
  clock_.advance(std::chrono::seconds(1));
  const auto three = store_->restore(key("doc"), one.id);
  EXPECT_EQ(read(key("doc")), "one");
  EXPECT_EQ(three.sha256, one.sha256);
  const auto listed = store_->versions(key("doc"));
  ASSERT_EQ(listed.size(), 3U);
  EXPECT_EQ(listed[0].id, one.id);
  EXPECT_EQ(listed[1].sha256, two.sha256);
  EXPECT_EQ(listed[2].created_at, clock_.now());
  EXPECT_TRUE(store_->versions(key("nothing")).empty());
}

TEST_F(FileStoreTest, TheNewestStaysCurrentWhenTheClockIsSetBack) {
  put(*store_, key("doc"), "one");
  clock_.advance(-std::chrono::hours(24));
  IdSource earlier(clock_, 1);
  auto store = open_file_store({folder_.path() / "data", {}}, clock_, earlier);
  for (const std::string text : {"two", "three", "four"}) {
    put(*store, key("doc"), text);
    EXPECT_EQ(read(key("doc")), text);
  }
}

TEST_F(FileStoreTest, TheLastCommitWinsAndAnUncommittedWriterLeavesNothing) {
  const auto first = store_->create(key("doc"));
  const auto second = store_->create(key("doc"));
  first->write(std::as_bytes(std::span(std::string_view("first"))));
  second->write(std::as_bytes(std::span(std::string_view("second"))));
  {
    const auto third = store_->create(key("doc"));
    third->write(std::as_bytes(std::span(std::string_view("third"))));
  }
  EXPECT_EQ(slug_of([&] { store_->open(key("doc")); }), "not_found");
  second->commit();
  first->commit();
  EXPECT_EQ(read(key("doc")), "first");
  EXPECT_EQ(slug_of([&] { first->commit(); }), "internal");
  EXPECT_EQ(store_->versions(key("doc")).size(), 2U);
  EXPECT_TRUE(fs::is_empty(folder_.path() / "data/blobs/.new"));
}

TEST_F(FileStoreTest, ManyThreadsWriteReadAndRemoveOneKey) {
  put(*store_, key("hot/doc"), noise(100'000, 0));
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 25; ++i) {
        put(*store_, key("hot/doc"), noise(100'000, t * 100 + i));
        if (t == 3 && i % 5 == 0) store_->remove(key("hot/doc"));
        try {
          const auto reader = store_->open(key("hot/doc"));
          EXPECT_EQ(sha256(read_all(*reader, 1 << 20)), reader->version().sha256);
        } catch (const Error& error) {
          EXPECT_EQ(error.slug(), "not_found");
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(fs::is_empty(folder_.path() / "data/blobs/.new"));
}

TEST_F(FileStoreTest, RemoveTakesAllVersionsAndEmptyFolders) {
  put(*store_, key("a/b/c"), "1");
  put(*store_, key("a/b/c"), "2");
  put(*store_, key("a/b"), "parent");
  store_->remove(key("a/b/c"));
  store_->remove(key("a/b/c"));
  EXPECT_EQ(slug_of([&] { store_->open(key("a/b/c")); }), "not_found");
  EXPECT_EQ(read(key("a/b")), "parent");
  store_->remove(key("a/b"));
  EXPECT_FALSE(fs::exists(folder_.path() / "data/blobs" / key("a").organization.str() / "a"));
}

TEST_F(FileStoreTest, AFlippedByteAnywhereIsNoticed) {
  const auto bytes = noise(kChunkBytes + 300, 4);
  const auto version = put(*store_, key("flip"), bytes);
  const auto path = file_of(key("flip"), version);
  const auto good = read_file(path);
  std::mt19937 random(5);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < kHeaderBytes + 40; ++i) places.push_back(i);
  for (std::size_t i = 0; i < 40; ++i) places.push_back(kHeaderBytes + kChunkBytes - 4 + i);
  for (std::size_t i = 1; i <= 330; ++i) places.push_back(good.size() - i);
  for (int i = 0; i < 100; ++i) places.push_back(random() % good.size());
  for (const auto place : places) {
    auto bad = good;
    bad[place] = static_cast<char>(bad[place] ^ (1 << random() % 8));
    write_file(path, bad);
    ASSERT_EQ(slug_of([&] { read(key("flip")); }), "blob_damaged") << place;
  }
  write_file(path, good);
  EXPECT_EQ(read(key("flip")), bytes);
}

TEST_F(FileStoreTest, ACutLengthenedOrReorderedFileIsNoticed) {
  const auto bytes = noise(3 * kChunkBytes, 6);
  const auto version = put(*store_, key("cut"), bytes);
  const auto path = file_of(key("cut"), version);
  const auto good = read_file(path);
  constexpr auto kSealed = kChunkBytes + kTagBytes;
  std::vector<std::string> bad = {"", good + "x", good + good.substr(kHeaderBytes, kSealed)};
  for (std::size_t chunk = 0; chunk < 3; ++chunk) {
    for (const std::size_t extra : {0, 1, 100}) {
      bad.push_back(good.substr(0, kHeaderBytes + chunk * kSealed + extra));
    }
  }
  bad.push_back(good.substr(0, good.size() - 1));
  auto swapped = good;
  std::swap_ranges(swapped.begin() + kHeaderBytes, swapped.begin() + kHeaderBytes + kSealed,
                   swapped.begin() + kHeaderBytes + kSealed);
  bad.push_back(swapped);
  auto repeated = good;
  repeated.replace(kHeaderBytes, kSealed, good, kHeaderBytes + kSealed, kSealed);
  bad.push_back(repeated);
  for (std::size_t i = 0; i < bad.size(); ++i) {
    write_file(path, bad[i]);
    EXPECT_EQ(slug_of([&] { read(key("cut")); }), "blob_damaged") << i;
  }
}

TEST_F(FileStoreTest, AFileInAnothersPlaceIsNoticed) {
  const auto a = put(*store_, key("a"), noise(1000, 1));
  const auto older = put(*store_, key("b"), noise(1000, 2));
  const auto b = put(*store_, key("b"), noise(1000, 3));
  const auto foreign = put(*store_, key("a", 2), noise(1000, 4));
  const auto path = file_of(key("a"), a);
  const auto good = read_file(path);
  for (const auto& other :
       {file_of(key("b"), b), file_of(key("b"), older), file_of(key("a", 2), foreign)}) {
    write_file(path, read_file(other));
    EXPECT_EQ(slug_of([&] { read(key("a")); }), "blob_damaged") << other;
    // The header of one with the chunks of the other.
    write_file(path, good.substr(0, kHeaderBytes) + read_file(other).substr(kHeaderBytes));
    EXPECT_EQ(slug_of([&] { read(key("a")); }), "blob_damaged") << other;
  }
  // An older version under the newest one's name.
  write_file(file_of(key("b"), b), read_file(file_of(key("b"), older)));
  EXPECT_EQ(slug_of([&] { read(key("b")); }), "blob_damaged");
}

TEST_F(FileStoreTest, PlainBytesAreNowhereOnDisk) {
  const std::string marker = "a marker that must not be readable";
  const auto version = put(*store_, key("secret"), marker);
  const auto file = read_file(file_of(key("secret"), version));
  EXPECT_EQ(file.find(marker.substr(0, 8)), std::string::npos);
  struct stat found {};
  ASSERT_EQ(::stat(file_of(key("secret"), version).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat(file_of(key("secret"), version).parent_path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700U);
}

TEST_F(FileStoreTest, RefusesBadNamesAndVersions) {
  for (const std::string& name :
       {std::string(), std::string("/a"), std::string("a/"), std::string("a//b"), std::string(".."),
        std::string("a/../b"), std::string("."), std::string(".a"), std::string("A"),
        std::string("a b"), std::string("@a"), std::string("a\0b", 3), std::string("ä"),
        std::string("a\\b"), std::string("-a"), std::string(201, 'a')}) {
    EXPECT_EQ(slug_of([&] { store_->create(key(name)); }), "invalid_blob_key") << name;
    EXPECT_EQ(slug_of([&] { store_->open(key(name)); }), "invalid_blob_key") << name;
    EXPECT_EQ(slug_of([&] { store_->remove(key(name)); }), "invalid_blob_key") << name;
  }
  const auto version = put(*store_, key("a"), "x");
  put(*store_, key("b"), "y");
  auto upper = version.id;
  for (auto& c : upper) c = static_cast<char>(std::toupper(c));
  for (const std::string& id : {std::string(), std::string("../b"), upper + " ", upper,
                                version.id + "/../../b", IdSource(clock_, 9).next().str()}) {
    EXPECT_EQ(slug_of([&] { store_->open(key("a"), id); }), "not_found") << id;
  }
  EXPECT_EQ(slug_of([&] { store_->open(key("a", 9)); }), "not_found");
}

TEST_F(FileStoreTest, DestroyingAnOrganisationTakesItsKeyAndBlobsAndNoOthers) {
  put(*store_, key("a/x"), "mine");
  put(*store_, key("a/x", 2), "theirs");
  const auto open_reader = store_->open(key("a/x"));
  const auto writer = store_->create(key("b"));
  writer->write(std::as_bytes(std::span(std::string_view("late"))));
  store_->destroy_organization(key("").organization);
  EXPECT_EQ(slug_of([&] { store_->open(key("a/x")); }), "not_found");
  EXPECT_EQ(slug_of([&] { writer->commit(); }), "not_found");
  EXPECT_EQ(slug_of([&] { store_->create(key("c")); }), "not_found");
  EXPECT_FALSE(fs::exists(folder_.path() / "data/blobs" / key("").organization.str()));
  EXPECT_EQ(read(key("a/x", 2)), "theirs");
}

TEST_F(FileStoreTest, AHalfDestroyedOrganisationIsFinishedAtTheStart) {
  put(*store_, key("a"), "mine");
  const auto id = key("").organization.str();
  write_file(folder_.path() / "data/keys" / (id + ".destroyed"), "destroyed\n");
  reopen();
  EXPECT_FALSE(fs::exists(folder_.path() / "data/keys" / (id + ".key")));
  EXPECT_FALSE(fs::exists(folder_.path() / "data/blobs" / id));
}

TEST_F(FileStoreTest, SweepsLeftoversAtTheStartUnlessAnotherHasTheStoreOpen) {
  const auto leftover = folder_.path() / "data/blobs/.new/left";
  write_file(leftover, "x");
  {
    const auto other = open_file_store({folder_.path() / "data", {}}, clock_, ids_);
    EXPECT_TRUE(fs::exists(leftover));
  }
  store_.reset();
  reopen();
  EXPECT_FALSE(fs::exists(leftover));
}

TEST_F(FileStoreTest, ReadAllStopsAtItsLimit) {
  put(*store_, key("a"), "12345");
  EXPECT_EQ(slug_of([&] { read_all(*store_->open(key("a")), 4); }), "blob_too_large");
}

TEST_F(FileStoreTest, StreamingTwoHundredMegabytesTakesLittleMemory) {
  const auto block = noise(1 << 20, 1);
  const auto peak_kb = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  put(*store_, key("warm"), block);
  const auto before = peak_kb();
  const auto writer = store_->create(key("big"));
  Sha256 expected;
  for (int i = 0; i < 200; ++i) {
    writer->write(std::as_bytes(std::span(block)));
    expected.update(block);
  }
  EXPECT_EQ(writer->commit().sha256, expected.finish());
  const auto reader = store_->open(key("big"));
  std::string part(1 << 20, '\0');
  Sha256 got;
  for (std::uint64_t at = 0; at < reader->version().size; at += part.size()) {
    ASSERT_EQ(reader->read_at(at, std::as_writable_bytes(std::span(part))), part.size());
    got.update(part);
  }
  EXPECT_EQ(got.finish(), reader->version().sha256);
  EXPECT_LT(peak_kb() - before, 16 * 1024);
}

TEST(MemoryStoreTest, BehavesLikeTheStore) {
  ManualClock clock;
  IdSource ids(clock, 1);
  MemoryStore twin(clock, ids);
  Store& store = twin;
  const Key key{{}, "a/b"};
  EXPECT_EQ(slug_of([&] { store.open(key); }), "not_found");
  const auto one = put(store, key, "one");
  put(store, key, "two");
  EXPECT_EQ(read_all(*store.open(key), 10), "two");
  EXPECT_EQ(read_all(*store.open(key, one.id), 10), "one");
  store.restore(key, one.id);
  EXPECT_EQ(read_all(*store.open(key), 10), "one");
  EXPECT_EQ(store.versions(key).size(), 3U);
  EXPECT_EQ(slug_of([&] { store.create({{}, "../x"}); }), "invalid_blob_key");
  twin.fail_at(2, Error(ErrorCode::out_of_space, "out_of_space", "full"));
  EXPECT_EQ(slug_of([&] { put(store, key, "three"); }), "out_of_space");
  EXPECT_EQ(store.versions(key).size(), 3U);
  store.remove(key);
  EXPECT_TRUE(store.versions(key).empty());
  store.destroy_organization({});
  EXPECT_EQ(slug_of([&] { put(store, key, "four"); }), "not_found");
}

}  // namespace
}  // namespace aa::blob
