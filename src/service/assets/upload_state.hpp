// What an upload in progress holds. Private to the module.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "service/assets/assets.hpp"
#include "service/assets/derived_id.hpp"

namespace aa::assets {

// Everything here is touched on the request's strand only.
struct Upload::State {
  State(Assets& owner, tenancy::Tenant who, ProjectId where, runtime::Executor strand)
      : assets(owner),
        tenant(std::move(who)),
        project(where),
        executor(strand),
        changed(strand, boost::asio::steady_timer::time_point::max()) {}

  struct Slot {
    std::optional<Asset> asset;
    std::optional<Rejection> rejection;
    std::optional<Error> fault;  // the server's own, not the file's
    bool settled = false;
  };
  struct File {
    std::size_t slot = 0;
    std::string filename;
    std::string inside;  // "photos.zip/" before the name of what came in a zip
    AssetId id;
    std::string magic;  // the first four bytes
    std::shared_ptr<blob::Writer> writer;
    std::string head;  // the whole file while it is small
    std::uint64_t size = 0;
    bool refused = false;  // bytes are read on, and thrown away
  };

  // The file is refused; what still comes of it is read on and thrown away.
  void refuse(const Error& error) {
    file->refused = true;
    file->writer.reset();
    reject(file->slot, file->inside + file->filename, error);
  }
  void reject(std::size_t slot, const std::string& filename, const Error& error) {
    slots[slot].rejection = Rejection{filename, error.slug(), error.message()};
    const bool ours = error.code() == ErrorCode::out_of_space ||
                      error.code() == ErrorCode::unavailable ||
                      error.code() == ErrorCode::internal || error.slug() == "quota_assets";
    if (ours) slots[slot].fault = error;
  }

  Assets& assets;
  tenancy::Tenant tenant;
  ProjectId project;
  runtime::Executor executor;
  boost::asio::steady_timer changed;  // cancelled whenever a file is done
  std::vector<Slot> slots;            // of files, and of what zips held
  std::size_t files = 0;              // sent
  std::optional<File> file;
  int in_flight = 0;
  std::optional<Uuid> seed;  // ids follow from it and from the slot

  AssetId next_id() {
    if (!seed) return assets.ids_.next_as<AssetId>();
    return derived_id<AssetId>(*seed, "/" + std::to_string(slots.size()));
  }

  // Files get their ranks in the order they were sent, whichever is decoded first.
  std::size_t turn = 0;
  void settle(std::size_t slot) {
    slots[slot].settled = true;
    while (turn < slots.size() && slots[turn].settled) ++turn;
    changed.cancel();
  }
};

}  // namespace aa::assets
