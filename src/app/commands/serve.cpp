#include <algorithm>
#include <cstdio>
#include <fstream>
#include <malloc.h>
#include <signal.h>
#include <sstream>
#include <sys/resource.h>

#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/paths.hpp"
#include "app/wiring.hpp"
#include "core/observe/log.hpp"

namespace aa::app {
namespace {

constexpr std::chrono::seconds kDrain{20};
constexpr std::chrono::seconds kLiveDrain{5};
constexpr std::size_t kMetricsTokenBytesMin = 16;
constexpr std::size_t kDescriptorsBesides = 64;
constexpr std::size_t kConnectionsLeast = 8;

observe::Level level_of(const std::string& name) {
  if (name == "debug") return observe::Level::debug;
  if (name == "warning") return observe::Level::warning;
  if (name == "error") return observe::Level::error;
  return observe::Level::info;
}

std::pair<std::string, std::uint16_t> split_listen(const std::string& listen) {
  const auto colon = listen.rfind(':');
  int port = -1;
  if (colon != std::string::npos) {
    const auto text = listen.substr(colon + 1);
    const auto digits = !text.empty() && text.size() <= 5 &&
                        std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); });
    if (digits) port = std::stoi(text);
  }
  if (port < 0 || port > 65'535) {
    throw invalid("bad_setting", "--listen must be HOST:PORT, such as 127.0.0.1:8080.");
  }
  std::string host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, static_cast<std::uint16_t>(port)};
}

std::vector<std::string> script_hashes(const std::filesystem::path& web) {
  std::ifstream in(web / "csp.json");
  if (!in) return {};
  std::stringstream text;
  text << in.rdbuf();
  std::vector<std::string> out;
  const auto value = json::parse(text.str());
  for (const auto& hash : value.at("script_hashes").as_array()) out.emplace_back(hash.as_string());
  return out;
}

api::DispatcherSettings dispatcher_settings(const config::Config& config) {
  const auto web = web_folder(config.text("WEB_DIR"));
  api::DispatcherSettings out;
  out.browser = {.cors_origins = config.list("CORS_ORIGINS"),
                 .insecure_http = config.boolean("INSECURE_HTTP"),
                 .script_hashes = web.empty() ? std::vector<std::string>{} : script_hashes(web)};
  out.rate_limit = config.boolean("RATE_LIMIT");
  out.public_docs = config.boolean("PUBLIC_DOCS");
  out.metrics_token = config.secret("METRICS_TOKEN");
  const auto token_bytes = out.metrics_token.reveal().size();
  if (token_bytes > 0 && token_bytes < kMetricsTokenBytesMin) {
    throw invalid("bad_setting", "METRICS_TOKEN must have at least 16 characters.");
  }
  out.web_dir = web.string();
  return out;
}

// Each connection takes a file descriptor, and files, databases and models need some besides: it is
// better to turn a client away than to fail in the middle of its request.
std::size_t connections_max(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  limit.rlim_cur = std::max(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, 2 * wanted));
  setrlimit(RLIMIT_NOFILE, &limit);
  const auto descriptors = static_cast<std::size_t>(limit.rlim_cur);
  const auto besides = std::max(kDescriptorsBesides, descriptors / 3);
  const auto room = descriptors - std::min(descriptors, besides);
  return std::min(wanted, std::max(kConnectionsLeast, room));
}

http::ServerSettings server_settings(const config::Config& config) {
  const auto [host, port] = split_listen(config.text("LISTEN"));
  http::ServerSettings out;
  out.host = host;
  out.port = port;
  out.tls_certificate_file = config.text("TLS_CERT");
  out.tls_key_file = config.text("TLS_KEY");
  out.trusted_proxies = config.list("TRUSTED_PROXIES");
  out.connections_max =
      connections_max(static_cast<std::size_t>(config.integer("CONNECTIONS_MAX")));
  out.connections_per_ip_max = static_cast<std::size_t>(config.integer("CONNECTIONS_PER_IP"));
  out.default_headers = api::headers_of_refusals(!out.tls_certificate_file.empty());
  return out;
}

// Makes the administrator that the settings name; false when there is nobody and none is named.
bool first_administrator(Wiring& parts, const config::Config& config) {
  if (runtime::block_on(parts.executors, parts.identity.has_users())) return true;
  const auto& email = config.text("ADMIN_EMAIL");
  if (email.empty()) return false;
  identity::Registration input{email, std::string(config.secret("ADMIN_PASSWORD").reveal()),
                               "Administrator", "Default"};
  try {
    return runtime::block_on(parts.executors, parts.identity.bootstrap(std::move(input)));
  } catch (const Error& e) {
    if (e.code() != ErrorCode::invalid_argument) throw;
    throw invalid("bad_setting", "ADMIN_EMAIL, ADMIN_PASSWORD: " + e.message());
  }
}

void tell_how_to_begin(const config::Config& config, const std::string& url) {
  const bool open = config.text("REGISTRATION") == "open";
  const std::string way = open ? "open " + url + "/login and register, or " : "";
  std::fprintf(stderr,
               "No user exists yet: %sstart with ANNOTATEAI_ADMIN_EMAIL and "
               "ANNOTATEAI_ADMIN_PASSWORD.\n",
               way.c_str());
}

bool has_role(const config::Config& config, std::string_view role) {
  const auto roles = config.list("ROLES");
  for (const auto& name : roles) {
    if (name != "api" && name != "worker") {
      throw invalid("bad_setting", "ROLES: \"" + name + "\" is neither api nor worker.");
    }
  }
  return std::ranges::find(roles, role) != roles.end();
}

void warm_models(Wiring& parts, const config::Config& config) {
  for (const auto& id : config.list("MODELS_WARM")) {
    parts.catalogue.manifest(id);  // a wrong name stops the start
    boost::asio::co_spawn(parts.executors.io(), parts.vision.warm(id),
                          [id](const std::exception_ptr& error) {
                            if (error) observe::warn("model_not_warmed", {{"model", id}});
                          });
  }
}

void wait_for_signal(const sigset_t& signals) {
  int received = 0;
  sigwait(&signals, &received);
}

}  // namespace

int serve(std::span<const std::string> arguments) {
  // Every thread started from here on leaves these to sigwait below.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  // Few arenas: memory that one thread freed is found by the others, and goes back.
  mallopt(M_ARENA_MAX, 4);
  // A request's pixels and tensors are blocks of some MiB. New pages for them cost milliseconds on
  // virtual machines, so freed ones are kept; larger blocks go back at once.
  mallopt(M_MMAP_THRESHOLD, 16 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);

  const auto config = load_config(arguments);
  observe::set_level(level_of(config.text("LOG_LEVEL")));
  const bool serves = has_role(config, "api");
  const bool works = has_role(config, "worker");
  Wiring parts(config);
  parts.add_job_kinds();
  parts.add_blob_folders();
  api::Dispatcher dispatcher(parts.services(), dispatcher_settings(config));
  const auto settings = server_settings(config);
  http::Server server(settings, parts.executors, parts.clock, parts.ids, parts.metrics,
                      [&](std::shared_ptr<http::Request> request) {
                        return dispatcher.handle(std::move(request));
                      });
  warm_models(parts, config);
  if (serves) {
    const bool somebody = first_administrator(parts, config);
    parts.collab.start();
    server.start();
    const std::string scheme = settings.tls_certificate_file.empty() ? "http://" : "https://";
    const bool v6 = settings.host.find(':') != std::string::npos;
    const std::string host = v6 ? "[" + settings.host + "]" : settings.host;
    const std::string url = scheme + host + ":" + std::to_string(server.port());
    parts.public_url.set_fallback(settings.host == "0.0.0.0" || settings.host == "::"
                                      ? scheme + "localhost:" + std::to_string(server.port())
                                      : url);
    std::printf("listening on %s\n", url.c_str());
    std::fflush(stdout);
    if (!somebody) tell_how_to_begin(config, url);
  }
  if (works) {
    parts.queue.start();
    parts.sweep.start();
    parts.uploads.start();
    parts.signed_heads.start();
    parts.anchors.start();
    parts.courier.start();
  }
  observe::info("serving", {{"api", serves}, {"worker", works}});
  wait_for_signal(signals);
  observe::info("draining");
  dispatcher.set_draining();
  runtime::block_on(parts.executors, parts.collab.drain(kLiveDrain));
  server.drain(kDrain);
  parts.courier.stop();
  parts.queue.stop(kDrain);
  parts.executors.stop();
  return 0;
}

}  // namespace aa::app
