// Models as tenants name them, and what runs them.
//
// resolve() is the one door from a tenant's word to a model's key (catalogue.hpp): the
// organisation's own model of that id, else the installation's, else a remote one. What runs models
// takes keys only.
//
// Thread rule: shared by all coroutines.
#pragma once

#include "service/modelzoo/analyze.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::modelzoo {

class ModelZoo {
 public:
  ModelZoo(const Catalogue& catalogue, Vision& vision, Analyzer& analyzer,
           runtime::Executors& executors)
      : catalogue_(catalogue), vision_(vision), analyzer_(analyzer), executors_(executors) {}

  // Error not_found, whoever else may have a model of that name.
  Task<std::string> resolve(tenancy::Tenant tenant, std::string name);
  // Of a model that may stay unnamed.
  Task<std::optional<std::string>> resolve(tenancy::Tenant tenant, std::optional<std::string> name);
  // Boxes, from detectors and remote models alike; `options.model` is a key.
  Task<DetectOutcome> detect(Pixels image, DetectOptions options);

  const Catalogue& catalogue() const { return catalogue_; }
  Vision& vision() { return vision_; }
  Analyzer& analyzer() { return analyzer_; }

 private:
  const Catalogue& catalogue_;
  Vision& vision_;
  Analyzer& analyzer_;
  runtime::Executors& executors_;
};

}  // namespace aa::modelzoo
