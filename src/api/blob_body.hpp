// A blob, or a part of one, as a response body.
#pragma once

#include <memory>

#include "core/runtime/executors.hpp"
#include "driver/blob/store.hpp"
#include "driver/http/message.hpp"

namespace aa::api {

class BlobBody final : public http::BodySource {
 public:
  BlobBody(std::shared_ptr<blob::Reader> reader, std::uint64_t first, std::uint64_t count,
           runtime::Executors& executors)
      : reader_(std::move(reader)), at_(first), left_(count), executors_(executors) {}

  http::Task<std::size_t> read(std::span<std::byte> buffer) override {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    if (count == 0) co_return 0;
    auto part = buffer.first(count);
    auto work = [reader = reader_, at = at_, part] { return reader->read_at(at, part); };
    const auto got = co_await runtime::run_on(executors_.blocking(), work);
    at_ += got;
    left_ -= got;
    co_return got;
  }

 private:
  std::shared_ptr<blob::Reader> reader_;
  std::uint64_t at_;
  std::uint64_t left_;
  runtime::Executors& executors_;
};

// Answers with the blob: ETag, If-None-Match, Range and If-Range are honoured (RFC 9110).
http::Response blob_response(const http::Request& request, std::shared_ptr<blob::Reader> reader,
                             std::string content_type, runtime::Executors& executors);

}  // namespace aa::api
