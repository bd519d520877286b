#include "app/wiring.hpp"

#include <cstdlib>

#include "app/paths.hpp"
#include "service/backup/backup.hpp"

namespace aa::app {
namespace {

constexpr std::size_t kEmbeddingMemory = 256ULL << 20;
constexpr std::uint64_t kTileCacheBytes = 4ULL << 30;  // on disk
constexpr std::uint64_t kShelfBytes = 64ULL << 20;

runtime::ExecutorSettings executor_settings(const config::Config& config) {
  return {.io_threads = static_cast<unsigned>(config.integer("IO_THREADS")),
          .compute_threads = static_cast<unsigned>(config.integer("COMPUTE_THREADS"))};
}

std::filesystem::path prepare_data_folder(const config::Config& config) {
  const std::filesystem::path data = config.text("DATA");
  if (std::filesystem::exists(data / backup::kRestoringMark)) {
    throw invalid("restore_unfinished", "A restoration into " + data.string() +
                                            " has not ended. Run admin restore again.");
  }
  std::filesystem::create_directories(data);
  std::filesystem::permissions(data, std::filesystem::perms::owner_all);
  return data;
}

identity::IdentitySettings identity_settings(const config::Config& config) {
  identity::IdentitySettings out;
  boost::describe::enum_from_string(config.text("REGISTRATION").c_str(), out.registration);
  out.letters_arrive = !config.text("SMTP_URL").empty();
  out.idle = std::chrono::minutes(config.integer("SESSION_IDLE_MINUTES"));
  out.absolute = std::chrono::hours(config.integer("SESSION_MAX_HOURS"));
  out.require_verified_email = config.boolean("REQUIRE_VERIFIED_EMAIL");
  return out;
}

collab::CollabSettings collab_settings(const config::Config& config, Secret ticket_key) {
  collab::CollabSettings out;
  out.ticket_key = std::move(ticket_key);
  out.several = !config.text("REDIS_URL").empty();
  out.connections_per_user = static_cast<std::size_t>(config.integer("LIVE_CONNECTIONS_PER_USER"));
  out.rooms_max = static_cast<std::size_t>(config.integer("LIVE_ROOMS"));
  out.room.members_max = static_cast<std::size_t>(config.integer("LIVE_ROOM_MEMBERS"));
  const auto rate = static_cast<double>(config.integer("LIVE_OPERATIONS_PER_SECOND"));
  out.rates.operations.per_second = rate;
  out.rates.batches.per_second = rate;
  return out;
}

metering::Quota quota_for_all(const config::Config& config) {
  const auto limit = [&](std::string_view key, std::int64_t unit) -> std::optional<std::int64_t> {
    const auto value = config.integer(key);
    return value > 0 ? std::optional(value * unit) : std::nullopt;
  };
  metering::Quota out;
  out.storage_bytes = limit("QUOTA_STORAGE_MB", 1 << 20);
  out.assets = limit("QUOTA_ASSETS", 1);
  out.model_seconds = limit("QUOTA_MODEL_SECONDS", 1);
  return out;
}

// Embeddings rest beside the images they came from, encrypted under the same key.
modelzoo::EmbeddingShelf shelf_in(blob::Store& blobs) {
  auto key_of = [](const modelzoo::EmbeddingKey& key, const std::string& model) {
    return blob::Key{*key.organization, "embeddings/" + model + "/" + key.content};
  };
  modelzoo::EmbeddingShelf shelf;
  shelf.load = [&blobs, key_of](const modelzoo::EmbeddingKey& key,
                                const std::string& model) -> std::optional<std::string> {
    if (!key.organization) return std::nullopt;
    try {
      const auto reader = blobs.open(key_of(key, model));
      return blob::read_all(*reader, kShelfBytes);
    } catch (const Error&) {
      return std::nullopt;  // absent or damaged: it is computed again
    }
  };
  shelf.store = [&blobs, key_of](const modelzoo::EmbeddingKey& key, const std::string& model,
                                 std::string bytes) {
    if (!key.organization) return;
    blobs.remove(key_of(key, model));
    blob::put(blobs, key_of(key, model), bytes);
  };
  return shelf;
}

}  // namespace

namespace {

// Where tests and machines without a way to release pages keep copies.
std::filesystem::path local_copies() {
  const char* data = std::getenv("ANNOTATEAI_TEST_DATA");
  if (data == nullptr || *data == '\0') return {};
  return std::filesystem::path(data) / "models";
}

http::OutboundSettings outbound_settings(const config::Config& config) {
  http::OutboundSettings out;
  out.allow = config.list("OUTBOUND_ALLOW");
  return out;
}

webhooks::CourierSettings courier_settings(const config::Config& config) {
  webhooks::CourierSettings out;
  out.first_pause = std::chrono::seconds(config.integer("WEBHOOK_RETRY_SECONDS"));
  out.failures_max = config.integer("WEBHOOK_FAILURES");
  return out;
}

}  // namespace

inference::EngineSettings engine_settings(const config::Config& config) {
  inference::EngineSettings out;
  out.library = config.text("ONNXRUNTIME_LIBRARY");
  out.memory_budget_bytes = static_cast<std::uint64_t>(config.integer("MODEL_MEMORY_MB")) << 20;
  out.providers = config.list("INFERENCE_PROVIDERS");
  return out;
}

db::Settings database_settings(const config::Config& config) {
  db::Settings out;
  const auto& url = config.text("DATABASE_URL");
  const auto file = std::filesystem::absolute(config.text("DATA")) / "annotateai.db";
  out.url = Secret(url.empty() ? "sqlite:" + file.string() : url);
  return out;
}

std::unique_ptr<mail::Transport> open_mail(const config::Config& config, const Clock& clock) {
  const auto& from = config.text("MAIL_FROM");
  if (config.text("SMTP_URL").empty()) {
    return mail::open_outbox(std::filesystem::path(config.text("DATA")) / "outbox", from, clock);
  }
  mail::SmtpSettings out;
  out.url = config.text("SMTP_URL");
  out.user = config.text("SMTP_USER");
  out.password = config.secret("SMTP_PASSWORD");
  out.from = from;
  boost::describe::enum_from_string(config.text("SMTP_TLS").c_str(), out.tls);
  out.ca_file = config.text("SMTP_CA");
  return mail::open_smtp(std::move(out), clock);
}

blob::FileStoreSettings blob_settings(const config::Config& config) {
  return {config.text("DATA"), config.text("MASTER_KEY_FILE")};
}

Wiring::Wiring(const config::Config& config)
    : ids(clock),
      executors(executor_settings(config)),
      database(
          (prepare_data_folder(config), db::open(database_settings(config), executors, metrics))),
      key_ring(blob::open_key_ring(blob_settings(config))),
      sealer(key_ring),
      blobs(blob::open_file_store(blob_settings(config), key_ring, clock, ids)),
      engine(engine_settings(config), executors, metrics),
      catalogue(open_catalogue(config)),
      embeddings(executors, kEmbeddingMemory, shelf_in(*blobs)),
      vision(catalogue, engine, embeddings, executors, clock),
      analyzer(catalogue, engine, vision, executors, clock),
      trail(*database, clock),
      signed_heads(*database, trail, key_ring, clock, executors),
      idempotency(*database, clock),
      queue(*database, clock, ids, executors, metrics,
            {.workers = static_cast<unsigned>(config.integer("WORKERS"))}),
      public_url(config.text("PUBLIC_URL")),
      mail_transport(open_mail(config, clock)),
      mailer(*database, queue, sealer, *mail_transport, executors),
      places(config.text("PLACES_FILE")),
      signing_keys(*database, key_ring->master(), clock,
                   std::chrono::hours(24 * config.integer("TOKEN_KEY_DAYS"))),
      identity(*database, trail, clock, ids, executors, signing_keys, {mailer, public_url, places},
               identity_settings(config)),
      access(*database, trail, identity, clock, ids, executors),
      metering(*database, trail, clock, quota_for_all(config)),
      projects(*database, trail, clock, ids),
      assets(*database, *blobs, budget, trail, projects, metering, clock, ids, executors),
      tiles(assets, *blobs, budget, clock, executors, kTileCacheBytes),
      uploads(*database, *blobs, projects, assets, clock, ids, executors),
      annotations(*database, trail, projects, assets, clock, ids),
      anchors(*database, trail, annotations, clock, executors),
      history(*database, trail, queue, projects, assets, annotations, ids),
      comments(*database, trail, identity, projects, assets, annotations, clock, ids),
      bus(bus::open(config.secret("REDIS_URL"), executors, metrics)),
      collab({*database, identity, projects, assets, annotations.live_log(), comments, *bus, clock,
              ids, executors.io(), metrics},
             collab_settings(config, ticket_key())),
      models(catalogue, vision, analyzer, executors),
      search(*database, trail, queue, projects, assets, annotations, models, metering, clock,
             executors),
      benchmarks(*database, trail, queue, {catalogue, engine, vision, analyzer, executors, clock}),
      registry({*database, *blobs, trail, queue, catalogue, clock, ids, executors},
               {open_probe(config), pull_settings(config), outbound_settings(config)}),
      prelabel(*database, trail, queue, projects, assets, annotations, models, metering, clock, ids,
               executors),
      ranking(projects, assets, annotations, search, prelabel, executors),
      transfer(*database, *blobs, trail, queue, projects, assets, annotations, clock, ids,
               executors),
      demo(*database, projects, assets, annotations, clock, ids, executors,
           share_folder() / "demo"),
      outbound(outbound_settings(config)),
      webhooks({*database, trail, outbound, key_ring, clock, ids, executors}),
      courier({*database, trail, outbound, key_ring, clock, ids, executors}, metrics,
              courier_settings(config)),
      keys({*database, *blobs, *key_ring, signing_keys, trail, queue, executors}),
      sso({*database, trail, identity, access, outbound, key_ring, public_url, clock, ids,
           executors, saml_plugin()}),
      scim({*database, trail, access.members, access.directory, clock, ids}, public_url),
      sweep(*blobs, clock, executors) {
  analyzer.set_remote_models(&registry);
  vision.set_encode_meter([this](OrganizationId organization, double milliseconds) {
    metering.note_model_time(organization, milliseconds);
  });
  annotations.set_listener(&collab.log_listener());
  projects.set_listener(&assets);
  comments.set_listener(&collab.thread_listener());
  trail.set_listener(&webhooks);
  webhooks.set_waker([this] { courier.wake(); });
  runtime::block_on(executors, trail.adopt_earlier());
}

// The same on every instance.
Secret Wiring::ticket_key() {
  auto finding =
      identity::installation_secret(*database, key_ring->master(), clock, "live tickets");
  return runtime::block_on(executors, std::move(finding));
}

ModelParts::ModelParts(const config::Config& config, std::size_t embedding_memory)
    : executors(executor_settings(config)),
      engine(engine_settings(config), executors, metrics),
      catalogue(open_catalogue(config)),
      embeddings(executors, embedding_memory, {}),
      vision(catalogue, engine, embeddings, executors, clock),
      analyzer(catalogue, engine, vision, executors, clock) {}

modelzoo::Catalogue open_catalogue(const config::Config& config) {
  return modelzoo::Catalogue(models_folder(config.text("MODELS_DIR")),
                             std::filesystem::path(config.text("DATA")) / "models");
}

modelzoo::PullSettings pull_settings(const config::Config& config) {
  modelzoo::PullSettings out;
  out.local = local_copies();
  out.outbound = outbound_settings(config);
  return out;
}

modelzoo::Probe open_probe(const config::Config& config) {
  modelzoo::ChildSettings out;
  out.time_max = std::chrono::seconds(config.integer("MODEL_PROBE_SECONDS"));
  out.flags = {"--model-probe-seconds", std::to_string(out.time_max.count())};
  const auto& library = config.text("ONNXRUNTIME_LIBRARY");
  if (!library.empty()) {
    out.flags.insert(out.flags.end(), {"--onnxruntime-library", library});
  }
  return modelzoo::child_probe(std::move(out));
}

api::Services Wiring::services() {
  return {*database, *blobs,       clock,       ids,        executors,   metrics,  budget,
          trail,     signed_heads, idempotency, queue,      identity,    access,   metering,
          projects,  assets,       tiles,       uploads,    annotations, history,  comments,
          collab,    models,       search,      benchmarks, registry,    prelabel, ranking,
          transfer,  demo,         webhooks,    keys,       sso,         scim};
}

void Wiring::add_job_kinds() {
  queue.add_kind(mailer.job_kind());
  queue.add_kind(search.job_kind());
  queue.add_kind(history.revert_kind());
  queue.add_kind(prelabel.job_kind());
  queue.add_kind(benchmarks.job_kind());
  queue.add_kind(transfer.export_kind());
  queue.add_kind(transfer.import_kind());
  queue.add_kind(registry.import_kind());
  queue.add_kind(registry.install_kind());
  queue.add_kind(keys.reencrypt_kind());
}

void Wiring::add_blob_folders() {
  sweep.add(assets.blob_folder());
  sweep.add(uploads.part_folder());
  sweep.add(transfer.export_folder());
  sweep.add(transfer.import_folder());
  sweep.add(registry.upload_folder());
}

}  // namespace aa::app
