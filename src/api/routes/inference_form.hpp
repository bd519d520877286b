// An image in a multipart request, and the small text fields beside it.
//
// Errors: invalid "no_files", too_large "file_too_large"; those of driver/media.
#pragma once

#include <map>

#include "api/routes/routes.hpp"

namespace aa::api {

inline constexpr std::uint64_t kInferenceFileBytes = 100ULL << 20;
inline constexpr std::size_t kInferenceFieldBytes = 256 * 1024;
inline constexpr double kInferenceMinScore = 0.35;

struct InferenceForm {
  std::string file;
  std::map<std::string, std::string> fields;

  std::optional<std::string> field(const std::string& name) const;  // empty counts as absent
  std::optional<double> number(const std::string& name) const;
};

bool is_multipart(const Call& call);
Task<InferenceForm> read_form(std::shared_ptr<http::Request> request);
Task<modelzoo::Pixels> decode_file(Services& services, std::string file);

}  // namespace aa::api
