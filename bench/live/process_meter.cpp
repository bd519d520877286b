#include "bench/live/process_meter.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace aa::live {
namespace {

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  if (out.str().empty()) throw std::runtime_error("cannot read " + file);
  return out.str();
}

constexpr int kFieldsBeforeUserTime = 11;  // after the name in parentheses, see proc(5)

}  // namespace

ProcessMeter::ProcessMeter(int pid) : folder_("/proc/" + std::to_string(pid)) { look(); }

double ProcessMeter::cpu_seconds() const {
  const std::string text = text_of(folder_ + "/stat");
  std::istringstream in(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < kFieldsBeforeUserTime; ++i) in >> skipped;
  double user = 0;
  double system = 0;
  in >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double ProcessMeter::rss_mib() const {
  const std::string text = text_of(folder_ + "/status");
  const auto at = text.find("VmRSS:");
  return at == std::string::npos ? 0 : std::stod(text.substr(at + 6)) / 1024;
}

void ProcessMeter::look() { most_mib_ = std::max(most_mib_, rss_mib()); }

}  // namespace aa::live
