#include "service/prelabel/prelabel_types.hpp"

namespace aa::prelabel {

std::string detector_of(const Suggestion& suggestion) {
  return suggestion.model_version.substr(0, suggestion.model_version.find('+'));
}

}  // namespace aa::prelabel

namespace aa::json {

void Codec<prelabel::Suggestion>::write(std::string& out, const prelabel::Suggestion& value) {
  out += R"({"id":)";
  append(out, value.id);
  out += R"(,"asset_id":)";
  append(out, value.asset_id);
  out += R"(,"shape":)";
  append(out, value.shape);
  out += R"(,"label_id":)";
  append(out, value.label_id);
  out += R"(,"class":)";
  append(out, value.class_name);
  out += R"(,"score":)";
  append(out, value.score);
  out += R"(,"model_version":)";
  append(out, value.model_version);
  out += R"(,"attributes":)";
  append(out, value.attributes);
  out += R"(,"state":)";
  append(out, value.state);
  out += R"(,"annotation_id":)";
  append(out, value.annotation_id);
  out += R"(,"created_at":)";
  append(out, value.created_at);
  out += R"(,"confidence":)";
  append(out, value.confidence);
  out += R"(,"reasons":)";
  append(out, value.reasons);
  out += '}';
}

Value Codec<prelabel::Suggestion>::schema(Schemas& schemas, const Field&) {
  Value reference = {{"$ref", "#/components/schemas/Suggestion"}};
  if (schemas.named.contains("Suggestion")) return reference;
  schemas.named["Suggestion"] = {
      {"type", "object"},
      {"properties",
       {{"id", json::schema<SuggestionId>(schemas)},
        {"asset_id", json::schema<AssetId>(schemas)},
        {"shape", json::schema<document::Shape>(schemas)},
        {"label_id", {{"type", {"string", "null"}}}},
        {"class", {{"type", "string"}}},
        {"score", {{"type", "number"}}},
        {"model_version", {{"type", "string"}}},
        {"attributes", {{"type", "object"}}},
        {"state", json::schema<prelabel::SuggestionState>(schemas)},
        {"annotation_id", {{"type", {"string", "null"}}}},
        {"created_at", {{"type", "string"}, {"format", "date-time"}}},
        {"confidence", {{"type", {"number", "null"}}}},
        {"reasons", {{"type", "array"}, {"items", {{"type", "string"}}}}}}},
      {"required",
       {"id", "asset_id", "shape", "class", "score", "model_version", "state", "created_at",
        "reasons"}}};
  return reference;
}

void Codec<prelabel::CalibrationRow>::write(std::string& out,
                                            const prelabel::CalibrationRow& value) {
  out += R"({"class":)";
  append(out, value.class_name);
  out += R"(,"model":)";
  append(out, value.model);
  out += R"(,"decided":)";
  append(out, value.decided);
  out += R"(,"ece_before":)";
  append(out, value.ece_before);
  out += R"(,"ece_after":)";
  append(out, value.ece_after);
  out += '}';
}

Value Codec<prelabel::CalibrationRow>::schema(Schemas& schemas, const Field&) {
  Value reference = {{"$ref", "#/components/schemas/CalibrationRow"}};
  if (schemas.named.contains("CalibrationRow")) return reference;
  schemas.named["CalibrationRow"] = {{"type", "object"},
                                     {"properties",
                                      {{"class", {{"type", "string"}}},
                                       {"model", {{"type", "string"}}},
                                       {"decided", {{"type", "integer"}}},
                                       {"ece_before", {{"type", "number"}}},
                                       {"ece_after", {{"type", "number"}}}}},
                                     {"required", {"class", "model", "decided"}}};
  return reference;
}

}  // namespace aa::json
