// What the order and the calibration are worth, on views of real photos with real detectors:
// CenterNet's finds stand for labels, a quarter of the images get one wrong label by a seed, and
// YOLOX-Nano, which knows nothing of either, proposes.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>

#include "kernel/learning/calibration.hpp"
#include "kernel/learning/discovery.hpp"
#include "service/ranking/ranking.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::ranking {
namespace {

using document::Box;

constexpr double kTruthScore = 0.35;
constexpr double kWrongShare = 0.25;
constexpr double kSameObject = 0.5;

const std::vector<std::string> kPhotos = {"photos/coco_000000000139.jpg",
                                          "photos/coco_000000000285.jpg",
                                          "photos/coco_000000000724.jpg",
                                          "photos/coco_000000000776.jpg",
                                          "photos/coco_000000000785.jpg",
                                          "photos/coco_000000000872.jpg",
                                          "photos/coco_000000000885.jpg",
                                          "photos/coco_000000001000.jpg",
                                          "photos/dog.jpg",
                                          "photos/truck.jpg",
                                          "photos/groceries.jpg",
                                          "pointcloud/kitti/000008.png"};

// Cameras of a car, besides.
std::vector<std::string> all_photos() {
  auto out = kPhotos;
  const std::filesystem::path data = std::getenv("ANNOTATEAI_TEST_DATA");
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(data / "pointcloud/nuscenes", none)) {
    if (entry.path().extension() == ".jpg") {
      out.push_back("pointcloud/nuscenes/" + entry.path().filename().string());
    }
  }
  std::ranges::sort(out);
  return out;
}

struct TrueObject {
  std::string name;
  geometry::Rect box;
};
struct View {
  std::size_t photo = 0;
  assets::Asset asset;
  std::vector<TrueObject> truth;
};

// The whole photo, its four overlapping corners and its middle, each at most 640 pixels wide.
std::vector<raster::Image> views_of(const raster::Image& photo) {
  std::vector<raster::Image> out;
  const auto part = [&](double x, double y, double size) {
    const int width = static_cast<int>(photo.width() * size);
    const int height = static_cast<int>(photo.height() * size);
    const auto view = photo.view().crop(static_cast<int>(photo.width() * x),
                                        static_cast<int>(photo.height() * y), width, height);
    const double scale = std::min(1.0, 640.0 / width);
    out.push_back(
        fixture::shrunk(view, static_cast<int>(width * scale), static_cast<int>(height * scale)));
  };
  part(0, 0, 1);
  for (const double x : {0.0, 0.4}) {
    for (const double y : {0.0, 0.4}) part(x, y, 0.6);
  }
  part(0.15, 0.15, 0.7);
  return out;
}

class WrongLabelsTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    if (!fixture::have_photos()) GTEST_SKIP() << "no photos: set ANNOTATEAI_TEST_DATA";
    ServiceTest::SetUp();
    for (const auto* id : {"centernet", "yolox-nano"}) {
      if (!world_->catalogue.installed(world_->catalogue.manifest(id))) {
        GTEST_SKIP() << "no weights of " << id << ": run annotateai models pull";
      }
    }
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_, world_->catalogue.card("yolox-nano").labels);
    for (const auto& label : project_.labels) schema_.labels.push_back(label);
    world_->queue.add_kind(world_->prelabel.job_kind());
    world_->queue.start();
    photos_ = all_photos();
    for (std::size_t i = 0; i < photos_.size(); ++i) add_views(i);
  }

  void add_views(std::size_t photo) {
    for (const auto& image : views_of(fixture::photo(photos_[photo]))) {
      View view;
      view.photo = photo;
      view.asset = upload_one(*tenant_, project_.id, std::to_string(views_.size()) + ".jpg",
                              fixture::jpeg_file(image.view()));
      auto pixels = run(world_->assets.pixels_for(tenant_->organization(), view.asset.id));
      const auto found = run(world_->vision.detect(
          std::move(pixels), {"centernet", kTruthScore, inference::Lane::bulk}));
      for (const auto& object : found.objects) {
        const auto* label = schema_.find_name(object.class_name);
        if (label != nullptr) view.truth.push_back({label->name, object.detection.box});
      }
      if (!view.truth.empty()) views_.push_back(std::move(view));
    }
  }

  void annotate(double min_score) {
    prelabel::Preannotate request;
    request.detector = "yolox-nano";
    request.min_score = min_score;
    const auto job = run(world_->prelabel.start(*tenant_, project_.id, std::move(request)));
    ASSERT_EQ(wait_for(*tenant_, job).state, jobs::State::succeeded);
  }

  // One label of the view is made wrong: another class, none at all, or beside its object.
  void spoil(View& view, std::mt19937& random) const {
    const auto at = random() % view.truth.size();
    auto& object = view.truth[at];
    // An image whose only label is dropped would stand among the unlabelled.
    const auto kind = random() % 3;
    switch (kind == 1 && view.truth.size() == 1 ? 0 : kind) {
      case 0: {
        const auto before = object.name;
        while (object.name == before) {
          object.name = schema_.labels[random() % schema_.labels.size()].name;
        }
        break;
      }
      case 1:
        view.truth.erase(view.truth.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      default: {
        const double shift = object.box.width() * 0.6;
        object.box.x0 += shift;
        object.box.x1 += shift;
      }
    }
  }

  void label(const View& view) {
    std::vector<document::Operation> operations;
    for (const auto& object : view.truth) {
      auto annotation = fixture::box_annotation(
          fresh<AnnotationId>(), schema_.find_name(object.name)->id, object.box.x0, object.box.y0,
          object.box.width(), object.box.height());
      operations.push_back(fixture::put_operation(fresh<OperationId>(), std::move(annotation)));
    }
    if (!operations.empty()) apply(*tenant_, view.asset.id, 0, std::move(operations));
  }

  std::optional<tenancy::Tenant> tenant_;
  projects::Project project_;
  document::LabelSchema schema_;
  std::vector<std::string> photos_;
  std::vector<View> views_;
};
// The engine makes no difference to figures; one is enough.
INSTANTIATE_TEST_SUITE_P(Engines, WrongLabelsTest, testing::Values(db::Engine::sqlite),
                         db::engine_name);

double share_to_look_at(const std::vector<bool>& order, double found) {
  const auto wanted = found * static_cast<double>(std::ranges::count(order, true));
  double seen = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    seen += order[i] ? 1 : 0;
    if (seen >= wanted) return static_cast<double>(i + 1) / static_cast<double>(order.size());
  }
  return 1;
}

TEST_P(WrongLabelsTest, the_order_finds_wrong_labels_faster_than_chance) {
  std::mt19937 random(20'261'126);
  std::set<AssetId> wrong;
  std::vector<std::size_t> places(views_.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  std::shuffle(places.begin(), places.end(), random);
  places.resize(static_cast<std::size_t>(static_cast<double>(views_.size()) * kWrongShare));
  for (const auto i : places) {
    spoil(views_[i], random);
    wrong.insert(views_[i].asset.id);
  }
  for (const auto& view : views_) label(view);
  annotate(0.3);
  for (const auto strategy : {Strategy::mixed, Strategy::disagreement}) {
    std::vector<bool> hits;
    std::set<AssetId> listed;
    for (const auto& item :
         run(world_->ranking.queue(*tenant_, project_.id, strategy, 200)).items) {
      if (item.asset.annotation_count == 0) continue;
      hits.push_back(wrong.contains(item.asset.id));
      listed.insert(item.asset.id);
    }
    for (const auto& view : views_) {  // no sign of anything wrong: last, as they come
      if (!listed.contains(view.asset.id)) hits.push_back(wrong.contains(view.asset.id));
    }
    ASSERT_EQ(hits.size(), views_.size());
    const double area = learning::discovery_area(hits);
    double chance = 0;
    auto shuffled = hits;
    for (int i = 0; i < 1000; ++i) {
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      chance += learning::discovery_area(shuffled) / 1000;
    }
    std::printf(
        "  %s: %zu images, %zu of them wrong; area under the curve of discovery %.3f, of "
        "random orders %.3f, of the best %.3f; 80 %% of them are found in the first %.0f %%\n",
        boost::describe::enum_to_string(strategy, ""), hits.size(), wrong.size(), area, chance,
        1 - static_cast<double>(wrong.size()) / 2 / static_cast<double>(hits.size()),
        100 * share_to_look_at(hits, 0.8));
    EXPECT_GT(area, chance + 0.12);
  }
}

TEST_P(WrongLabelsTest, calibration_makes_scores_tell_the_truth_on_photos_it_has_not_seen) {
  annotate(0.05);
  std::vector<learning::Decision> before;
  std::vector<learning::Decision> after;
  const auto is_right = [](const View& view, const prelabel::Suggestion& one) {
    return std::ranges::any_of(view.truth, [&](const TrueObject& object) {
      return object.name == one.class_name &&
             geometry::iou(object.box, *document::shape_bounds(one.shape)) >= kSameObject;
    });
  };
  for (const bool learning : {true, false}) {
    for (const auto& view : views_) {
      if ((view.photo % 2 == 0) != learning) continue;
      for (const auto& one : run(world_->prelabel.list(*tenant_, view.asset.id))) {
        const bool right = is_right(view, one);
        if (!learning) {
          ASSERT_TRUE(one.confidence);
          before.push_back({one.score, right});
          after.push_back({*one.confidence, right});
        } else if (one.state != prelabel::SuggestionState::pending) {
          continue;
        } else if (right) {
          run(world_->prelabel.accept(*tenant_, one.id, {}));
        } else {
          run(world_->prelabel.reject(*tenant_, one.id));
        }
      }
    }
  }
  const double ece_before = learning::expected_calibration_error(before);
  const double ece_after = learning::expected_calibration_error(after);
  std::printf(
      "  %zu proposals on photos not learnt from: expected calibration error %.3f, "
      "calibrated %.3f\n",
      before.size(), ece_before, ece_after);
  ASSERT_GT(before.size(), 100U);
  EXPECT_LT(ece_after, ece_before);
  const auto report = run(world_->prelabel.calibration(*tenant_, project_.id));
  ASSERT_FALSE(report.empty());
  std::printf("  learnt from %lld decisions: %.3f, out of sample %.3f\n",
              static_cast<long long>(report[0].decided), report[0].ece_before, report[0].ece_after);
  EXPECT_LT(report[0].ece_after, report[0].ece_before);
}

}  // namespace
}  // namespace aa::ranking
