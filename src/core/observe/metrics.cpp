#include "core/observe/metrics.hpp"

#include <mutex>
#include <shared_mutex>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace aa::observe {

struct Metrics::Families {
  prometheus::Registry registry;
  std::mutex mutex;
  std::map<std::string, prometheus::Family<prometheus::Counter>*> counters;
  std::map<std::string, prometheus::Family<prometheus::Gauge>*> gauges;
  std::map<std::string, prometheus::Family<prometheus::Histogram>*> histograms;
};

namespace {

const prometheus::Histogram::BucketBoundaries kSeconds = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

}  // namespace

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::add(const std::string& name, const std::string& help, const Labels& labels,
                  double amount) {
  const std::lock_guard lock(families_->mutex);
  auto& family = families_->counters[name];
  if (family == nullptr) {
    family = &prometheus::BuildCounter().Name(name).Help(help).Register(families_->registry);
  }
  family->Add(labels).Increment(amount);
}

void Metrics::set(const std::string& name, const std::string& help, const Labels& labels,
                  double value) {
  const std::lock_guard lock(families_->mutex);
  auto& family = families_->gauges[name];
  if (family == nullptr) {
    family = &prometheus::BuildGauge().Name(name).Help(help).Register(families_->registry);
  }
  family->Add(labels).Set(value);
}

void Metrics::observe_seconds(const std::string& name, const std::string& help,
                              const Labels& labels, std::chrono::nanoseconds duration) {
  const std::lock_guard lock(families_->mutex);
  auto& family = families_->histograms[name];
  if (family == nullptr) {
    family = &prometheus::BuildHistogram().Name(name).Help(help).Register(families_->registry);
  }
  family->Add(labels, kSeconds).Observe(std::chrono::duration<double>(duration).count());
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace aa::observe
