#include "kernel/document/document.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/document/random_document.hpp"

namespace aa::document {
namespace {

AnnotationId id_of(int n) {
  AnnotationId out;
  out.uuid.bytes[15] = static_cast<std::uint8_t>(n);
  return out;
}

Annotation triangle(int n) {
  Annotation out;
  out.id = id_of(n);
  out.shape = Polygon{{PolygonPart{{{0, 0}, {10, 0}, {0, 10}}, {}, {}, {}}}};
  assign_keys(out.shape);
  return out;
}

const PolygonPart& part_of(const Document& document, int n) {
  return std::get<Polygon>(document.find(id_of(n))->shape).parts.at(0);
}

TEST(Document, EachAcceptedOperationRaisesTheRevision) {
  Document document;
  EXPECT_TRUE(document.apply(Put{triangle(1)}).ok);
  EXPECT_TRUE(document.apply(Put{triangle(2)}).ok);
  EXPECT_EQ(document.revision(), 2);
  EXPECT_EQ(document.find(id_of(1))->revision, 1);
  const auto refused = document.apply(VertexDelete{id_of(1), "gone"});
  EXPECT_EQ(refused.code, "vertex_gone");
  EXPECT_EQ(document.revision(), 2);
  const auto result = document.apply(Reorder{id_of(1), "V"});
  EXPECT_EQ(result.touched, std::vector{id_of(1)});
  EXPECT_EQ(document.find(id_of(1))->revision, 3);
}

TEST(Document, DeletionWinsOverLaterChanges) {
  Document document;
  document.apply(Put{triangle(1)});
  document.apply(Delete{id_of(1)});
  EXPECT_EQ(document.apply(SetField{id_of(1), "group", "g", {}}).code, "target_gone");
  EXPECT_EQ(document.apply(VertexSet{id_of(1), "G", 1, 1}).code, "target_gone");
  EXPECT_EQ(document.apply(Delete{id_of(1)}).code, "target_gone");
  EXPECT_TRUE(document.items().empty());
  EXPECT_TRUE(document.apply(Put{triangle(1)}).ok) << "undoing a deletion is a put";
}

TEST(Document, LastWriteToAFieldWins) {
  Document document;
  document.apply(Put{triangle(1)});
  document.apply(SetField{id_of(1), "attributes.color", "red", {}});
  document.apply(SetField{id_of(1), "attributes.color", "blue", {}});
  document.apply(SetField{id_of(1), "attributes.size", 3, {}});
  EXPECT_EQ(document.find(id_of(1))->attributes, (json::Object{{"color", "blue"}, {"size", 3}}));
  document.apply(SetField{id_of(1), "attributes.color", nullptr, {}});
  EXPECT_EQ(document.find(id_of(1))->attributes, (json::Object{{"size", 3}}));
  EXPECT_EQ(document.apply(SetField{id_of(1), "score", 7, {}}).code, "invalid_value");
}

TEST(Document, ThreeVerticesStay) {
  Document document;
  document.apply(Put{triangle(1)});
  const Keys keys = part_of(document, 1).keys;
  EXPECT_EQ(document.apply(VertexDelete{id_of(1), keys[0]}).code, "too_few_vertices");
  const std::string key = key_between(keys[0], keys[1]);
  EXPECT_TRUE(document.apply(VertexInsert{id_of(1), 0, {}, keys[0], key, 5, -1}).ok);
  EXPECT_EQ(part_of(document, 1).points[1], (Point{5, -1}));
  EXPECT_TRUE(document.apply(VertexDelete{id_of(1), keys[0]}).ok);
  EXPECT_EQ(part_of(document, 1).keys, (Keys{key, keys[1], keys[2]}));
}

TEST(Document, VertexOperationsNameWhatIsWrong) {
  Document document;
  document.apply(Put{triangle(1)});
  Annotation box = triangle(2);
  box.shape = Box{0, 0, 1, 1};
  document.apply(Put{box});
  const std::string key = part_of(document, 1).keys[0];
  EXPECT_EQ(document.apply(VertexInsert{id_of(1), 0, {}, key, key, 0, 0}).code, "duplicate_key");
  EXPECT_EQ(document.apply(VertexInsert{id_of(1), 1, {}, key, "n", 0, 0}).code, "no_such_part");
  EXPECT_EQ(document.apply(VertexInsert{id_of(1), 0, 1, key, "n", 0, 0}).code, "no_such_part");
  EXPECT_EQ(document.apply(VertexInsert{id_of(2), 0, {}, key, "n", 0, 0}).code, "wrong_shape");
  EXPECT_EQ(document.apply(VertexSet{id_of(2), key, 0, 0}).code, "wrong_shape");
  EXPECT_EQ(document.apply(MaskPaint{id_of(2), PaintMode::add, {1, 1, {1}}}).code, "wrong_shape");
  EXPECT_EQ(document.apply(KeyframeDelete{id_of(2), 4}).code, "keyframe_gone");
}

TEST(Document, ConcurrentInsertionsGiveOneRingInEitherOrder) {
  Document first;
  first.apply(Put{triangle(1)});
  const Keys keys = part_of(first, 1).keys;
  const VertexInsert a{id_of(1), 0, {}, keys[0], key_between(keys[0], keys[1], "a"), 1, 1};
  const VertexInsert b{id_of(1), 0, {}, keys[0], key_between(keys[0], keys[1], "b"), 2, 2};
  const VertexInsert c{id_of(1), 0, {}, a.key, key_between(a.key, b.key), 3, 3};
  Document second = first;
  for (const auto& op : {a, b, c}) ASSERT_TRUE(first.apply(op).ok);
  for (const auto& op : {b, a, c}) ASSERT_TRUE(second.apply(op).ok);
  EXPECT_EQ(part_of(first, 1), part_of(second, 1));
  // Someone deletes the vertex that a third person inserts after.
  Document third = first;
  const VertexInsert d{id_of(1), 0, {}, a.key, key_between(a.key, c.key), 4, 4};
  ASSERT_TRUE(first.apply(d).ok);
  ASSERT_TRUE(first.apply(VertexDelete{id_of(1), a.key}).ok);
  ASSERT_TRUE(third.apply(VertexDelete{id_of(1), a.key}).ok);
  ASSERT_TRUE(third.apply(d).ok);
  EXPECT_EQ(part_of(first, 1), part_of(third, 1));
}

TEST(Document, ForeignKeysKeepThePlaceAfter) {
  Document document;
  Annotation odd = triangle(1);
  std::get<Polygon>(odd.shape).parts[0].keys = {"z", "a", "m"};
  document.apply(Put{odd});
  ASSERT_TRUE(document.apply(VertexInsert{id_of(1), 0, {}, "z", "b", 1, 1}).ok);
  EXPECT_EQ(part_of(document, 1).keys, (Keys{"z", "b", "a", "m"}));
  EXPECT_EQ(document.apply(VertexInsert{id_of(1), 0, {}, "q", "c", 1, 1}).code, "vertex_gone");
}

TEST(Document, PaintingUndoesOnlyItsOwnPixels) {
  Document document;
  Annotation mask = triangle(1);
  mask.shape = MaskShape{{1, 10, {0, 2, 8}}};
  document.apply(Put{mask});
  const MaskPaint stroke{id_of(1), PaintMode::add, {1, 10, {1, 3, 6}}};
  const auto undo = document.invert(stroke);
  document.apply(stroke);
  document.apply(MaskPaint{id_of(1), PaintMode::add, {1, 10, {8, 2}}});
  for (const auto& change : undo) EXPECT_TRUE(document.apply(change).ok);
  EXPECT_EQ(std::get<MaskShape>(document.find(id_of(1))->shape).rle.runs,
            (std::vector<std::uint32_t>{0, 2, 6, 2}));
  EXPECT_EQ(document.apply(MaskPaint{id_of(1), PaintMode::add, {2, 5, {10}}}).code,
            "size_mismatch");
}

TEST(Document, KeyframesStayInOrder) {
  Document document;
  document.apply(Put{triangle(1)});
  for (const int frame : {9, 2, 5, 2}) {
    ASSERT_TRUE(document.apply(KeyframePut{id_of(1), frame, Box{1.0 * frame, 0, 1, 1}, {}}).ok);
  }
  const auto& frames = *document.find(id_of(1))->keyframes;
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[1].frame, 5);
  for (const int frame : {2, 5, 9}) document.apply(KeyframeDelete{id_of(1), frame});
  EXPECT_FALSE(document.find(id_of(1))->keyframes.has_value());
}

TEST(Document, AnIdMayStandOnce) {
  EXPECT_THROW(Document(Snapshot{0, {triangle(1), triangle(1)}}), Error);
}

TEST(DocumentProperty, EveryOperationCanBeUndoneAndSurvivesItsText) {
  std::size_t accepted = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    RandomDocument random(seed);
    Document document;
    for (int step = 0; step < 80; ++step) {
      const Operation op = random.operation(document);
      ASSERT_EQ(read_operation(write_operation(op)), op) << "seed " << seed << " step " << step;
      const Document before = document;
      const auto undo = document.invert(op.change);
      const ApplyResult result = document.apply(op);
      ASSERT_EQ(result.ok, !undo.empty()) << "seed " << seed << " step " << step;
      if (!result.ok) {
        ASSERT_TRUE(document.same_content(before)) << "seed " << seed << " step " << step;
        continue;
      }
      ++accepted;
      Document undone = document;
      for (const Change& change : undo) ASSERT_TRUE(undone.apply(change).ok);
      ASSERT_TRUE(undone.same_content(before))
          << "seed " << seed << " step " << step << " " << write_operation(op);
    }
  }
  EXPECT_GT(accepted, 2500U);
}

TEST(DocumentProperty, AHistoryReplayedFromTextGivesTheSameDocument) {
  for (std::uint64_t seed = 100; seed <= 130; ++seed) {
    RandomDocument random(seed);
    Document document;
    std::vector<std::string> log;
    for (int step = 0; step < 60; ++step) {
      const Operation op = random.operation(document);
      if (document.apply(op).ok) log.push_back(write_operation(op));
    }
    Document replayed;
    for (const auto& text : log) ASSERT_TRUE(replayed.apply(read_operation(text)).ok);
    ASSERT_EQ(json::write(replayed.snapshot()), json::write(document.snapshot())) << seed;
    const Document loaded(json::read<Snapshot>(json::parse(json::write(document.snapshot()))));
    ASSERT_EQ(loaded.snapshot(), document.snapshot()) << "seed " << seed;
  }
}

TEST(DocumentProperty, VertexOperationsOnDistinctKeysCommute) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    RandomDocument random(seed);
    Annotation base = triangle(1);
    std::get<Polygon>(base.shape).parts[0] = {random.points(8, 8), {}, {}, {}};
    assign_keys(base.shape);
    const Keys keys = std::get<Polygon>(base.shape).parts[0].keys;
    std::vector<Change> changes;
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
      const std::string salt(1, static_cast<char>('a' + i));
      switch (random.below(3)) {
        case 0:
          changes.push_back(VertexSet{base.id, keys[i], random.number(), 1});
          break;
        case 1:
          if (i % 3 == 0) changes.push_back(VertexDelete{base.id, keys[i]});
          break;
        default:
          changes.push_back(
              VertexInsert{base.id, 0, {}, keys[i], key_between(keys[i], keys[i + 1], salt), 2, 2});
          changes.push_back(VertexInsert{
              base.id, 0, {}, keys[i], key_between(keys[i], keys[i + 1], salt + "b"), 3, 3});
      }
    }
    Document first(Snapshot{0, {base}});
    Document second = first;
    for (const auto& change : changes) ASSERT_TRUE(first.apply(change).ok) << "seed " << seed;
    for (std::size_t i = changes.size(); i > 1; --i) {
      std::swap(changes[i - 1], changes[random.below(i)]);
    }
    for (const auto& change : changes) ASSERT_TRUE(second.apply(change).ok) << "seed " << seed;
    ASSERT_TRUE(first.same_content(second)) << "seed " << seed;
  }
}

TEST(Document, TheSchemaNamesEveryOperationAndShape) {
  json::Schemas schemas;
  json::schema<Operation>(schemas);
  const auto choices = [&](const char* name) {
    return schemas.named.at(name).as_object().at("oneOf").as_array().size();
  };
  EXPECT_EQ(choices("Operation"), std::variant_size_v<Change>);
  EXPECT_EQ(choices("Shape"), std::variant_size_v<Shape>);
  for (const auto& [name, schema] : schemas.named) {
    EXPECT_TRUE(schema.is_object()) << name << " was begun and not written";
  }
}

}  // namespace
}  // namespace aa::document
