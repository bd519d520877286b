#include "service/keys/keys.hpp"

namespace aa::keys {
namespace {

// Of re-encryption in one piece: then the job looks whether it shall stop.
constexpr std::chrono::seconds kPiece{2};
constexpr std::string_view kKind = "reencrypt";

void add(blob::Renewal& sum, blob::Renewal piece) {
  sum.looked_at += piece.looked_at;
  sum.renewed += piece.renewed;
  sum.damaged += piece.damaged;
  sum.last = std::move(piece.last);
  sum.ended = piece.ended;
}

}  // namespace

Task<KeysState> Keys::state(tenancy::Tenant tenant) {
  KeysState out;
  auto look = [this, &out, organization = tenant.organization()] {
    // Another process may have rotated a moment ago.
    if (const auto keys = parts_.ring.reread(organization)) {
      out.data_key_version = keys->front().version;
      out.data_key_wrapped_by = keys->front().master;
    }
    out.master_key_version = parts_.ring.master().newest();
  };
  co_await runtime::run_on(parts_.executors.blocking(), look);
  out.token_keys = co_await parts_.signing.list();
  co_return out;
}

Task<std::uint32_t> Keys::rotate_data_of(OrganizationId organization) {
  auto rotate = [this, organization] {
    const auto lock = parts_.ring.lock_rotation();
    return parts_.ring.rotate(organization);
  };
  const auto version = co_await runtime::run_on(parts_.executors.blocking(), rotate);
  co_return version;
}

Task<DataRotated> Keys::rotate_data(tenancy::Tenant tenant, DataRotation how) {
  auto prepare = [this, organization = tenant.organization()] {
    parts_.ring.get_or_create(organization);
  };
  co_await runtime::run_on(parts_.executors.blocking(), prepare);
  DataRotated out;
  out.data_key_version = co_await rotate_data_of(tenant.organization());
  auto transaction = co_await parts_.database.begin(tenant.scope());
  if (how.reencrypt) {
    jobs::NewJob job;
    job.organization = tenant.organization();
    job.created_by = tenant.user();
    job.kind = kKind;
    job.unit = "files";
    out.job_id = co_await parts_.queue.enqueue(*transaction, std::move(job));
  }
  audit::Entry entry("key.rotate", "data_key", std::to_string(out.data_key_version));
  entry.detail["reencrypt"] = how.reencrypt;
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return out;
}

jobs::Kind Keys::reencrypt_kind() {
  return {std::string(kKind), [this](jobs::Run& run) { return run_reencrypt(run); }};
}

Task<blob::Renewal> Keys::renew_some(OrganizationId organization, std::string from) {
  auto work = [this, organization, from = std::move(from)] {
    const auto until = std::chrono::steady_clock::now() + kPiece;
    const auto in_time = [until](const blob::Renewal&) {
      return std::chrono::steady_clock::now() < until;
    };
    return blob::renew(parts_.blobs, organization, from, in_time);
  };
  auto piece = co_await runtime::run_on(parts_.executors.blocking(), work);
  co_return piece;
}

Task<blob::Renewal> Keys::reencrypt(OrganizationId organization) {
  blob::Renewal sum;
  do {
    auto piece = co_await renew_some(organization, sum.last);
    add(sum, std::move(piece));
  } while (!sum.ended);
  co_return sum;
}

// Files that are done already are looked at again after a crash, and left.
Task<> Keys::run_reencrypt(jobs::Run& run) {
  const auto steps = co_await run.pending(1);
  if (steps.empty()) co_return;
  blob::Renewal sum;
  do {
    const bool stop = co_await run.should_stop();
    if (stop) co_return;
    auto piece = co_await renew_some(run.organization(), sum.last);
    add(sum, std::move(piece));
  } while (!sum.ended);
  run.set_result(
      {{"looked_at", sum.looked_at}, {"renewed", sum.renewed}, {"damaged", sum.damaged}});
  auto transaction = co_await parts_.database.begin(run.scope());
  co_await run.done(*transaction, steps[0]);
  co_await transaction->commit();
}

Task<int> Keys::rewrap_all() {
  auto work = [this] {
    int rewrapped = 0;
    for (const auto organization : parts_.ring.organizations()) {
      rewrapped += parts_.ring.rewrap(organization) ? 1 : 0;
    }
    return rewrapped;
  };
  const int rewrapped = co_await runtime::run_on(parts_.executors.blocking(), work);
  co_return rewrapped;
}

Task<MasterRotated> Keys::rotate_master(bool rewrap) {
  const auto lock = parts_.ring.lock_rotation();
  auto& master = parts_.ring.master();
  MasterRotated out;
  out.rewrapped = co_await rewrap_all();
  out.resealed = co_await identity::reseal_installation(parts_.database, master);
  out.resumed = out.rewrapped + out.resealed > 0;
  if (!out.resumed && !rewrap) {
    master.add();
    out.rewrapped = co_await rewrap_all();
    out.resealed = co_await identity::reseal_installation(parts_.database, master);
  }
  out.version = master.newest();
  co_return out;
}

// What was made meanwhile is wrapped first.
Task<> Keys::retire_old_masters() {
  const auto lock = parts_.ring.lock_rotation();
  co_await rewrap_all();
  co_await identity::reseal_installation(parts_.database, parts_.ring.master());
  parts_.ring.master().keep_only_newest();
}

}  // namespace aa::keys
