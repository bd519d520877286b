// Counters, gauges and histograms in Prometheus' text format, over prometheus-cpp.
//
// Label sets must be bounded: route patterns, not paths; statement names, not SQL.
// Thread rule: any thread. References returned stay valid as long as the Metrics object.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Registry;
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace aa::observe {

using Labels = std::map<std::string, std::string>;

class Metrics {
 public:
  Metrics();
  ~Metrics();

  void add(const std::string& name, const std::string& help, const Labels& labels,
           double amount = 1);  // a counter
  void set(const std::string& name, const std::string& help, const Labels& labels, double value);
  void observe_seconds(const std::string& name, const std::string& help, const Labels& labels,
                       std::chrono::nanoseconds duration);  // a histogram, 1 ms to 30 s

  std::string text() const;  // the exposition format, version 0.0.4

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace aa::observe
