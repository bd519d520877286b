#include "api/project_of.hpp"

#include <algorithm>
#include <array>

namespace aa::api {
namespace {

using Found = std::optional<ProjectId>;

template <class IdType>
std::optional<IdType> id_in(const Call& call) {
  return IdType::parse(call.path.find("id")->second);
}

Task<Found> of_asset(Services services, Call call) {
  const auto id = *id_in<AssetId>(call);
  const auto asset = co_await services.assets.get_for(call.tenant().organization(), id);
  co_return asset.project_id;
}

Task<Found> of_annotation(Services services, Call call) {
  const auto id = *id_in<AnnotationId>(call);
  co_return co_await services.annotations.project_for(call.tenant().organization(), id);
}

Task<Found> of_suggestion(Services services, Call call) {
  const auto id = *id_in<SuggestionId>(call);
  co_return co_await services.prelabel.project_for(call.tenant().organization(), id);
}

Task<Found> of_job(Services services, Call call) {
  const auto id = *id_in<JobId>(call);
  const auto job = co_await services.jobs.get(call.tenant().scope(), id);
  co_return job.project_id;
}

Task<Found> of_thread(Services services, Call call) {
  const auto id = *id_in<ThreadId>(call);
  co_return co_await services.comments.project_for(call.tenant().organization(), id);
}

Task<Found> of_comment(Services services, Call call) {
  const auto id = *id_in<CommentId>(call);
  co_return co_await services.comments.project_for(call.tenant().organization(), id);
}

Task<Found> of_upload(Services services, Call call) {
  const auto id = *id_in<uploads::UploadId>(call);
  co_return co_await services.uploads.project_for(call.tenant().organization(), id);
}

Task<Found> of_project(Services, Call call) { co_return id_in<ProjectId>(call); }

struct Kind {
  std::string_view prefix;
  Task<Found> (*find)(Services, Call);
};

constexpr std::array kKinds = {
    Kind{"/api/v1/projects/{id}", of_project},
    Kind{"/api/v1/assets/{id}", of_asset},
    Kind{"/api/v1/annotations/{id}", of_annotation},
    Kind{"/api/v1/suggestions/{id}", of_suggestion},
    Kind{"/api/v1/jobs/{id}", of_job},
    Kind{"/api/v1/exports/{id}", of_job},
    Kind{"/api/v1/threads/{id}", of_thread},
    Kind{"/api/v1/comments/{id}", of_comment},
    Kind{"/api/v1/uploads/{id}", of_upload},
};

}  // namespace

Task<Found> project_of(Services services, Call call, const Route& route) {
  const auto fits = [&](const Kind& kind) { return route.pattern.starts_with(kind.prefix); };
  const auto kind = std::ranges::find_if(kKinds, fits);
  if (kind == kKinds.end() || !Uuid::parse(call.path.find("id")->second)) co_return std::nullopt;
  try {
    co_return co_await kind->find(services, std::move(call));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  co_return std::nullopt;
}

tenancy::Tenant in_project(const Call& call, ProjectId project) {
  return call.tenant().in(project);
}

Task<tenancy::Tenant> in_project_of(Services services, Call call, AssetId asset) {
  if (!call.tenant().principal().grants) co_return call.tenant();
  const std::vector<AssetId> ids{asset};
  const auto found = co_await services.assets.find_for(call.tenant().organization(), ids);
  if (found.empty()) co_return call.tenant();
  co_return in_project(call, found.begin()->second.project_id);
}

}  // namespace aa::api
