// An organisation with one project and one asset, and the words of tests about its operation log.
//
// Thread rule: the test's own thread.
#pragma once

#include "service/annotation/live_log.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::fixture {

class LogTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    tenant_.emplace(register_person());
    project_ = run(world_->projects.create(*tenant_, labels_with_moods()));
    asset_ = upload_png(*tenant_, project_.id);
    label_ = project_.labels[0].id;
  }

  static projects::CreateProject labels_with_moods() {
    document::LabelAttribute mood;
    mood.name = "mood";
    projects::LabelInput label;
    label.attributes = std::vector{mood};
    projects::CreateProject out{"Pets", projects::ProjectType::detection,
                                std::vector<projects::LabelInput>{}};
    for (const auto* name : {"cat", "dog"}) {
      label.name = name;
      out.labels->push_back(label);
    }
    return out;
  }
  document::Operation operation(document::Change change) {
    return {fresh<OperationId>(), std::move(change)};
  }
  document::Operation box(double x = 4, double y = 5) { return box_operation(label_, x, y); }
  document::Operation set(AnnotationId id, std::string field, json::Value value,
                          std::optional<json::Value> prev = {}) {
    return operation(document::SetField{id, std::move(field), std::move(value), std::move(prev)});
  }
  static AnnotationId target(const document::Operation& operation) {
    return document::target_of(operation.change);
  }
  annotation::Outcome write(std::int64_t base, std::vector<document::Operation> operations) {
    return apply(*tenant_, asset_.id, base, std::move(operations));
  }
  std::int64_t head() { return run(world_->assets.get(*tenant_, asset_.id)).revision; }
  std::optional<std::int64_t> first_bad() {
    return run(world_->annotations.verify_log(tenant_->organization(), asset_.id));
  }
  document::Snapshot snapshot() {
    const auto text = run(world_->annotations.snapshot(*tenant_, asset_.id));
    return json::read<document::Snapshot>(json::parse(text));
  }
  // The log, read behind the service's back and folded by the kernel.
  document::Document folded_log() {
    document::Document out;
    const auto rows = bare("select body from operations where asset_id = $1 order by revision",
                           db::args(asset_.id));
    for (const auto& row : rows) {
      const auto result = out.apply(document::read_operation(row.get<std::string>("body")));
      EXPECT_TRUE(result.ok) << result.code;
    }
    return out;
  }
  // The fold of the log, the table and the head say the same, byte for byte.
  void expect_sound() {
    const auto stored = json::write(snapshot());
    EXPECT_EQ(json::write(folded_log().snapshot()), stored);
    EXPECT_EQ(first_bad(), std::nullopt);
    EXPECT_EQ(head(), snapshot().revision);
    EXPECT_EQ(run(world_->assets.get(*tenant_, asset_.id)).annotation_count,
              static_cast<std::int64_t>(snapshot().items.size()));
  }

  std::optional<tenancy::Tenant> tenant_;
  projects::Project project_;
  assets::Asset asset_;
  LabelId label_;
};

// Someone who may write; ids are all that the log asks for.
inline annotation::Submission submission(const tenancy::Tenant& tenant, std::int64_t base,
                                         std::vector<document::Operation> operations) {
  annotation::Author author{tenant.actor(), tenant.user(), document::Source::manual};
  return {std::move(author), base, std::move(operations)};
}

}  // namespace aa::fixture
