#include "driver/http/static_files.hpp"

#include <fstream>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "driver/http/compress.hpp"
#include "driver/http/detail/field_text.hpp"

namespace aa::http {
namespace {

namespace fs = std::filesystem;

// "name-XXXXXXXX.ext", as Vite names what it builds.
bool has_hashed_name(std::string_view path) {
  if (!path.starts_with("/assets/")) return false;
  const auto name = path.substr(path.rfind('/') + 1);
  const auto stem = name.substr(0, name.find('.'));
  return stem.size() > 9 && stem[stem.size() - 9] == '-';
}

bool is_visible(const fs::path& relative) {
  for (const auto& part : relative) {
    if (part.string().starts_with('.')) return false;
  }
  return true;
}

}  // namespace

std::string_view content_type_of(std::string_view filename) {
  static const std::map<std::string_view, std::string_view> kTypes = {
      {"html", "text/html; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"json", "application/json"},
      {"map", "application/json"},
      {"webmanifest", "application/manifest+json"},
      {"wasm", "application/wasm"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},
      {"webp", "image/webp"},
      {"avif", "image/avif"},
      {"ico", "image/x-icon"},
      {"woff2", "font/woff2"},
      {"woff", "font/woff"},
      {"ttf", "font/ttf"},
      {"txt", "text/plain; charset=utf-8"},
      {"md", "text/plain; charset=utf-8"}};
  const auto dot = filename.rfind('.');
  const auto found = kTypes.find(dot == filename.npos ? "" : filename.substr(dot + 1));
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

bool etag_listed(std::string_view if_none_match, std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  while (!if_none_match.empty()) {
    const auto end = std::min(if_none_match.find(','), if_none_match.size());
    auto item = trimmed(if_none_match.substr(0, end));
    if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
    if (item == "*") return true;
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (!item.empty() && item == etag) return true;
  }
  return false;
}

StaticFiles::Variant StaticFiles::load(const fs::path& path, std::uint64_t& total) {
  total += fs::file_size(path);
  if (total > kBytesMax) {
    throw invalid("bad_static_folder", "The folder of " + path.string() + " holds more than " +
                                           std::to_string(kBytesMax >> 20) +
                                           " MiB; it is no built web UI.");
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) throw invalid("bad_static_folder", "Cannot read " + path.string() + ".");
  const auto digest = sha256(bytes);
  const std::string_view half(reinterpret_cast<const char*>(digest.data()), 16);
  return {std::make_shared<const std::string>(std::move(bytes)), '"' + to_base64url(half) + '"'};
}

StaticFiles::StaticFiles(const fs::path& folder) {
  std::uint64_t total = 0;
  try {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const auto relative = entry.path().lexically_relative(folder);
      const auto extension = entry.path().extension();
      const bool regular = entry.symlink_status().type() == fs::file_type::regular;
      if (!regular || !is_visible(relative)) continue;
      const bool sibling = (extension == ".br" || extension == ".gz") &&
                           fs::is_regular_file(fs::path(entry.path()).replace_extension());
      if (sibling) continue;
      const std::string path = "/" + relative.generic_string();
      File file;
      file.plain = load(entry.path(), total);
      const fs::path brotli = entry.path().string() + ".br";
      const fs::path gzip = entry.path().string() + ".gz";
      if (fs::is_regular_file(brotli)) file.brotli = load(brotli, total);
      if (fs::is_regular_file(gzip)) file.gzip = load(gzip, total);
      file.content_type = content_type_of(path);
      file.immutable = has_hashed_name(path);
      files_.emplace(path, std::move(file));
    }
  } catch (const fs::filesystem_error& e) {
    throw invalid("bad_static_folder",
                  "The folder " + folder.string() + " of the web UI cannot be read.")
        .with_cause(e.what());
  }
}

std::optional<Response> StaticFiles::serve(const Request& request) const {
  return serve(request, request.path == "/" ? std::string_view("/index.html") : request.path);
}

std::optional<Response> StaticFiles::serve(const Request& request, std::string_view path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  Response response;
  if (request.method != "GET" && request.method != "HEAD") {
    response.status = 405;
    response.headers.add("Allow", "GET, HEAD");
    return response;
  }
  const auto accepted = request.headers.get("accept-encoding");
  const Variant* variant = &file.plain;
  if (file.gzip && accepts_encoding(accepted, "gzip")) variant = &*file.gzip;
  if (file.brotli && accepts_encoding(accepted, "br")) variant = &*file.brotli;
  response.headers.add("ETag", variant->etag);
  response.headers.add("Cache-Control",
                       file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (file.brotli || file.gzip) response.headers.add("Vary", "Accept-Encoding");
  if (etag_listed(request.headers.get("if-none-match").value_or(""), variant->etag)) {
    response.status = 304;
    return response;
  }
  response.headers.add("Content-Type", file.content_type);
  if (variant != &file.plain) {
    response.headers.add("Content-Encoding",
                         file.brotli && variant == &*file.brotli ? "br" : "gzip");
  }
  response.body = variant->bytes;
  return response;
}

}  // namespace aa::http
