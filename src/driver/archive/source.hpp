// Where the bytes of an archive come from, read at any place: a blob, or a text in memory (the
// twins below, for tests).
//
// Thread rule: one owner. Errors: those of what is read.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/error.hpp"

namespace aa::archive {

class Source {
 public:
  virtual ~Source() = default;
  virtual std::uint64_t size() const = 0;
  // Reads up to bytes.size() from `offset`; returns how many (0 at the end). Blocks.
  virtual std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) = 0;
};

class TextSource final : public Source {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() const override { return text_.size(); }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) override {
    if (offset >= text_.size()) return 0;
    const auto count = std::min<std::size_t>(bytes.size(), text_.size() - offset);
    const auto* from = reinterpret_cast<const std::byte*>(text_.data()) + offset;
    std::copy_n(from, count, bytes.begin());
    return count;
  }

 private:
  std::string text_;
};

// Passes reads on until the n-th (from 1), which throws as a damaged blob does.
class FailingSource final : public Source {
 public:
  FailingSource(Source& inner, long n) : inner_(inner), left_(n) {}
  std::uint64_t size() const override { return inner_.size(); }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) override {
    if (--left_ == 0) throw Error(ErrorCode::internal, "blob_damaged", "The file is damaged.");
    return inner_.read_at(offset, bytes);
  }

 private:
  Source& inner_;
  long left_;
};

}  // namespace aa::archive
