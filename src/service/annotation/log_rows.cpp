#include "service/annotation/log_rows.hpp"

#include "base/hash.hpp"

namespace aa::annotation {

std::string chain(const std::string& previous, AssetId asset, const LogRow& row) {
  std::string text = previous + asset.str() + std::to_string(row.revision) + row.id.str();
  text += row.actor_id.str() + std::to_string(row.created_at.micros) + row.body;
  if (row.run) text += row.run->str();
  return to_hex(sha256(text));
}

std::string stored_json(const StoredOperation& stored, const std::string& body) {
  std::string out;
  out.reserve(body.size() + 200);
  out.append(body, 0, body.size() - 1);  // without the bracket that closes it
  out += R"(,"revision":)";
  json::append_integer(out, stored.revision);
  out += R"(,"created_by":")" + stored.author.str();
  out += R"(","created_at":")" + stored.at.str();
  out += R"(","source":")";
  out += boost::describe::enum_to_string(stored.source, "");
  if (stored.run) out += R"(","run":")" + stored.run->str();
  return out + "\"}";
}

std::string StoredOperation::json() const {
  if (!text.empty()) return text;
  return stored_json(*this, document::write_operation(operation));
}

StoredOperation stored_of(const LogRow& row) {
  StoredOperation out;
  out.revision = row.revision;
  out.operation = document::read_operation(row.body);
  out.author = row.actor_id;
  out.source = row.source;
  out.at = row.created_at;
  out.run = row.run;
  out.text = stored_json(out, row.body);
  return out;
}

std::vector<StoredOperation> stored_of(const db::Rows& rows) {
  std::vector<StoredOperation> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(stored_of(row.as<LogRow>()));
  return out;
}

document::Annotation parse_annotation(const std::string& body) {
  return json::read<document::Annotation>(json::parse(body));
}

}  // namespace aa::annotation
