// Projects: a set of assets with a set of labels.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "kernel/document/labels.hpp"

namespace aa::projects {

enum class ProjectType { detection, segmentation, classification, keypoints, tracking, pointcloud };
BOOST_DESCRIBE_ENUM(ProjectType, detection, segmentation, classification, keypoints, tracking,
                    pointcloud)

inline constexpr std::size_t kLabelsMax = 10'000;

// A label as it is sent: without an id it is new, with one it is that label, changed.
struct LabelInput {
  std::optional<LabelId> id;
  std::string name;
  std::optional<std::string> color;  // absent: the next of the palette
  std::optional<document::LabelKind> kind;
  std::optional<std::vector<document::LabelAttribute>> attributes;
  std::optional<document::SkeletonTemplate> skeleton;
};
BOOST_DESCRIBE_STRUCT(LabelInput, (), (id, name, color, kind, attributes, skeleton))
constexpr auto field_rules(const LabelInput*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 200}};
}

struct CreateProject {
  std::string name;
  ProjectType type = ProjectType::detection;
  std::optional<std::vector<LabelInput>> labels;
};
BOOST_DESCRIBE_STRUCT(CreateProject, (), (name, type, labels))
constexpr auto field_rules(const CreateProject*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 200},
                    json::Field{.name = "labels", .max_items = kLabelsMax}};
}

// Absent members stay; `labels`, when there, is the whole new list.
struct PatchProject {
  std::optional<std::string> name;
  std::optional<ProjectType> type;
  std::optional<std::vector<LabelInput>> labels;
};
BOOST_DESCRIBE_STRUCT(PatchProject, (), (name, type, labels))
constexpr auto field_rules(const PatchProject*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 200},
                    json::Field{.name = "labels", .max_items = kLabelsMax}};
}

struct Counts {
  std::int64_t assets = 0;
  std::int64_t annotations = 0;
  std::int64_t suggestions_pending = 0;
};
BOOST_DESCRIBE_STRUCT(Counts, (), (assets, annotations, suggestions_pending))

struct Project {
  ProjectId id;
  std::string name;
  ProjectType type = ProjectType::detection;
  std::vector<document::Label> labels;
  Counts counts;
  UserId created_by;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t revision = 1;  // the ETag
};
BOOST_DESCRIBE_STRUCT(Project, (),
                      (id, name, type, labels, counts, created_by, created_at, updated_at,
                       revision))

}  // namespace aa::projects
