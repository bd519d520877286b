// A blob as the source of an archive.
#pragma once

#include <memory>

#include "driver/archive/source.hpp"
#include "driver/blob/store.hpp"

namespace aa::assets {

class BlobSource final : public archive::Source {
 public:
  explicit BlobSource(std::shared_ptr<blob::Reader> reader) : reader_(std::move(reader)) {}
  std::uint64_t size() const override { return reader_->version().size; }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) override {
    return reader_->read_at(offset, bytes);
  }

 private:
  std::shared_ptr<blob::Reader> reader_;
};

}  // namespace aa::assets
