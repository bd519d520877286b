// Projects going out and coming in: what the tests of exports and imports share.
//
// Thread rule: the test's own thread.
#pragma once

#include <map>
#include <set>

#include "service/testing/service_fixture.hpp"
#include "service/transfer/transfer.hpp"

namespace aa::transfer {

Task<JobId> import_text(Transfer& transfer, tenancy::Tenant tenant, ProjectId project,
                        std::string text, std::string format);

// Path and content of each entry.
std::map<std::string, std::string> unzip(const std::string& bytes);

class TransferFixture : public fixture::ServiceTest {
 protected:
  using Annotation = document::Annotation;
  using Shape = document::Shape;

  void SetUp() override;
  Transfer& service() { return world_->transfer; }
  void start_workers() { world_->queue.start(); }

  jobs::Job finish_export(ProjectId project, const std::string& format, bool images = false);
  std::string content(JobId job);
  std::string exported(ProjectId project, const std::string& format = "coco", bool images = false);
  jobs::Job finish_import(ProjectId project, const std::string& text,
                          const std::string& format = "coco");
  ImportResult imported(ProjectId project, const std::string& text,
                        const std::string& format = "coco");
  static ImportResult result_of(const jobs::Job& job);
  void put(AssetId asset, LabelId label, Shape shape, json::Object extra = {});
  // One image with every shape that COCO can hold in some way.
  projects::Project varied_project();
  std::vector<assets::Asset> all_assets(ProjectId project);
  std::vector<Annotation> first_image(ProjectId project);
  // Shapes and foreign members, whatever the ids.
  static std::multiset<std::string> essence(const std::vector<Annotation>& list,
                                            const std::vector<document::Label>& labels);

  std::optional<tenancy::Tenant> tenant_;
};

}  // namespace aa::transfer
