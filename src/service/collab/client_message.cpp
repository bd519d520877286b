#include "service/collab/client_message.hpp"

namespace aa::collab {
namespace {

template <class T>
ClientMessage read_as(const json::Value& value) {
  return json::read<T>(value, "invalid_message");
}

struct Kind {
  std::string_view t;
  ClientMessage (*read)(const json::Value&);
};
constexpr Kind kKinds[] = {
    {"ops", read_as<Operations>}, {"presence", read_as<Presence>}, {"ping", read_as<Ping>},
    {"lock", read_as<Lock>},      {"unlock", read_as<Unlock>},     {"hello", read_as<Hello>},
};

}  // namespace

ClientMessage read_message(std::string_view text) {
  const auto value = json::parse(text);
  const auto* object = value.if_object();
  const auto* t = object != nullptr ? object->if_contains("t") : nullptr;
  const auto* name = t != nullptr ? t->if_string() : nullptr;
  if (name != nullptr) {
    for (const auto& kind : kKinds) {
      if (kind.t == *name) return kind.read(value);
    }
  }
  throw invalid("invalid_message", "A message is an object whose \"t\" names its kind.",
                {{"/t", "must be one of hello, ops, presence, lock, unlock, ping"}});
}

std::optional<std::int64_t> batch_number(std::string_view text) {
  try {
    const auto value = json::parse(text);
    const auto* object = value.if_object();
    const auto* number = object != nullptr ? object->if_contains("n") : nullptr;
    if (number != nullptr && number->is_int64()) return number->as_int64();
  } catch (const Error&) {
  }
  return std::nullopt;
}

}  // namespace aa::collab
