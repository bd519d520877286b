// A model that somebody else's server runs: the client of Label Studio's ML backend contract.
//
//   GET  URL/health    -> 200 when it is up
//   POST URL/setup     {project, schema, hostname: "", access_token: "", extra_params} ->
//                      {model_version}
//   POST URL/predict   {tasks: [{id, data: {image}}], project, label_config, params} ->
//                      {results: [{result: [...], score, model_version}]}
//
// The image goes along as a data URI (a JPEG of at most kSideMax pixels a side): the other server
// needs neither a way to this one nor a token for it, and learns nothing but pixels. The label
// configuration is made from the model's task and labels. All through the one guarded client.
//
// Thread rule: any thread; every call blocks. Errors: those of Outbound; unavailable
// "remote_unreachable", "remote_failed" (another status than 200), invalid_argument
// "remote_answer", "bad_task", "bad_url".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "driver/http/outbound.hpp"
#include "kernel/raster/image.hpp"
#include "service/modelzoo/remote_answer.hpp"

namespace aa::modelzoo {

struct RemoteBackend {
  std::string url;      // without a '/' at its end
  std::string project;  // as the backend knows it; it may keep things under this name
  std::string task;     // detection, segmentation, keypoints, classification
  std::vector<std::string> labels;
};

// What the API says such a model gives; error "bad_task".
std::vector<std::string> outputs_of_remote(std::string_view task);
// http or https, no user, no query; error "bad_url".
std::string checked_backend_url(std::string url);
std::string label_config(const RemoteBackend& backend);

class RemoteClient {
 public:
  static constexpr int kSideMax = 2'048;

  explicit RemoteClient(http::OutboundSettings settings) : outbound_(std::move(settings)) {}

  void check_health(const RemoteBackend& backend) const;
  // Tells the backend the labels; its name for the model's version.
  std::string set_up(const RemoteBackend& backend) const;
  RemotePrediction predict(const RemoteBackend& backend, const raster::ImageView& image) const;

 private:
  json::Value post(const RemoteBackend& backend, const std::string& path, const json::Object& body,
                   std::chrono::milliseconds timeout, std::uint64_t max_bytes) const;
  http::OutboundResponse fetch(const http::OutboundRequest& request) const;

  http::Outbound outbound_;
};

}  // namespace aa::modelzoo
