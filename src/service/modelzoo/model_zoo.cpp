#include "service/modelzoo/model_zoo.hpp"

namespace aa::modelzoo {

Task<std::string> ModelZoo::resolve(tenancy::Tenant tenant, std::string name) {
  if (!is_plain_name(name)) throw not_found("model \"" + name + "\"");
  const std::string own = tenant.organization().str() + ":" + name;
  for (const bool again : {false, true}) {
    if (catalogue_.knows(own)) co_return own;
    if (catalogue_.knows(name)) co_return name;
    if (again) break;
    // It may have been brought a moment ago, by another process.
    auto refresh = [this] { return catalogue_.refresh(); };
    co_await runtime::run_on(executors_.blocking(), refresh);
  }
  const RemoteKey remote{tenant.organization(), name};
  auto* models = analyzer_.remote_models();
  const bool known = models != nullptr && co_await models->knows(remote);
  if (!known) throw not_found("model \"" + name + "\"");
  co_return remote.str();
}

Task<std::optional<std::string>> ModelZoo::resolve(tenancy::Tenant tenant,
                                                   std::optional<std::string> name) {
  if (!name) co_return std::nullopt;
  co_return co_await resolve(std::move(tenant), std::move(*name));
}

Task<DetectOutcome> ModelZoo::detect(Pixels image, DetectOptions options) {
  if (!options.model || !RemoteKey::parse(*options.model)) {
    co_return co_await vision_.detect(std::move(image), std::move(options));
  }
  AnalyzeOptions how{.model = *options.model, .min_score = options.min_score, .lane = options.lane};
  auto said = co_await analyzer_.analyze(std::move(image), std::move(how));
  DetectOutcome out{said.model, said.model_version, {}, said.timing};
  for (auto& finding : said.reading.findings) {
    const auto bounds = document::shape_bounds(finding.shape);
    if (!bounds) continue;
    out.objects.push_back(
        {{*bounds, finding.score, finding.class_index}, std::move(finding.class_name)});
  }
  co_return out;
}

}  // namespace aa::modelzoo
