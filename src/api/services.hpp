// What the routes may call.
#pragma once

#include "core/observe/metrics.hpp"
#include "core/runtime/executors.hpp"
#include "driver/blob/store.hpp"
#include "driver/media/decode_budget.hpp"
#include "service/annotation/annotations.hpp"
#include "service/annotation/history.hpp"
#include "service/assets/asset_tiles.hpp"
#include "service/assets/assets.hpp"
#include "service/audit/signed_heads.hpp"
#include "service/collab/collab.hpp"
#include "service/comments/comments.hpp"
#include "service/demo/demo.hpp"
#include "service/identity/access.hpp"
#include "service/identity/identity.hpp"
#include "service/jobs/job_queue.hpp"
#include "service/keys/keys.hpp"
#include "service/metering/metering.hpp"
#include "service/modelregistry/registry.hpp"
#include "service/modelzoo/benchmark_job.hpp"
#include "service/modelzoo/model_zoo.hpp"
#include "service/prelabel/prelabel.hpp"
#include "service/projects/projects.hpp"
#include "service/ranking/ranking.hpp"
#include "service/scim/scim.hpp"
#include "service/search/search.hpp"
#include "service/sso/sso.hpp"
#include "service/tenancy/idempotency.hpp"
#include "service/transfer/transfer.hpp"
#include "service/uploads/uploads.hpp"
#include "service/webhooks/webhooks.hpp"

namespace aa::api {

struct Services {
  db::Database& database;
  blob::Store& blobs;
  const Clock& clock;
  IdSource& ids;
  runtime::Executors& executors;
  observe::Metrics& metrics;
  media::DecodeBudget& budget;
  audit::Trail& trail;
  audit::SignedHeads& signed_heads;
  tenancy::Idempotency& idempotency;
  jobs::Queue& jobs;
  identity::Identity& identity;
  identity::Access& access;
  metering::Metering& metering;
  projects::Projects& projects;
  assets::Assets& assets;
  assets::Tiles& tiles;
  uploads::Uploads& uploads;
  annotation::Annotations& annotations;
  annotation::History& history;
  comments::Comments& comments;
  collab::Collab& collab;
  modelzoo::ModelZoo& models;
  search::Search& search;
  modelzoo::BenchmarkJobs& benchmarks;
  modelregistry::Registry& registry;
  prelabel::Prelabel& prelabel;
  ranking::Ranking& ranking;
  transfer::Transfer& transfer;
  demo::Demo& demo;
  webhooks::Webhooks& webhooks;
  keys::Keys& keys;
  sso::Sso& sso;
  scim::Scim& scim;
};

}  // namespace aa::api
