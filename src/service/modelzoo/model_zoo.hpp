// Models as tenants see them: cards, and vision behind a permission.
//
// Thread rule: shared by all coroutines.
#pragma once

#include "service/modelzoo/analyze.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::modelzoo {

class ModelZoo {
 public:
  ModelZoo(const Catalogue& catalogue, Vision& vision, Analyzer& analyzer)
      : catalogue_(catalogue), vision_(vision), analyzer_(analyzer) {}

  std::vector<Card> list(const tenancy::Tenant& tenant) const {
    tenant.require(tenancy::Permission::model_read);
    return catalogue_.cards();
  }
  Card get(const tenancy::Tenant& tenant, const std::string& id) const {
    tenant.require(tenancy::Permission::model_read);
    return catalogue_.card(id);
  }
  const Catalogue& catalogue() const { return catalogue_; }
  Vision& vision() { return vision_; }
  Analyzer& analyzer() { return analyzer_; }

 private:
  const Catalogue& catalogue_;
  Vision& vision_;
  Analyzer& analyzer_;
};

}  // namespace aa::modelzoo
