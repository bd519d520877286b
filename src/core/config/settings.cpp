#include <array>

#include "core/config/config.hpp"

namespace aa::config {
namespace {

constexpr std::array kSettings = {
    Setting{.key = "DATA", .initial = "./data",
            .doc = "Data folder: database, blobs, keys, caches."},
    Setting{.key = "LISTEN", .initial = "127.0.0.1:8080",
            .doc = "HOST:PORT to serve on; port 0 picks a free one."},
    Setting{.key = "CONFIG", .initial = "", .doc = "A file of KEY = VALUE lines."},
    Setting{.key = "ROLES", .kind = Kind::list, .initial = "api,worker",
            .doc = "What this process does: api, worker."},
    Setting{.key = "DATABASE_URL", .initial = "", .secret = true,
            .doc = "postgres://user:password@host/name; empty: SQLite in DATA."},
    Setting{.key = "MASTER_KEY_FILE", .initial = "",
            .doc = "File of the master key; empty: DATA/master.key, made at first start."},
    Setting{.key = "WEB_DIR", .initial = "",
            .doc = "Folder of the built web UI; empty: web/dist beside the program."},
    Setting{.key = "MODELS_DIR", .initial = "",
            .doc = "Folder of model manifests and weights; empty: models beside the program."},
    Setting{.key = "ONNXRUNTIME_LIBRARY", .initial = "",
            .doc = "libonnxruntime.so to load; empty: search beside the program, then the system."},
    Setting{.key = "INFERENCE_PROVIDERS", .kind = Kind::list, .initial = "CPU",
            .doc = "ONNX Runtime providers, tried in order."},
    Setting{.key = "MODEL_MEMORY_MB", .kind = Kind::integer, .initial = "3072", .min = 64,
            .max = 1 << 20, .doc = "Budget of loaded models, in MiB."},
    Setting{.key = "TLS_CERT", .initial = "", .doc = "PEM certificate chain; with TLS_KEY: TLS 1.3."},
    Setting{.key = "TLS_KEY", .initial = "", .doc = "PEM private key of TLS_CERT."},
    Setting{.key = "REGISTRATION", .initial = "open", .one_of = "open|invite|off",
            .doc = "Who may register."},
    Setting{.key = "ADMIN_EMAIL", .initial = "",
            .doc = "First administrator, made at start when no user exists."},
    Setting{.key = "ADMIN_PASSWORD", .initial = "", .secret = true,
            .doc = "Password of ADMIN_EMAIL."},
    Setting{.key = "CORS_ORIGINS", .kind = Kind::list, .initial = "",
            .doc = "Origins that browsers may call the API from; none by default."},
    Setting{.key = "INSECURE_HTTP", .kind = Kind::boolean, .initial = "false",
            .doc = "Give browsers a session cookie on plain HTTP names other than localhost."},
    Setting{.key = "TRUSTED_PROXIES", .kind = Kind::list, .initial = "",
            .doc = "Addresses whose X-Forwarded-For is believed."},
    Setting{.key = "METRICS_TOKEN", .initial = "", .secret = true,
            .doc = "Bearer token for /metrics from other machines; loopback needs none."},
    Setting{.key = "PUBLIC_DOCS", .kind = Kind::boolean, .initial = "true",
            .doc = "Serve /api/docs and /api/openapi.json without a login."},
    Setting{.key = "OUTBOUND_ALLOW", .kind = Kind::list, .initial = "",
            .doc = "Private hosts, addresses or CIDR blocks that the server may connect to."},
    Setting{.key = "LOG_LEVEL", .initial = "info", .one_of = "debug|info|warning|error",
            .doc = "Lowest level that is logged."},
    Setting{.key = "RATE_LIMIT", .kind = Kind::boolean, .initial = "true",
            .doc = "Limit requests by user, address and route class."},
    Setting{.key = "IO_THREADS", .kind = Kind::integer, .initial = "2", .min = 1, .max = 64,
            .doc = "Threads for sockets."},
    Setting{.key = "COMPUTE_THREADS", .kind = Kind::integer, .initial = "0", .min = 0, .max = 1024,
            .doc = "Threads for decoding and models; 0: as many as cores."},
    Setting{.key = "WORKERS", .kind = Kind::integer, .initial = "2", .min = 1, .max = 256,
            .doc = "Jobs run at once by this process."},
    Setting{.key = "SESSION_IDLE_MINUTES", .kind = Kind::integer, .initial = "720", .min = 5,
            .max = 43'200, .doc = "A session unused for so long ends."},
    Setting{.key = "SESSION_MAX_HOURS", .kind = Kind::integer, .initial = "168", .min = 1,
            .max = 8'760, .doc = "A session ends after so long, used or not."},
};

}  // namespace

std::span<const Setting> all_settings() { return kSettings; }

}  // namespace aa::config
