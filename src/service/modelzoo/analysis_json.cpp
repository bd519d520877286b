#include "service/modelzoo/analysis_json.hpp"

namespace aa::modelzoo {
namespace {

void append_finding(std::string& out, const decode::Finding& finding) {
  out += R"({"shape":)";
  json::append(out, finding.shape);
  out += R"(,"class":)";
  json::append(out, finding.class_name);
  if (finding.class_index >= 0) out += R"(,"class_id":)" + std::to_string(finding.class_index);
  out += R"(,"score":)";
  json::append(out, static_cast<double>(finding.score));
  out += R"(,"attributes":)";
  json::append(out, attributes_object(finding.attributes));
  if (!finding.embedding.empty()) {
    out += R"(,"embedding":)";
    json::append(out, std::vector<double>(finding.embedding.begin(), finding.embedding.end()));
  }
  out += '}';
}

}  // namespace

json::Object attributes_object(const decode::Attributes& attributes) {
  json::Object out;
  for (const auto& [name, value] : attributes) {
    if (const auto* number = std::get_if<double>(&value)) {
      out[name] = *number;
    } else {
      out[name] = std::get<std::string>(value);
    }
  }
  return out;
}

void append_findings(std::string& out, const decode::Reading& reading) {
  out += '[';
  for (std::size_t i = 0; i < reading.findings.size(); ++i) {
    if (i > 0) out += ',';
    append_finding(out, reading.findings[i]);
  }
  out += ']';
}

}  // namespace aa::modelzoo
