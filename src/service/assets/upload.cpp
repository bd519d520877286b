#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "core/observe/log.hpp"
#include "driver/archive/zip_directory.hpp"
#include "service/assets/upload_state.hpp"

namespace aa::assets {
namespace {

// Files of this size are decoded from memory, without being read back.
constexpr std::uint64_t kHeadBytes = 8ULL << 20;
constexpr std::size_t kMagicBytes = 4;
constexpr int kInFlightPerCore = 2;
constexpr std::uint64_t kDecodableBytes = 512ULL << 20;

Task<> wait_for_change(boost::asio::steady_timer& changed) {
  boost::system::error_code ignored;
  co_await changed.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
}

}  // namespace

Upload::Upload(std::shared_ptr<State> state) : state_(std::move(state)) {}
Upload::~Upload() = default;

Task<> Upload::begin(std::string filename) {
  if (++state_->files > limits::kUploadFiles) {
    throw too_large("too_many_files", "An upload takes at most " +
                                          std::to_string(limits::kUploadFiles) +
                                          " files; send the rest in another one.");
  }
  co_await begin_in(std::move(filename), "", state_->next_id());
}

Task<> Upload::begin_in(std::string filename, std::string inside, AssetId id) {
  auto& state = *state_;
  State::File file;
  file.slot = state.slots.size();
  file.filename = label_text(filename.empty() ? "unnamed" : filename, limits::kFilenameBytes);
  file.inside = std::move(inside);
  file.id = id;
  state.slots.emplace_back();
  const blob::Key key{state.tenant.organization(), "assets/" + file.id.str() + "/original"};
  auto create = [&store = state.assets.blobs_, key] {
    return std::shared_ptr<blob::Writer>(store.create(key));
  };
  state.file = std::move(file);
  try {
    state.file->writer = co_await runtime::run_on(state.assets.executors_.blocking(), create);
  } catch (const Error& e) {
    state.refuse(e);
  }
}

Task<> Upload::write(std::span<const std::byte> bytes) {
  auto& file = *state_->file;
  if (file.refused) co_return;
  if (file.size + bytes.size() > limits::kUploadFileBytes) {
    state_->refuse(too_large(
        "file_too_large",
        "The file is larger than " + std::to_string(limits::kUploadFileBytes >> 20) + " MiB."));
    co_return;
  }
  if (file.magic.size() < kMagicBytes) {
    file.magic.append(reinterpret_cast<const char*>(bytes.data()),
                      std::min(bytes.size(), kMagicBytes - file.magic.size()));
  }
  if (file.size + bytes.size() <= kHeadBytes) {
    file.head.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  } else if (!file.head.empty()) {
    std::string().swap(file.head);
  }
  file.size += bytes.size();
  auto write_it = [writer = file.writer, bytes] { writer->write(bytes); };
  try {
    co_await runtime::run_on(state_->assets.executors_.blocking(), write_it);
  } catch (const Error& e) {
    state_->refuse(e);
  }
}

// Decodes and stores one received file; its outcome goes to its slot.
struct UploadSettler {
  static Task<> settle(std::shared_ptr<Upload::State> state, Upload::State::File file);
  static Task<Asset> store(std::shared_ptr<Upload::State> state, Upload::State::File file);
  static Task<std::optional<Asset>> stored_before(std::shared_ptr<Upload::State> state, AssetId id);
};

Task<> Upload::end() {
  auto state = state_;
  if (!state->file->refused && archive::looks_like_zip(state->file->magic)) {
    co_await unpack();
    co_return;
  }
  State::File file = std::move(*state->file);
  state->file.reset();
  if (file.refused) {
    state->settle(file.slot);
    co_return;
  }
  const int in_flight_max =
      kInFlightPerCore * static_cast<int>(state->assets.executors_.compute_threads());
  while (state->in_flight >= in_flight_max) co_await wait_for_change(state->changed);
  ++state->in_flight;
  boost::asio::co_spawn(state->executor, UploadSettler::settle(state, std::move(file)),
                        boost::asio::detached);
}

Task<std::optional<Asset>> UploadSettler::stored_before(std::shared_ptr<Upload::State> state,
                                                        AssetId id) {
  const std::vector<AssetId> ids{id};
  auto found = co_await state->assets.find_for(state->tenant.organization(), ids);
  if (found.empty()) co_return std::nullopt;
  co_return std::move(found.begin()->second);
}

Task<Asset> UploadSettler::store(std::shared_ptr<Upload::State> state, Upload::State::File file) {
  Assets& assets = state->assets;
  const auto organization = state->tenant.organization();
  const auto id = file.id;
  std::optional<Error> failure;
  if (state->seed) {
    auto stored = co_await stored_before(state, id);
    if (stored) co_return std::move(*stored);
  }
  try {
    std::string bytes = std::move(file.head);
    if (file.size > kHeadBytes) {
      auto commit = [writer = file.writer] { writer->commit(); };
      co_await runtime::run_on(assets.executors_.blocking(), commit);
      file.writer.reset();
      bytes = co_await assets.read(organization, Assets::original_name(id), kDecodableBytes);
    }
    const Digest digest = sha256(bytes);
    auto prepared = std::make_shared<Assets::Prepared>(co_await assets.prepare(std::move(bytes)));
    co_await assets.keep(organization, id, file.writer, prepared);
    Asset asset = Assets::asset_of(prepared->info);
    asset.id = id;
    asset.project_id = state->project;
    asset.filename = file.filename;
    asset.sha256 = to_hex(digest);
    asset.size_bytes = static_cast<std::int64_t>(file.size);
    while (state->turn < file.slot) co_await wait_for_change(state->changed);
    co_return co_await assets.insert(state->tenant, std::move(asset));
  } catch (const Error& e) {
    failure = e;
  }
  // Another process may be taking the same upload in.
  if (state->seed && failure->code() == ErrorCode::already_exists) {
    co_return co_await assets.get_for(organization, id);
  }
  co_await assets.forget(organization, id);
  throw *failure;
}

Task<> UploadSettler::settle(std::shared_ptr<Upload::State> state, Upload::State::File file) {
  const auto slot = file.slot;
  const auto filename = file.inside + file.filename;
  try {
    state->slots[slot].asset = co_await store(state, std::move(file));
  } catch (const Error& e) {
    state->reject(slot, filename, e);
    if (e.code() == ErrorCode::internal) {
      observe::error("assets.upload", {{"error", std::string_view(e.what())}});
    }
  } catch (const std::exception& e) {
    observe::error("assets.upload", {{"error", std::string_view(e.what())}});
    state->reject(slot, filename, internal_error(e.what()));
  }
  --state->in_flight;
  state->settle(slot);
}

Task<UploadResult> Upload::finish() {
  auto state = state_;
  while (state->in_flight > 0) co_await wait_for_change(state->changed);
  UploadResult result;
  const auto kept = [](const State::Slot& slot) { return slot.asset.has_value(); };
  const auto at_fault = [](const State::Slot& slot) { return slot.fault.has_value(); };
  const auto faulty = std::ranges::find_if(state->slots, at_fault);
  if (faulty != state->slots.end() && std::ranges::none_of(state->slots, kept)) {
    throw Error(*faulty->fault);
  }
  for (auto& slot : state->slots) {
    if (slot.asset) result.items.push_back(std::move(*slot.asset));
    if (slot.rejection) result.rejected.push_back(std::move(*slot.rejection));
  }
  co_await state->assets.took_in(result.items.size());
  co_return result;
}

}  // namespace aa::assets
