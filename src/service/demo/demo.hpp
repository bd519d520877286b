// The demo project: labels, a few photos and objects on them, for someone who looks around.
//
// An organisation has at most one. It is built aside and becomes the demo in one statement, so of
// two calls at the same time both give the same project. A deleted demo is made anew.
//
// Thread rule: shared by all coroutines.
// Errors: permission_denied; unavailable "demo_unreadable" when the installation lacks its files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/runtime/executors.hpp"
#include "driver/db/database.hpp"
#include "service/annotation/annotations.hpp"
#include "service/assets/assets.hpp"
#include "service/projects/projects.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::demo {

using runtime::Task;

// What demo.json holds.
struct DemoObject {
  std::string label;
  document::Shape shape;
  std::optional<json::Object> attributes;
};
BOOST_DESCRIBE_STRUCT(DemoObject, (), (label, shape, attributes))

struct DemoPhoto {
  std::string file;  // in photos/
  std::vector<DemoObject> objects;
};
BOOST_DESCRIBE_STRUCT(DemoPhoto, (), (file, objects))

struct DemoContent {
  std::string name;
  projects::ProjectType type = projects::ProjectType::detection;
  std::vector<projects::LabelInput> labels;
  std::vector<DemoPhoto> photos;
};
BOOST_DESCRIBE_STRUCT(DemoContent, (), (name, type, labels, photos))

class Demo {
 public:
  // `folder` holds demo.json and photos/.
  Demo(db::Database& database, projects::Projects& projects, assets::Assets& assets,
       annotation::Annotations& annotations, const Clock& clock, IdSource& ids,
       runtime::Executors& executors, std::filesystem::path folder)
      : database_(database),
        projects_(projects),
        assets_(assets),
        annotations_(annotations),
        clock_(clock),
        ids_(ids),
        executors_(executors),
        folder_(std::move(folder)) {}

  // The tenant's demo project, made when there is none.
  Task<projects::Project> open(tenancy::Tenant tenant);

 private:
  Task<std::optional<ProjectId>> find(tenancy::Tenant tenant);
  Task<std::string> file(std::filesystem::path name);
  Task<ProjectId> build(tenancy::Tenant tenant);
  Task<> fill(tenancy::Tenant tenant, projects::Project project, DemoContent content);
  Task<std::vector<assets::Asset>> upload(tenancy::Tenant tenant, ProjectId project,
                                          std::vector<DemoPhoto> photos);
  annotation::Batch batch_of(const DemoPhoto& photo, const projects::Project& project);

  db::Database& database_;
  projects::Projects& projects_;
  assets::Assets& assets_;
  annotation::Annotations& annotations_;
  const Clock& clock_;
  IdSource& ids_;
  runtime::Executors& executors_;
  std::filesystem::path folder_;
};

}  // namespace aa::demo
