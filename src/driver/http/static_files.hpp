// A folder of files that do not change while the program runs (the built web UI), held in memory.
//
// Beside "a.js" there may be "a.js.br" and "a.js.gz", sent to clients that take them. Each variant
// has a strong ETag of its own. Files under /assets/ whose name ends in a hash ("app-1a2B3c4D.js")
// may be kept for ever, all others are asked for again each time. Hidden files and links are left
// out. Paths are looked up, never opened: nothing outside the folder can be reached.
// Thread rule: immutable after construction. Errors: invalid_argument "bad_static_folder".
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "driver/http/message.hpp"

namespace aa::http {

class StaticFiles {
 public:
  static constexpr std::uint64_t kBytesMax = 64ULL << 20;  // of all files and variants

  explicit StaticFiles(const std::filesystem::path& folder);

  // The file at the request's path ("/" is "/index.html"), as 200, 304 or, for another method than
  // GET and HEAD, 405; nullopt when there is none.
  std::optional<Response> serve(const Request& request) const;
  // The file at `path` whatever the request's path is: "/index.html" for the pages of the web app.
  std::optional<Response> serve(const Request& request, std::string_view path) const;
  std::size_t count() const { return files_.size(); }

 private:
  struct Variant {
    std::shared_ptr<const std::string> bytes;
    std::string etag;
  };
  struct File {
    Variant plain;
    std::optional<Variant> brotli;
    std::optional<Variant> gzip;
    std::string content_type;
    bool immutable = false;
  };
  static Variant load(const std::filesystem::path& path, std::uint64_t& total);

  std::map<std::string, File, std::less<>> files_;
};

// By file name, with charset; application/octet-stream for what is not known.
std::string_view content_type_of(std::string_view filename);
// Whether an If-None-Match header names the tag (weak comparison, RFC 9110 section 13.1.2).
bool etag_listed(std::string_view if_none_match, std::string_view etag);

}  // namespace aa::http
