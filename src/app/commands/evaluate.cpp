#include <cstdio>

#include "app/arguments.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/commands/problem_report.hpp"
#include "service/dataset/evaluation.hpp"

namespace aa::app {
namespace {

using metrics::DetectionScores;

void print(const char* title, const DetectionScores& scores) {
  struct Row {
    const char* name;
    double value;
  };
  const Row rows[] = {{"AP  IoU=0.50:0.95  all     100", scores.ap},
                      {"AP  IoU=0.50       all     100", scores.ap50},
                      {"AP  IoU=0.75       all     100", scores.ap75},
                      {"AP  IoU=0.50:0.95  small   100", scores.ap_small},
                      {"AP  IoU=0.50:0.95  medium  100", scores.ap_medium},
                      {"AP  IoU=0.50:0.95  large   100", scores.ap_large},
                      {"AR  IoU=0.50:0.95  all       1", scores.ar1},
                      {"AR  IoU=0.50:0.95  all      10", scores.ar10},
                      {"AR  IoU=0.50:0.95  all     100", scores.ar100},
                      {"AR  IoU=0.50:0.95  small   100", scores.ar_small},
                      {"AR  IoU=0.50:0.95  medium  100", scores.ar_medium},
                      {"AR  IoU=0.50:0.95  large   100", scores.ar_large}};
  std::printf("%s                         area  best   value\n", title);
  for (const auto& [name, value] : rows) std::printf("%s  %6.3f\n", name, value);
}

}  // namespace

int evaluate(std::span<const std::string> words) {
  const Arguments arguments(words, {{"format"}, {"truth"}, {"predictions"}, {"json", false}});
  arguments.no_words();
  load_config(arguments.settings());
  if (arguments.needed("format") != "coco") {
    throw invalid("bad_argument", "--format must be coco.");
  }
  formats::Problems problems;
  const auto input = dataset::read_evaluation(arguments.needed("truth"),
                                              arguments.needed("predictions"), problems);
  const auto result = dataset::evaluate(input, problems);
  const int code = report_problems(problems);
  if (arguments.has("json")) {
    std::printf("%s\n", json::write(result).c_str());
    return code;
  }
  std::printf("%zu images, %zu objects, %zu predictions\n", result.images, result.objects,
              result.predictions);
  if (result.bbox) print("bbox", *result.bbox);
  if (result.segm) print("segm", *result.segm);
  return code;
}

}  // namespace aa::app
