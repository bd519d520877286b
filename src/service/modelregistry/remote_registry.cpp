// Remote models: rows, their health, and what they say of an image.
#include <algorithm>

#include "service/modelregistry/registry.hpp"
#include "service/modelregistry/remote_row.hpp"
#include "service/modelregistry/statements.hpp"

namespace aa::modelregistry {
namespace {

using modelzoo::Card;
using tenancy::Permission;

constexpr std::int64_t kFreshMicros = 30'000'000;  // what was seen so lately still holds

// "Our YOLO server" becomes "our-yolo-server".
std::string id_from(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 128 && std::isalnum(byte) != 0)
      out += static_cast<char>(std::tolower(byte));
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (out.ends_with('-')) out.pop_back();
  return out.empty() ? "remote-model" : out;
}

}  // namespace

Card Registry::card_of(const RemoteRow& row) {
  Card card;
  card.id = row.id;
  card.kind = modelzoo::ModelKind::remote;
  card.name = row.name;
  card.task = row.task;
  card.family = "label-studio";
  card.licence = "NOASSERTION";
  card.version = row.version;
  card.state = row.problem ? modelzoo::ModelState::failed : modelzoo::ModelState::ready;
  card.problem = row.problem;
  card.labels = row.label_names();
  card.source = row.url;
  card.outputs = modelzoo::outputs_of_remote(row.task);
  return card;
}

modelzoo::RemoteBackend Registry::backend_of(OrganizationId organization, const RemoteRow& row) {
  return {row.url, organization.str() + "." + row.id, row.task, row.label_names()};
}

Task<std::optional<Registry::RemoteRow>> Registry::find_remote(OrganizationId organization,
                                                               std::string id) {
  const auto rows = co_await parts_.database.query(db::Scope::tenant(organization), sql::get_remote,
                                                   db::args(id, organization));
  co_return rows.first<RemoteRow>();
}

Task<std::vector<Card>> Registry::remote_cards(tenancy::Tenant tenant) {
  const auto rows = co_await parts_.database.query(tenant.scope(), sql::list_remote,
                                                   db::args(tenant.organization()));
  std::vector<Card> out;
  for (const auto& row : rows.as<RemoteRow>()) out.push_back(card_of(row));
  co_return out;
}

Task<bool> Registry::knows(modelzoo::RemoteKey key) {
  const auto row = co_await find_remote(key.organization, key.id);
  co_return row.has_value();
}

Task<> Registry::mark(modelzoo::RemoteKey key, std::string version,
                      std::optional<std::string> problem) {
  co_await parts_.database.write(
      db::Scope::tenant(key.organization), sql::mark_remote,
      db::args(key.id, key.organization, version, problem, parts_.clock.now()));
}

Task<Card> Registry::checked_card(OrganizationId organization, RemoteRow row) {
  if (parts_.clock.now().micros - row.checked_at.micros < kFreshMicros) co_return card_of(row);
  const auto backend = backend_of(organization, row);
  auto ask = [this, backend]() -> std::optional<std::string> {
    try {
      remote_.check_health(backend);
      return std::nullopt;
    } catch (const Error& error) {
      return error.message();
    }
  };
  row.problem = co_await on_disk(std::move(ask));
  modelzoo::RemoteKey key{organization, row.id};
  co_await mark(std::move(key), row.version, row.problem);
  co_return card_of(row);
}

Task<Card> Registry::add_remote(tenancy::Tenant tenant, NewRemote request) {
  tenant.require(Permission::model_write);
  RemoteRow row;
  row.id = request.id.value_or(id_from(request.name));
  if (!modelzoo::is_plain_name(row.id)) {
    throw invalid("bad_id", "\"" + row.id + "\" cannot be an id.", {{"/id", "is no plain name"}});
  }
  row.name = request.name;
  row.url = modelzoo::checked_backend_url(request.url);
  row.task = request.task.value_or("detection");
  row.labels = json::write(request.labels.value_or(std::vector<std::string>{}));
  modelzoo::outputs_of_remote(row.task);
  const auto others = co_await remote_cards(tenant);
  if (others.size() >= kRemoteMax) {
    throw Error(ErrorCode::out_of_space, "model_quota",
                "An organization has at most 100 remote models.");
  }
  const bool taken = std::ranges::find(others, row.id, &Card::id) != others.end();
  if (taken || parts_.catalogue.knows(key_of(tenant, row.id))) {
    throw Error(ErrorCode::already_exists, "model_exists",
                "There is a model \"" + row.id + "\" already; give another id.",
                {{"/id", "is taken"}});
  }
  auto greet = [this, backend = backend_of(tenant.organization(), row)] {
    remote_.check_health(backend);
    return remote_.set_up(backend);
  };
  row.version = co_await on_disk(std::move(greet));
  auto transaction = co_await parts_.database.begin(tenant.scope());
  co_await transaction->exec(
      sql::insert_remote,
      db::args(row.id, tenant.organization(), row.name, row.url, row.task, row.labels, row.version,
               row.problem, parts_.clock.now(), tenant.user()));
  audit::Entry entry{"model.add_remote", "model", row.id, {}};
  entry.detail["url"] = row.url;
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return card_of(row);
}

Task<modelzoo::RemoteLook> Registry::look(modelzoo::RemoteKey key, modelzoo::Pixels image) {
  auto row = co_await find_remote(key.organization, key.id);
  if (!row) throw not_found("model \"" + key.id + "\"");
  const auto backend = backend_of(key.organization, *row);
  modelzoo::RemotePrediction said;
  std::optional<Error> failure;
  try {
    auto ask = [this, backend, image] { return remote_.predict(backend, image->view()); };
    said = co_await on_disk(std::move(ask));
  } catch (const Error& error) {
    failure = error;
  }
  const auto problem = failure ? std::optional(failure->message()) : std::nullopt;
  const auto version = said.version.empty() ? row->version : said.version;
  // Written when it changed: a job asks thousands of times.
  if (problem != row->problem || version != row->version) co_await mark(key, version, problem);
  if (failure) throw *failure;
  modelzoo::RemoteLook out;
  out.version = version;
  out.reading.findings = std::move(said.findings);
  co_return out;
}

}  // namespace aa::modelregistry
