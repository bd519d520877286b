// Memory and processor time of a process, from /proc.
//
// Thread rule: one owner. Errors: std::runtime_error when the process is not there.
#pragma once

#include <string>

namespace aa::live {

class ProcessMeter {
 public:
  explicit ProcessMeter(int pid);
  double cpu_seconds() const;  // of all its threads since it began
  double rss_mib() const;
  void look();  // remembers the most memory seen
  double most_mib() const { return most_mib_; }

 private:
  std::string folder_;
  double most_mib_ = 0;
};

}  // namespace aa::live
