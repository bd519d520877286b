// A zip that is written as a stream, piece by piece into a sink.
//
// Memory: one entry, which is given whole. Thread rule: one owner; calls block on the sink.
// Errors: what the sink throws; internal for a path that a reader of ours would refuse.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace aa::archive {

enum class Packing { stored, deflate };

class ZipWriter {
 public:
  using Sink = std::function<void(std::span<const std::byte>)>;
  explicit ZipWriter(Sink sink);
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  void add(const std::string& path, std::string_view bytes, Packing packing);
  void close();  // once, last

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace aa::archive
