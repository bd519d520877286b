#include "api/blob_body.hpp"

#include "base/hash.hpp"

namespace aa::api {

http::Response blob_response(const http::Request& request, std::shared_ptr<blob::Reader> reader,
                             std::string content_type, runtime::Executors& executors) {
  const auto& version = reader->version();
  const std::string etag = "\"" + to_hex(version.sha256) + "\"";
  if (request.headers.get("If-None-Match") == std::string_view(etag)) {
    auto response = http::Response::empty(304);
    response.headers.set("ETag", etag);
    return response;
  }
  const auto range_header = request.headers.get("Range");
  const auto if_range = request.headers.get("If-Range");
  auto kind = http::RangeKind::none;
  http::ByteRange range;
  if (range_header && (!if_range || *if_range == etag)) {
    std::tie(kind, range) = http::parse_range(*range_header, version.size);
  }
  http::Response response;
  response.headers.set("ETag", etag);
  response.headers.set("Accept-Ranges", "bytes");
  response.headers.set("Content-Type", std::move(content_type));
  // An uploaded file is never a page of ours, whatever it holds.
  response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
  const std::string total = std::to_string(version.size);
  if (kind == http::RangeKind::unsatisfiable) {
    response.status = 416;
    response.headers.set("Content-Range", "bytes */" + total);
    return response;
  }
  std::uint64_t first = 0;
  std::uint64_t count = version.size;
  if (kind == http::RangeKind::satisfiable) {
    first = range.first;
    count = range.last - range.first + 1;
    response.status = 206;
    response.headers.set("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                              std::to_string(range.last) + "/" + total);
  }
  response.stream_length = count;
  response.body = std::make_shared<BlobBody>(std::move(reader), first, count, executors);
  return response;
}

}  // namespace aa::api
