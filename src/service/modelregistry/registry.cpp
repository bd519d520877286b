#include "service/modelregistry/registry.hpp"

#include <algorithm>

#include <boost/describe/enum_to_string.hpp>

#include "service/modelregistry/remote_row.hpp"
#include "service/modelregistry/statements.hpp"
#include "service/modelzoo/refused_kind.hpp"

namespace aa::modelregistry {
namespace {

using modelzoo::Card;
using modelzoo::ModelState;
using tenancy::Permission;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool mentions(const Card& card, const std::string& text) {
  const std::string wanted = lower(text);
  const auto has = [&](std::string_view in) { return lower(in).find(wanted) != std::string::npos; };
  return has(card.id) || has(card.name) || has(card.family) || has(card.task) ||
         has(card.good_for.value_or("")) || std::ranges::any_of(card.labels, has);
}

bool matches(const Card& card, const ModelFilter& filter) {
  const auto is = [](const std::optional<std::string>& wanted, std::string_view value) {
    return !wanted || *wanted == value;
  };
  return is(filter.task, card.task) && is(filter.licence, card.licence) &&
         is(filter.kind, boost::describe::enum_to_string(card.kind, "")) &&
         is(filter.state, boost::describe::enum_to_string(card.state, "")) &&
         (!filter.text || mentions(card, *filter.text));
}

}  // namespace

Registry::Registry(RegistryParts parts, RegistrySettings settings)
    : parts_(parts), settings_(std::move(settings)), remote_(settings_.outbound) {}

jobs::Kind Registry::import_kind() {
  return {.name = std::string(kImportKind),
          .run = [this](jobs::Run& run) { return run_import(run); },
          .group = "model"};
}

jobs::Kind Registry::install_kind() {
  return {.name = std::string(kInstallKind),
          .run = [this](jobs::Run& run) { return run_install(run); },
          .group = "model"};
}

// The organisation's own, or the installation's.
std::string Registry::key_of(const tenancy::Tenant& tenant, const std::string& id) const {
  const std::string own = tenant.organization().str() + ":" + id;
  return parts_.catalogue.knows(own) ? own : id;
}

Task<Card> Registry::get(tenancy::Tenant tenant, std::string id) {
  tenant.require(Permission::model_read);
  if (!modelzoo::is_plain_name(id)) throw not_found("model \"" + id + "\"");
  auto refresh = [this] { return parts_.catalogue.refresh(); };
  co_await on_disk(std::move(refresh));
  const auto key = key_of(tenant, id);
  if (parts_.catalogue.knows(key)) {
    std::vector<Card> one = {parts_.catalogue.card(key)};
    co_await mark_installing(tenant, one);
    co_return std::move(one.front());
  }
  auto row = co_await find_remote(tenant.organization(), id);
  if (!row) throw not_found("model \"" + id + "\"");
  co_return co_await checked_card(tenant.organization(), std::move(*row));
}

Task<> Registry::remove(tenancy::Tenant tenant, std::string id) {
  tenant.require(Permission::model_write);
  const std::string own = tenant.organization().str() + ":" + id;
  const bool is_own = modelzoo::is_plain_name(id) && parts_.catalogue.knows(own);
  if (!is_own && modelzoo::is_plain_name(id) && parts_.catalogue.knows(id)) {
    throw conflict("not_removable",
                   "The model " + id + " belongs to the installation and cannot be removed here.");
  }
  auto transaction = co_await parts_.database.begin(tenant.scope());
  if (!is_own) {
    const auto gone =
        co_await transaction->exec(sql::delete_remote, db::args(id, tenant.organization()));
    if (gone.affected() == 0) throw not_found("model \"" + id + "\"");
  }
  audit::Entry entry{"model.delete", "model", id, {}};
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  if (is_own) {
    auto forget = [this, own] {
      modelzoo::remove_own_model(parts_.catalogue, own);
      return true;
    };
    co_await on_disk(std::move(forget));
  }
  co_await transaction->commit();
}

void Registry::require_room(const OrganizationId& organization, std::int64_t more) const {
  std::size_t models = 0;
  std::int64_t bytes = more;
  for (const auto& row : parts_.catalogue.manifests()) {
    if (row.organization != organization) continue;
    ++models;
    for (const auto& file : row.files) bytes += file.size;
  }
  if (models < kOwnModelsMax && bytes <= kOwnBytesMax) return;
  throw Error(ErrorCode::out_of_space, "model_quota",
              "An organization keeps at most " + std::to_string(kOwnModelsMax) + " models and " +
                  std::to_string(kOwnBytesMax >> 30) +
                  " GiB of its own. Remove one that is not used.");
}

Task<ArrivingFile> Registry::begin_file(tenancy::Tenant tenant, std::string part,
                                        std::string filename) {
  tenant.require(Permission::model_write);
  require_room(tenant.organization(), 0);
  ArrivingFile file{std::move(part),
                    std::move(filename),
                    "model-uploads/" + parts_.ids.next().str(),
                    nullptr,
                    {}};
  auto create = [this, organization = tenant.organization(), name = file.blob] {
    return std::shared_ptr<blob::Writer>(parts_.blobs.create({organization, name}));
  };
  file.writer = co_await on_disk(std::move(create));
  co_return file;
}

Task<> Registry::write_file(ArrivingFile& file, std::span<const std::byte> bytes) {
  if (file.writer->size() + bytes.size() > kUploadBytes) {
    throw too_large("file_too_large", "The file is larger than 2 GiB.");
  }
  if (file.head.size() < modelzoo::kHeadBytes) {
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    file.head.append(text, std::min(bytes.size(), modelzoo::kHeadBytes - file.head.size()));
  }
  auto write = [writer = file.writer, bytes] {
    writer->write(bytes);
    return true;
  };
  co_await on_disk(std::move(write));
}

Task<JobId> Registry::start_import(tenancy::Tenant tenant, std::vector<ArrivingFile> files,
                                   ImportFields fields) {
  tenant.require(Permission::model_write);
  ImportPayload payload{{}, std::move(fields)};
  std::int64_t bytes = 0;
  for (const auto& file : files) {
    if (file.part != "labels") modelzoo::refuse_bad_kind(file.filename, file.head);
    bytes += static_cast<std::int64_t>(file.writer->size());
    payload.files.push_back({file.part, file.filename, file.blob});
  }
  require_room(tenant.organization(), bytes);
  for (const auto& file : files) {
    auto commit = [writer = file.writer] { return writer->commit(); };
    co_await on_disk(std::move(commit));
  }
  auto transaction = co_await parts_.database.begin(tenant.scope());
  jobs::NewJob job{tenant.organization(),
                   tenant.user(),
                   std::nullopt,
                   std::string(kImportKind),
                   "models",
                   {},
                   {}};
  job.payload = json::parse(json::write(payload)).as_object();
  const auto id = co_await parts_.jobs.enqueue(*transaction, std::move(job));
  audit::Entry entry{"model.import", "job", id.str(), {}};
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return id;
}

Task<JobId> Registry::start_install(tenancy::Tenant tenant, std::string id) {
  tenant.require(Permission::model_write);
  const auto row = parts_.catalogue.manifest(modelzoo::is_plain_name(id) ? id : "");
  if (row.own) {
    throw conflict("not_installable", "The model " + id + " was brought by its owner.");
  }
  auto transaction = co_await parts_.database.begin(tenant.scope());
  jobs::NewJob job{tenant.organization(),
                   tenant.user(),
                   std::nullopt,
                   std::string(kInstallKind),
                   "bytes",
                   {},
                   {}};
  job.payload["install"] = id;
  const auto job_id = co_await parts_.jobs.enqueue(*transaction, std::move(job));
  audit::Entry entry{"model.install", "model", id, {}};
  entry.detail["job"] = job_id.str();
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return job_id;
}

// An upload is of use until its job has ended.
Task<std::set<std::string>> Registry::awaited_uploads(OrganizationId organization,
                                                      blob::Names names) {
  std::set<std::string> out;
  for (const auto& [id, payload] : co_await parts_.jobs.unfinished(organization)) {
    for (const auto& name : names) {
      if (payload.find(name) != std::string::npos) out.insert(name);
    }
  }
  co_return out;
}

blob::OwnedFolder Registry::upload_folder() {
  return {"model-uploads", {}, [this](OrganizationId organization, blob::Names names) {
            return awaited_uploads(organization, std::move(names));
          }};
}

// A job says so, wherever it runs.
Task<> Registry::mark_installing(tenancy::Tenant tenant, std::vector<Card>& cards) {
  for (const auto& [id, payload] : co_await parts_.jobs.unfinished(tenant.organization())) {
    const auto value = json::parse(payload);
    const auto* object = value.if_object();
    const auto* model = object != nullptr ? object->if_contains("install") : nullptr;
    if (model == nullptr || !model->is_string()) continue;
    for (auto& card : cards) {
      const bool waits = card.id == model->get_string() && card.state != ModelState::ready;
      if (!waits || card.kind == modelzoo::ModelKind::own) continue;
      card.state = ModelState::installing;
      card.problem.reset();
    }
  }
}

Task<std::vector<Card>> Registry::list(tenancy::Tenant tenant, ModelFilter filter) {
  tenant.require(Permission::model_read);
  auto read = [this, organization = tenant.organization()] {
    parts_.catalogue.refresh();
    return parts_.catalogue.cards(organization);
  };
  auto cards = co_await on_disk(std::move(read));
  co_await mark_installing(tenant, cards);
  for (auto& card : co_await remote_cards(tenant)) cards.push_back(std::move(card));
  std::erase_if(cards, [&](const Card& card) { return !matches(card, filter); });
  co_return cards;
}

}  // namespace aa::modelregistry
