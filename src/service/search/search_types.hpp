// Requests and answers of search by content.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "service/assets/asset_types.hpp"

namespace aa::search {

enum class BasisKind { clip, image_features };
BOOST_DESCRIBE_ENUM(BasisKind, clip, image_features)

// What a similarity was computed from, for people to judge it by.
struct Basis {
  std::string model;
  BasisKind kind = BasisKind::image_features;
  std::string note;
};
BOOST_DESCRIBE_STRUCT(Basis, (), (model, kind, note))

enum class SubjectKind { image, object };
BOOST_DESCRIBE_ENUM(SubjectKind, image, object)

// POST /projects/{id}/embeddings.
struct EmbedRequest {
  std::optional<std::string> model;
};
BOOST_DESCRIBE_STRUCT(EmbedRequest, (), (model))
constexpr auto field_rules(const EmbedRequest*) {
  return std::array{json::Field{.name = "model", .max_length = 100}};
}

struct EmbeddingStatus {
  std::int64_t indexed = 0;  // images whose features are there
  std::int64_t total = 0;
  std::string model;
  Basis basis;
  bool text = false;  // can be searched by words
};
BOOST_DESCRIBE_STRUCT(EmbeddingStatus, (), (indexed, total, model, basis, text))

// Exactly one of the three is given.
struct Query {
  std::optional<std::string> text;
  std::optional<AssetId> asset_id;
  std::optional<AnnotationId> annotation_id;
  int limit = 50;
};

struct FoundImage {
  assets::Asset asset;
  double score = 0;  // cosine
  std::optional<AnnotationId> annotation_id;
};
BOOST_DESCRIBE_STRUCT(FoundImage, (), (asset, score, annotation_id))

struct SearchResult {
  std::vector<FoundImage> items;
  Basis basis;
};
BOOST_DESCRIBE_STRUCT(SearchResult, (), (items, basis))

struct DuplicateGroup {
  std::vector<assets::Asset> assets;  // by rank
  double similarity = 0;              // the least of those that hold the group together
};
BOOST_DESCRIBE_STRUCT(DuplicateGroup, (), (assets, similarity))

struct Duplicates {
  std::vector<DuplicateGroup> groups;  // largest first
  Basis basis;
  double min_similarity = 0;
  std::int64_t waiting = 0;  // images not compared yet: ask again
};
BOOST_DESCRIBE_STRUCT(Duplicates, (), (groups, basis, min_similarity, waiting))

}  // namespace aa::search
