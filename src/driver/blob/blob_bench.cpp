// Throughput of the file store beside a bare loop of SHA-256 and AES-256-GCM over the same bytes.
#include <vector>

#include <benchmark/benchmark.h>

#include "base/hash.hpp"
#include "driver/blob/chunk_file.hpp"
#include "driver/blob/file_store.hpp"
#include "driver/blob/temporary_folder.hpp"

namespace aa::blob {
namespace {

constexpr std::size_t kBytes = 64 << 20;

std::string noise() {
  std::string bytes;
  while (bytes.size() < kBytes) bytes += random_bytes(1 << 20);
  return bytes;
}

void report(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kBytes));
}

void bare_seal(benchmark::State& state) {
  const auto bytes = noise();
  Aead aead{Secret(random_bytes(kKeyBytes))};
  std::vector<std::byte> sealed(kChunkBytes + kTagBytes);
  for (auto _ : state) {
    Sha256 hash;
    hash.update(bytes);
    for (std::size_t at = 0; at < kBytes; at += kChunkBytes) {
      aead.seal(Nonce{}, {}, std::as_bytes(std::span(bytes).subspan(at, kChunkBytes)), sealed);
    }
    benchmark::DoNotOptimize(hash.finish());
  }
  report(state);
}
BENCHMARK(bare_seal)->Unit(benchmark::kMillisecond)->UseRealTime();

struct Fixture {
  TemporaryFolder folder{TemporaryFolder::Place::disk};
  SystemClock clock;
  IdSource ids{clock};
  std::unique_ptr<Store> store = open_file_store({folder.path() / "data", {}}, clock, ids);
  Key key{{}, "bench"};
};

void store_put(benchmark::State& state) {
  const auto bytes = noise();
  Fixture fixture;
  for (auto _ : state) {
    put(*fixture.store, fixture.key, bytes);
    state.PauseTiming();
    fixture.store->remove(fixture.key);
    state.ResumeTiming();
  }
  report(state);
}
BENCHMARK(store_put)->Unit(benchmark::kMillisecond)->UseRealTime();

void store_read(benchmark::State& state) {
  const auto bytes = noise();
  Fixture fixture;
  put(*fixture.store, fixture.key, bytes);
  std::vector<std::byte> part(1 << 20);
  for (auto _ : state) {
    const auto reader = fixture.store->open(fixture.key);
    for (std::uint64_t at = 0; at < kBytes; at += part.size()) reader->read_at(at, part);
  }
  report(state);
}
BENCHMARK(store_read)->Unit(benchmark::kMillisecond)->UseRealTime();

void store_put_small(benchmark::State& state) {
  const auto bytes = random_bytes(20'000);
  Fixture fixture;
  std::size_t n = 0;
  for (auto _ : state) {
    put(*fixture.store, {{}, "asset/" + std::to_string(n++) + "/thumbnail"}, bytes);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(store_put_small)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
}  // namespace aa::blob

BENCHMARK_MAIN();
