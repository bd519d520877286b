#include "service/annotation/append_steps.hpp"

namespace aa::annotation {
namespace {

void open_object(std::string& list, const std::string& id) {
  if (list.size() > 1) list += ',';
  list += R"({"id":")" + id + '"';
}

void add_text(std::string& out, std::string_view name, std::string_view text) {
  out += ",\"";
  out += name;
  out += "\":";
  json::append_string(out, text);
}

void add_number(std::string& out, std::string_view name, std::int64_t number) {
  out += ",\"";
  out += name;
  out += "\":";
  json::append_integer(out, number);
}

}  // namespace

void append_row(std::string& list, const LogRow& row, const document::Operation& operation) {
  open_object(list, row.id.str());
  add_number(list, "revision", row.revision);
  add_text(list, "target", document::target_of(operation.change).str());
  add_text(list, "body", row.body);
  add_text(list, "source", boost::describe::enum_to_string(row.source, ""));
  add_text(list, "actor_id", row.actor_id.str());
  add_number(list, "created_at", row.created_at.micros);
  add_text(list, "hash", row.hash);
  if (operation.step) add_text(list, "step", operation.step->str());
  if (operation.undoes) add_text(list, "undoes", operation.undoes->str());
  if (row.run) add_text(list, "run", row.run->str());
  list += '}';
}

void append_row(std::string& list, const document::Annotation& annotation) {
  open_object(list, annotation.id.str());
  add_text(list, "label_id", annotation.label_id.str());
  add_text(list, "type", document::to_string(document::shape_type(annotation.shape)));
  add_text(list, "source", boost::describe::enum_to_string(annotation.source, ""));
  if (annotation.score) {
    list += R"(,"score":)";
    json::append_number(list, *annotation.score);
  }
  add_text(list, "body", json::write(annotation));
  add_text(list, "created_by", annotation.created_by.value_or(UserId{}).str());
  add_number(list, "revision", annotation.revision);
  list += '}';
}

}  // namespace aa::annotation
