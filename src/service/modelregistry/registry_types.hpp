// What requests about models say.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "driver/blob/store.hpp"
#include "kernel/decode/metadata.hpp"

namespace aa::modelregistry {

// GET /models?task=&kind=&state=&licence=&q=: all that are given must hold.
struct ModelFilter {
  std::optional<std::string> task;
  std::optional<std::string> kind;
  std::optional<std::string> state;
  std::optional<std::string> licence;
  std::optional<std::string> text;  // in id, name, family, good_for or a label, any case
};

// POST /models/remote.
struct NewRemote {
  std::string name;
  std::string url;
  std::optional<std::string> id;    // else from the name
  std::optional<std::string> task;  // detection unless told
  std::optional<std::vector<std::string>> labels;
};
BOOST_DESCRIBE_STRUCT(NewRemote, (), (name, url, id, task, labels))
constexpr auto field_rules(const NewRemote*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 100},
                    json::Field{.name = "url", .min_length = 8, .max_length = 500},
                    json::Field{.name = "id", .min_length = 1, .max_length = 100},
                    json::Field{.name = "task", .max_length = 100},
                    json::Field{.name = "labels", .max_items = decode::kLabelsMax}};
}

// The text parts of POST /models.
struct ImportFields {
  std::optional<std::string> id;
  std::optional<std::string> name;
  std::optional<std::string> family;
  std::optional<std::string> licence;
};
BOOST_DESCRIBE_STRUCT(ImportFields, (), (id, name, family, licence))
constexpr auto field_rules(const ImportFields*) {
  return std::array{json::Field{.name = "id", .min_length = 1, .max_length = 100},
                    json::Field{.name = "name", .min_length = 1, .max_length = 200},
                    json::Field{.name = "family", .min_length = 1, .max_length = 100},
                    json::Field{.name = "licence", .min_length = 1, .max_length = 100}};
}

// A file of an import on its way: streamed to the blob store, its first bytes kept to see its kind.
struct ArrivingFile {
  std::string part;  // file, decoder or labels
  std::string filename;
  std::string blob;
  std::shared_ptr<blob::Writer> writer;
  std::string head;
};

// The same at rest, in the job's payload.
struct ImportFile {
  std::string part;
  std::string filename;
  std::string blob;
};
BOOST_DESCRIBE_STRUCT(ImportFile, (), (part, filename, blob))

struct ImportPayload {
  std::vector<ImportFile> files;
  ImportFields fields;
};
BOOST_DESCRIBE_STRUCT(ImportPayload, (), (files, fields))

}  // namespace aa::modelregistry
