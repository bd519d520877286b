// What clients send, read from untrusted text with limits on depth, counts and sizes; the size of
// the whole is the socket's limit.
//
// Thread rule: pure. Errors: malformed "malformed_json"; invalid_argument "invalid_message",
// "invalid_operation", with pointers.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/document/operation.hpp"

namespace aa::collab {

inline constexpr std::size_t kSelectionMax = 100;

struct Hello {
  std::string t;
  std::optional<std::int64_t> revision;
};
BOOST_DESCRIBE_STRUCT(Hello, (), (t, revision))
constexpr auto field_rules(const Hello*) {
  return std::array{json::Field{.name = "revision", .min = 0, .max = 9e15}};
}

struct Operations {
  std::string t;
  std::int64_t n = 0;
  std::int64_t base = 0;
  std::vector<document::Operation> operations;
};
BOOST_DESCRIBE_STRUCT(Operations, (), (t, n, base, operations))
constexpr auto field_rules(const Operations*) {
  return std::array{
      json::Field{.name = "n", .min = 0, .max = 9e15},
      json::Field{.name = "base", .min = 0, .max = 9e15},
      json::Field{.name = "operations", .min_items = 1, .max_items = limits::kOperationsPerBatch}};
}

struct Presence {
  std::string t;
  std::optional<std::array<double, 2>> cursor;
  std::vector<AnnotationId> selection;
  std::optional<std::string> tool;
  std::optional<std::array<double, 3>> view;
  std::optional<std::int64_t> frame;
};
BOOST_DESCRIBE_STRUCT(Presence, (), (t, cursor, selection, tool, view, frame))
constexpr auto field_rules(const Presence*) {
  return std::array{json::Field{.name = "selection", .max_items = kSelectionMax, .optional = true},
                    json::Field{.name = "tool", .max_length = 40},
                    json::Field{.name = "frame", .min = 0, .max = 9e15}};
}

struct Lock {
  std::string t;
  AnnotationId target;
};
BOOST_DESCRIBE_STRUCT(Lock, (), (t, target))

struct Unlock {
  std::string t;
  AnnotationId target;
};
BOOST_DESCRIBE_STRUCT(Unlock, (), (t, target))

struct Ping {
  std::string t;
  double k = 0;
};
BOOST_DESCRIBE_STRUCT(Ping, (), (t, k))

using ClientMessage = std::variant<Hello, Operations, Presence, Lock, Unlock, Ping>;

ClientMessage read_message(std::string_view text);
// Of a message that could not be read: the number of its batch, when there is one.
std::optional<std::int64_t> batch_number(std::string_view text);

}  // namespace aa::collab
