#include "service/modelzoo/remote_client.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "base/xml_text.hpp"
#include "driver/media/image_codec.hpp"

namespace aa::modelzoo {
namespace {

constexpr std::chrono::milliseconds kHealthTime{5'000};
constexpr std::chrono::milliseconds kSetupTime{30'000};
constexpr std::chrono::milliseconds kPredictTime{120'000};
constexpr std::uint64_t kSmallAnswer = 64 * 1024;
constexpr std::uint64_t kPredictAnswer = 64ULL << 20;
constexpr std::size_t kUrlMax = 500;
constexpr std::size_t kVersionMax = 200;
constexpr int kJpegQuality = 92;

// A task: the control tags that a backend finds in the label configuration, the tag of one label in
// them, and the shapes that they give.
struct TaskRow {
  std::string_view task;
  std::vector<std::string_view> controls;
  std::string_view label;
  std::vector<std::string> outputs;
};

const std::vector<TaskRow>& task_rows() {
  static const std::vector<TaskRow> kRows = {{"detection", {"RectangleLabels"}, "Label", {"box"}},
                                             {"segmentation",
                                              {"BrushLabels", "PolygonLabels", "EllipseLabels"},
                                              "Label",
                                              {"mask", "polygon", "ellipse"}},
                                             {"keypoints", {"KeyPointLabels"}, "Label", {"points"}},
                                             {"classification", {"Choices"}, "Choice", {"tag"}}};
  return kRows;
}

const TaskRow& task_row(std::string_view task) {
  const auto found = std::ranges::find(task_rows(), task, &TaskRow::task);
  if (found != task_rows().end()) return *found;
  throw invalid("bad_task",
                "A remote model's task is detection, segmentation, keypoints or classification.",
                {{"/task", "is none of these"}});
}

std::string data_uri(const raster::ImageView& image) {
  const auto longer = std::max(image.width, image.height);
  const auto jpeg =
      longer > RemoteClient::kSideMax
          ? media::encode_jpeg(media::thumbnail(image, RemoteClient::kSideMax).view(), kJpegQuality)
          : media::encode_jpeg(image, kJpegQuality);
  return "data:image/jpeg;base64," + to_base64(jpeg);
}

Error unreachable(const Error& error) {
  auto out =
      unavailable("remote_unreachable", error.code() == ErrorCode::deadline_exceeded
                                            ? "The remote model did not answer in time."
                                            : "The server of the remote model cannot be reached.");
  return std::move(out).with_cause(error.cause());
}

}  // namespace

std::vector<std::string> outputs_of_remote(std::string_view task) { return task_row(task).outputs; }

std::string checked_backend_url(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  const auto refuse = [](const std::string& what) {
    throw invalid("bad_url", "The remote model's URL " + what + ".", {{"/url", what}});
  };
  const bool known = url.starts_with("http://") || url.starts_with("https://");
  if (!known || url.size() > kUrlMax) refuse("must be http://... or https://...");
  const auto plain = [](unsigned char c) { return c > ' ' && c < 127; };
  if (!std::ranges::all_of(url, plain)) refuse("holds a character that no URL may hold");
  const auto rest = url.substr(url.find("://") + 3);
  const auto host = rest.substr(0, rest.find('/'));
  if (host.empty()) refuse("names no host");
  if (host.find('@') != std::string::npos) refuse("must not hold a user or a password");
  if (url.find_first_of("?#\\") != std::string::npos) refuse("must end with its path");
  return url;
}

std::string label_config(const RemoteBackend& backend) {
  const auto& row = task_row(backend.task);
  std::string out = R"(<View><Image name="image" value="$image"/>)";
  for (const auto& control : row.controls) {
    std::string name(control);
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    out += "<" + std::string(control) + " name=\"" + name + "\" toName=\"image\">";
    for (const auto& label : backend.labels) {
      out += "<" + std::string(row.label) + " value=\"" + xml_escape(label) + "\"/>";
    }
    out += "</" + std::string(control) + ">";
  }
  return out + "</View>";
}

http::OutboundResponse RemoteClient::fetch(const http::OutboundRequest& request) const {
  http::OutboundResponse answer;
  try {
    answer = outbound_.fetch(request);
  } catch (const Error& error) {
    if (error.slug() == "outbound_failed" || error.slug() == "outbound_timeout" ||
        error.code() == ErrorCode::deadline_exceeded) {
      throw unreachable(error);
    }
    throw;
  }
  if (answer.status == 200 || answer.status == 201) return answer;
  throw unavailable("remote_failed", "The server of the remote model answered " +
                                         std::to_string(answer.status) + ".");
}

json::Value RemoteClient::post(const RemoteBackend& backend, const std::string& path,
                               const json::Object& body, std::chrono::milliseconds timeout,
                               std::uint64_t max_bytes) const {
  const auto answer = fetch({.method = "POST",
                             .url = backend.url + path,
                             .headers = {"Content-Type: application/json"},
                             .body = json::write(body),
                             .timeout = timeout,
                             .max_bytes = max_bytes});
  try {
    return json::parse(answer.body);
  } catch (const Error& error) {
    throw invalid("remote_answer", "The remote model's answer is no JSON: " + error.message());
  }
}

void RemoteClient::check_health(const RemoteBackend& backend) const {
  fetch({.url = backend.url + "/health", .timeout = kHealthTime, .max_bytes = kSmallAnswer});
}

std::string RemoteClient::set_up(const RemoteBackend& backend) const {
  const json::Object body = {{"project", backend.project},
                             {"schema", label_config(backend)},
                             {"hostname", ""},
                             {"access_token", ""},
                             {"extra_params", nullptr}};
  const auto answer = post(backend, "/setup", body, kSetupTime, kSmallAnswer);
  const auto* object = answer.if_object();
  const auto* version = object != nullptr ? object->if_contains("model_version") : nullptr;
  if (version == nullptr || !version->is_string()) return {};
  return std::string(version->as_string()).substr(0, kVersionMax);
}

RemotePrediction RemoteClient::predict(const RemoteBackend& backend,
                                       const raster::ImageView& image) const {
  const json::Object params = {{"context", nullptr}, {"login", nullptr}, {"password", nullptr}};
  const json::Object task = {{"id", 1}, {"data", json::Object{{"image", data_uri(image)}}}};
  const json::Object body = {{"tasks", json::Array{task}},
                             {"project", backend.project},
                             {"label_config", label_config(backend)},
                             {"params", params}};
  const auto answer = post(backend, "/predict", body, kPredictTime, kPredictAnswer);
  return read_prediction(answer, image.width, image.height, backend.labels);
}

}  // namespace aa::modelzoo
