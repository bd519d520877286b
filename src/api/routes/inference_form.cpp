#include "api/routes/inference_form.hpp"

#include "driver/media/image_codec.hpp"

namespace aa::api {
namespace {

constexpr std::chrono::seconds kDecodeWait{30};

}  // namespace

std::optional<std::string> InferenceForm::field(const std::string& name) const {
  const auto it = fields.find(name);
  if (it == fields.end() || it->second.empty()) return std::nullopt;
  return it->second;
}

std::optional<double> InferenceForm::number(const std::string& name) const {
  const auto text = field(name);
  if (!text) return std::nullopt;
  return json::read<double>(json::parse(*text));
}

bool is_multipart(const Call& call) {
  return call.request->headers.get("Content-Type").value_or("").starts_with("multipart/");
}

Task<InferenceForm> read_form(std::shared_ptr<http::Request> request) {
  http::MultipartReader reader(*request);
  InferenceForm form;
  std::vector<std::byte> buffer(256 * 1024);
  while (const auto part = co_await reader.next()) {
    if (part->name != "file") {
      form.fields[part->name] = co_await reader.read_text(kInferenceFieldBytes);
      continue;
    }
    while (const auto count = co_await reader.read(buffer)) {
      if (form.file.size() + count > kInferenceFileBytes) {
        throw too_large("file_too_large", "The file is larger than 100 MiB.");
      }
      form.file.append(reinterpret_cast<const char*>(buffer.data()), count);
    }
  }
  if (form.file.empty()) {
    throw invalid("no_files", "The request holds no part named \"file\".",
                  {{"/file", "is required"}});
  }
  co_return form;
}

Task<modelzoo::Pixels> decode_file(Services& services, std::string file) {
  auto work = [&services, file = std::move(file)] {
    const auto bytes = std::as_bytes(std::span(file.data(), file.size()));
    const auto lease = services.budget.acquire(media::probe(bytes).decoded_bytes,
                                               services.clock.steady() + kDecodeWait);
    return std::make_shared<const raster::Image>(media::decode(bytes));
  };
  co_return co_await runtime::run_on(services.models.vision().urgent(), std::move(work));
}

}  // namespace aa::api
