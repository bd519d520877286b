// The only place that constructs: parts are built in the order of the lines below and destroyed in
// reverse. Nothing else knows which engine, store or model folder is behind an interface.
#pragma once

#include <memory>

#include "api/dispatcher.hpp"
#include "core/config/config.hpp"
#include "core/config/public_url.hpp"
#include "driver/blob/file_store.hpp"
#include "driver/blob/sealer.hpp"
#include "driver/bus/open_bus.hpp"
#include "driver/db/open.hpp"
#include "driver/http/server.hpp"
#include "driver/inference/engine.hpp"
#include "driver/mail/mail_transport.hpp"
#include "driver/places/address_places.hpp"
#include "service/annotation/anchors.hpp"
#include "service/modelzoo/model_probe.hpp"
#include "service/scim/scim.hpp"
#include "service/webhooks/courier.hpp"

namespace aa::app {

struct Wiring {
  explicit Wiring(const config::Config& config);

  SystemClock clock;
  IdSource ids;
  observe::Metrics metrics;
  runtime::Executors executors;
  std::unique_ptr<db::Database> database;
  std::shared_ptr<blob::KeyRing> key_ring;
  blob::Sealer sealer;
  std::unique_ptr<blob::Store> blobs;
  media::DecodeBudget budget;
  inference::Engine engine;
  modelzoo::Catalogue catalogue;
  modelzoo::EmbeddingCache embeddings;
  modelzoo::Vision vision;
  modelzoo::Analyzer analyzer;
  audit::Trail trail;
  audit::SignedHeads signed_heads;
  tenancy::Idempotency idempotency;
  jobs::Queue queue;
  config::PublicUrl public_url;
  std::unique_ptr<mail::Transport> mail_transport;
  mail::Mailer mailer;
  places::Places places;
  identity::SigningKeys signing_keys;
  identity::Identity identity;
  identity::Access access;
  metering::Metering metering;
  projects::Projects projects;
  assets::Assets assets;
  assets::Tiles tiles;
  uploads::Uploads uploads;
  annotation::Annotations annotations;
  annotation::Anchors anchors;
  annotation::History history;
  comments::Comments comments;
  std::unique_ptr<bus::Bus> bus;
  collab::Collab collab;
  modelzoo::ModelZoo models;
  search::Search search;
  modelzoo::BenchmarkJobs benchmarks;
  modelregistry::Registry registry;
  prelabel::Prelabel prelabel;
  ranking::Ranking ranking;
  transfer::Transfer transfer;
  demo::Demo demo;
  http::Outbound outbound;
  webhooks::Webhooks webhooks;
  webhooks::Courier courier;
  keys::Keys keys;
  sso::Sso sso;
  scim::Scim scim;
  blob::Sweep sweep;

  api::Services services();
  void add_job_kinds();
  void add_blob_folders();

 private:
  Secret ticket_key();
};

// What commands need that run models without a server.
struct ModelParts {
  // Embeddings are kept in memory for those who ask twice about an image.
  explicit ModelParts(const config::Config& config, std::size_t embedding_memory = 0);

  SystemClock clock;
  observe::Metrics metrics;
  runtime::Executors executors;
  inference::Engine engine;
  modelzoo::Catalogue catalogue;
  modelzoo::EmbeddingCache embeddings;
  modelzoo::Vision vision;
  modelzoo::Analyzer analyzer;
};

// The models that the program ships with, and in DATA/models those that the user imported.
modelzoo::Catalogue open_catalogue(const config::Config& config);
// Where files of the zoo are brought from.
modelzoo::PullSettings pull_settings(const config::Config& config);
// Where a model that is being imported runs for the first time: a child process.
modelzoo::Probe open_probe(const config::Config& config);
inference::EngineSettings engine_settings(const config::Config& config);
db::Settings database_settings(const config::Config& config);
std::unique_ptr<mail::Transport> open_mail(const config::Config& config, const Clock& clock);
blob::FileStoreSettings blob_settings(const config::Config& config);

}  // namespace aa::app
