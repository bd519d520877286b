#include <malloc.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/paths.hpp"
#include "app/wiring.hpp"
#include "core/observe/log.hpp"

namespace aa::app {
namespace {

constexpr std::chrono::seconds kDrain{20};

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
  out.web_dir = web.string();
  return out;
}

http::ServerSettings server_settings(const config::Config& config) {
  const auto [host, port] = split_listen(config.text("LISTEN"));
  http::ServerSettings out;
  out.host = host;
  out.port = port;
  out.tls_certificate_file = config.text("TLS_CERT");
  out.tls_key_file = config.text("TLS_KEY");
  out.trusted_proxies = config.list("TRUSTED_PROXIES");
  return out;
}

// Makes the administrator that the settings name, or says how to make one.
void first_administrator(Wiring& parts, const config::Config& config, const std::string& url) {
  if (runtime::block_on(parts.executors, parts.identity.has_users())) return;
  const auto& email = config.text("ADMIN_EMAIL");
  if (email.empty()) {
    std::fprintf(stderr, "No user exists yet: open %s/login and register, or start with "
                 "ANNOTATEAI_ADMIN_EMAIL and ANNOTATEAI_ADMIN_PASSWORD.\n", url.c_str());
    return;
  }
  identity::Registration input{email, std::string(config.secret("ADMIN_PASSWORD").reveal()),
                               "Administrator", "Default"};
  runtime::block_on(parts.executors, parts.identity.bootstrap(std::move(input)));
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
  api::Dispatcher dispatcher(parts.services(), dispatcher_settings(config));
  const auto settings = server_settings(config);
  http::Server server(settings, parts.executors, parts.clock, parts.ids, parts.metrics,
                      [&](std::shared_ptr<http::Request> request) {
                        return dispatcher.handle(std::move(request));
                      });
  if (serves) {
    server.start();
    const std::string scheme = settings.tls_certificate_file.empty() ? "http://" : "https://";
    const bool v6 = settings.host.find(':') != std::string::npos;
    const std::string host = v6 ? "[" + settings.host + "]" : settings.host;
    const std::string url = scheme + host + ":" + std::to_string(server.port());
    std::printf("listening on %s\n", url.c_str());
    std::fflush(stdout);
    first_administrator(parts, config, url);
  }
  if (works) parts.queue.start();
  observe::info("serving", {{"api", serves}, {"worker", works}});
  wait_for_signal(signals);
  observe::info("draining");
  dispatcher.set_draining();
  server.drain(kDrain);
  parts.queue.stop(kDrain);
  parts.executors.stop();
  return 0;
}

}  // namespace aa::app
