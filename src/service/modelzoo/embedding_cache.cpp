#include "service/modelzoo/embedding_cache.hpp"

#include <cstring>
#include <zlib.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/error.hpp"
#include "base/half_float.hpp"
#include "core/observe/log.hpp"

namespace aa::modelzoo {
namespace {

constexpr std::uint32_t kMagic = 0x31454141;       // "AAE1", one tensor
constexpr std::uint32_t kPartsMagic = 0x32454141;  // "AAE2", named tensors, each as the other
constexpr std::size_t kPartsMax = 16;
constexpr std::size_t kNameMax = 256;
constexpr std::size_t kValuesMax = 64ULL << 20;
constexpr std::size_t kDimensionsMax = 8;
// Packing keeps a core busy that the mask decoder needs just then, and a person waits for a mask.
constexpr std::chrono::milliseconds kStoreAfter{500};

void put(std::string& out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>(value >> (8 * i));
}

std::uint64_t take(std::string_view bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i);
  }
  return value;
}

std::string pack_tensor(const std::vector<std::int64_t>& shape, const std::vector<float>& values) {
  std::string out;
  put(out, kMagic);
  put(out, shape.size());
  for (const auto side : shape) put(out, static_cast<std::uint64_t>(side));
  // Low and high bytes apart: the high ones repeat and compress.
  const std::size_t count = values.size();
  std::string halves(count * 2, '\0');
  for (std::size_t i = 0; i < count; ++i) {
    const auto half = to_half(values[i]);
    halves[i] = static_cast<char>(half);
    halves[count + i] = static_cast<char>(half >> 8);
  }
  uLongf size = compressBound(halves.size());
  const std::size_t head = out.size();
  out.resize(head + size);
  compress2(reinterpret_cast<Bytef*>(out.data() + head), &size,
            reinterpret_cast<const Bytef*>(halves.data()), halves.size(), 1);
  out.resize(head + size);
  return out;
}

std::optional<Embedding> unpack_tensor(std::string_view bytes) {
  if (bytes.size() < 16 || take(bytes, 0) != kMagic) return std::nullopt;
  const auto dimensions = take(bytes, 8);
  if (dimensions > kDimensionsMax || bytes.size() < 16 + 8 * dimensions) return std::nullopt;
  Embedding out;
  std::uint64_t count = 1;
  for (std::size_t i = 0; i < dimensions; ++i) {
    out.shape.push_back(static_cast<std::int64_t>(take(bytes, 16 + 8 * i)));
    if (out.shape.back() <= 0 || out.shape.back() > static_cast<std::int64_t>(kValuesMax)) {
      return std::nullopt;
    }
    count *= static_cast<std::uint64_t>(out.shape.back());
    if (count > kValuesMax) return std::nullopt;
  }
  std::string halves(count * 2, '\0');
  uLongf size = halves.size();
  const auto rest = bytes.substr(16 + 8 * dimensions);
  if (uncompress(reinterpret_cast<Bytef*>(halves.data()), &size,
                 reinterpret_cast<const Bytef*>(rest.data()), rest.size()) != Z_OK ||
      size != halves.size()) {
    return std::nullopt;
  }
  out.values.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto low = static_cast<std::uint8_t>(halves[i]);
    const auto high = static_cast<std::uint8_t>(halves[count + i]);
    out.values[i] = from_half(static_cast<std::uint16_t>(low | high << 8));
  }
  return out;
}

void put_text(std::string& out, std::string_view text) {
  put(out, text.size());
  out += text;
}

// A text with its length before it, taken off the front; nullopt when there is less or it is
// longer.
std::optional<std::string_view> take_text(std::string_view& bytes, std::size_t most) {
  if (bytes.size() < 8) return std::nullopt;
  const auto size = take(bytes, 0);
  if (size > most || size > bytes.size() - 8) return std::nullopt;
  const auto text = bytes.substr(8, size);
  bytes.remove_prefix(8 + size);
  return text;
}

void put_part(std::string& out, const std::string& name, const std::vector<std::int64_t>& shape,
              const std::vector<float>& values) {
  put_text(out, name);
  put_text(out, pack_tensor(shape, values));
}

std::optional<EmbeddingPart> take_part(std::string_view& bytes) {
  const auto name = take_text(bytes, kNameMax);
  const auto packed = name ? take_text(bytes, bytes.size()) : std::nullopt;
  auto tensor = packed ? unpack_tensor(*packed) : std::nullopt;
  if (!tensor) return std::nullopt;
  return EmbeddingPart{std::string(*name), std::move(tensor->shape), std::move(tensor->values)};
}

std::optional<Embedding> unpack_parts(std::string_view bytes) {
  const auto count = take(bytes, 8);
  if (count < 1 || count > kPartsMax) return std::nullopt;
  bytes.remove_prefix(16);
  Embedding out;
  for (std::uint64_t i = 0; i < count; ++i) {
    auto part = take_part(bytes);
    if (!part) return std::nullopt;
    if (i > 0) {
      out.more.push_back(std::move(*part));
      continue;
    }
    out.name = std::move(part->name);
    out.shape = std::move(part->shape);
    out.values = std::move(part->values);
  }
  return bytes.empty() ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

std::size_t Embedding::bytes() const {
  std::size_t count = values.size();
  for (const auto& part : more) count += part.values.size();
  return count * sizeof(float);
}

std::string pack(const Embedding& embedding) {
  if (embedding.more.empty()) return pack_tensor(embedding.shape, embedding.values);
  std::string out;
  put(out, kPartsMagic);
  put(out, embedding.more.size() + 1);
  put_part(out, embedding.name, embedding.shape, embedding.values);
  for (const auto& part : embedding.more) put_part(out, part.name, part.shape, part.values);
  return out;
}

std::optional<Embedding> unpack(std::string_view bytes) {
  if (bytes.size() < 16) return std::nullopt;
  return take(bytes, 0) == kPartsMagic ? unpack_parts(bytes) : unpack_tensor(bytes);
}

// A computation that several wait for. Result and error are guarded by the cache's mutex.
struct EmbeddingCache::Pending {
  runtime::Event done;
  SharedEmbedding result;
  std::exception_ptr error;
};

EmbeddingCache::EmbeddingCache(runtime::Executors& executors, std::size_t memory_bytes,
                               EmbeddingShelf shelf)
    : executors_(executors), memory_bytes_(memory_bytes), shelf_(std::move(shelf)) {}

bool EmbeddingCache::holds(const EmbeddingKey& key, const std::string& model) const {
  const std::lock_guard lock(mutex_);
  return index_.contains({key, model});
}

SharedEmbedding EmbeddingCache::recall(const Id& id) {
  const auto it = index_.find(id);
  if (it == index_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, it->second);
  return it->second->second;
}

void EmbeddingCache::keep(const Id& id, SharedEmbedding embedding) {
  used_bytes_ += embedding->bytes();
  by_use_.emplace_front(id, std::move(embedding));
  index_[id] = by_use_.begin();
  while (used_bytes_ > memory_bytes_ && by_use_.size() > 1) {
    used_bytes_ -= by_use_.back().second->bytes();
    index_.erase(by_use_.back().first);
    by_use_.pop_back();
  }
}

Task<SharedEmbedding> EmbeddingCache::get(EmbeddingKey key, std::string model, Compute compute) {
  const Id id{std::move(key), std::move(model)};
  std::shared_ptr<Pending> pending;
  {
    const std::lock_guard lock(mutex_);
    if (auto ready = recall(id)) co_return ready;
    auto& slot = pending_[id];
    if (!slot) {
      slot = std::make_shared<Pending>();
      boost::asio::co_spawn(executors_.io(), fill(id, slot, std::move(compute)),
                            boost::asio::detached);
    }
    pending = slot;
  }
  co_await pending->done.wait();
  const std::lock_guard lock(mutex_);
  if (!pending->done.happened())
    throw Error(ErrorCode::cancelled, "cancelled", "The request was cancelled.");
  if (pending->error) std::rethrow_exception(pending->error);
  co_return pending->result;
}

Task<> EmbeddingCache::fill(Id id, std::shared_ptr<Pending> pending, Compute compute) {
  SharedEmbedding result;
  std::exception_ptr failure;
  bool fresh = false;
  try {
    auto load = [this, id]() -> SharedEmbedding {
      const auto bytes = shelf_.load ? shelf_.load(id.first, id.second) : std::nullopt;
      auto unpacked = bytes ? unpack(*bytes) : std::nullopt;
      if (!unpacked) return nullptr;
      return std::make_shared<const Embedding>(std::move(*unpacked));
    };
    result = co_await runtime::run_on(executors_.blocking(), load);
    if (!result) {
      result = co_await compute();
      fresh = true;
    }
  } catch (...) {
    failure = std::current_exception();
  }
  {
    const std::lock_guard lock(mutex_);
    pending->result = result;
    pending->error = failure;
    if (result) keep(id, result);
    pending_.erase(id);
  }
  // Who waited may let the cache go at once: from here on only what was taken before is touched.
  runtime::Executors& executors = executors_;
  const auto put = shelf_.store;
  pending->done.set();
  if (!fresh || !put) co_return;
  auto store = [put, id, result] { put(id.first, id.second, pack(*result)); };
  try {
    boost::asio::steady_timer rest(executors.io(), kStoreAfter);
    co_await rest.async_wait(boost::asio::use_awaitable);
    co_await runtime::run_on(executors.blocking(), store);
  } catch (const std::exception& e) {
    observe::warn("embedding.not_stored", {{"error", std::string_view(e.what())}});
  }
}

}  // namespace aa::modelzoo
