// A zip among the files of an upload: checked as a whole, then its entries are taken one after the
// other as if each had been sent.
#include <algorithm>

#include "base/limits.hpp"
#include "driver/archive/zip_reader.hpp"
#include "service/assets/blob_source.hpp"
#include "service/assets/upload_state.hpp"
#include "service/assets/zip_content.hpp"

namespace aa::assets {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

// What can be read of an entry's content before it is taken or not.
std::string_view head_of(std::span<const std::byte> piece) {
  return {reinterpret_cast<const char*>(piece.data()), std::min<std::size_t>(piece.size(), 4)};
}

}  // namespace

bool is_leftover(std::string_view path) {
  const auto slash = path.rfind('/');
  const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return path.starts_with("__MACOSX/") || name == ".DS_Store" || name == "Thumbs.db" ||
         name == "desktop.ini" || name.starts_with("._");
}

std::string asset_name(std::string_view path) {
  const auto slash = path.rfind('/');
  const bool fits = path.size() <= limits::kFilenameBytes || slash == std::string_view::npos;
  return std::string(fits ? path : path.substr(slash + 1));
}

// The whole zip is unpacked once for nothing: what lies is found before anything of it is kept.
Task<std::shared_ptr<archive::ZipReader>> Upload::checked_zip(std::shared_ptr<blob::Writer> writer,
                                                              AssetId id) {
  auto open = [&blobs = state_->assets.blobs_, organization = state_->tenant.organization(),
               writer = std::move(writer), name = Assets::original_name(id)] {
    writer->commit();
    std::shared_ptr<blob::Reader> reader = blobs.open({organization, name});
    auto zip =
        std::make_shared<archive::ZipReader>(std::make_shared<BlobSource>(std::move(reader)));
    zip->verify();
    return zip;
  };
  co_return co_await runtime::run_on(state_->assets.executors_.blocking(), std::move(open));
}

Task<> Upload::unpack() {
  auto state = state_;
  State::File file = std::move(*state->file);
  state->file.reset();
  std::exception_ptr failure;
  bool checked = false;
  try {
    auto zip = co_await checked_zip(std::move(file.writer), file.id);
    checked = true;
    state->settle(file.slot);
    co_await take_entries(std::move(zip), file.filename, file.slot);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await state->assets.forget(state->tenant.organization(), file.id);
  if (!checked) state->settle(file.slot);
  if (!failure) co_return;
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    if (checked || error.code() == ErrorCode::internal) throw;
    state->reject(file.slot, file.filename, error);
  }
}

Task<> Upload::take_entries(std::shared_ptr<archive::ZipReader> zip, std::string zip_name,
                            std::size_t slot) {
  auto state = state_;
  bool any = false;
  std::vector<std::byte> buffer(kPieceBytes);
  for (const auto& entry : zip->entries()) {
    if (entry.folder || is_leftover(entry.path)) continue;
    any = true;
    std::shared_ptr<archive::ZipStream> stream = zip->open(entry);
    auto read = [stream, room = std::span(buffer)] { return stream->read(room); };
    auto count = co_await runtime::run_on(state->assets.executors_.blocking(), read);
    co_await begin_in(asset_name(entry.path), zip_name + "/", state->next_id());
    if (archive::looks_like_zip(head_of(std::span(buffer).first(count)))) {
      state->refuse(invalid("nested_zip", "A zip inside a zip is not opened. Send it by itself."));
      count = 0;
    }
    while (count > 0) {
      co_await write(std::span(buffer).first(count));
      count = co_await runtime::run_on(state->assets.executors_.blocking(), read);
    }
    co_await end();
  }
  if (!any) {
    state->slots[slot].rejection = Rejection{zip_name, "zip_empty", "The zip holds no files."};
  }
}

}  // namespace aa::assets
