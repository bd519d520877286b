#include "service/audit/export_text.hpp"

#include <fmt/format.h>

namespace aa::audit {
namespace {

void add_cell(std::string& line, std::string_view text) {
  if (!line.empty()) line += ',';
  line += '"';
  if (!text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos) {
    line += '\'';
  }
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      line += fmt::format("\\u{:04x}", byte);
    } else {
      if (c == '"') line += '"';
      line += c;
    }
  }
  line += '"';
}

}  // namespace

std::string json_line(const std::string& organization, const ExportRow& row) {
  std::string out = R"({"hash":")" + row.hash + R"(","entry":)" + entry_text(organization, row);
  out += R"(,"ip":)";
  json::append(out, row.ip);
  out += R"(,"user_agent":)";
  json::append(out, row.user_agent);
  return out += "}\n";
}

std::string csv_header() {
  return "sequence,at,actor_id,action,object_type,object_id,outcome,request_id,ip,user_agent,"
         "detail,hash\r\n";
}

std::string csv_line(const ExportRow& row) {
  std::string out = std::to_string(row.sequence);
  add_cell(out, row.at.str());
  add_cell(out, row.actor_id.value_or(""));
  add_cell(out, row.action);
  add_cell(out, row.object_type);
  add_cell(out, row.object_id);
  add_cell(out, row.outcome);
  add_cell(out, row.request_id);
  add_cell(out, row.ip.value_or(""));
  add_cell(out, row.user_agent.value_or(""));
  add_cell(out, row.detail);
  add_cell(out, row.hash);
  return out += "\r\n";
}

}  // namespace aa::audit
