// Described structs inside objects that carry other members too: {"type": "box", members of Box}.
//
// Thread rule: pure functions. Errors: problems at the reader.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.hpp"

namespace aa::json {

// Reads the members of T; members named in `tags` belong to the surrounding object.
template <class T>
void read_tagged(Reader& reader, const Object& object, std::initializer_list<std::string_view> tags,
                 T& out) {
  for (const auto& member : object) {
    const boost::json::string_view key = member.key();
    bool known = std::find(tags.begin(), tags.end(), std::string_view(key)) != tags.end();
    boost::mp11::mp_for_each<Members<T>>([&](auto d) { known |= key == d.name; });
    if (known) continue;
    reader.enter(std::string_view(key));
    reader.problem("is not a known member");
    reader.leave();
  }
  boost::mp11::mp_for_each<Members<T>>([&](auto d) {
    const Field rule = rule_of<T>(d.name);
    using Member = std::remove_cvref_t<decltype(out.*d.pointer)>;
    const Value* member = object.if_contains(d.name);
    reader.enter(std::string_view(d.name));
    if (member != nullptr)
      read_into(reader, *member, rule, out.*d.pointer);
    else if (!IsOptional<Member>::value && !rule.optional)
      reader.problem("is required");
    reader.leave();
  });
}

// Appends the members of `value` to an object that is open and has a member already.
template <class T>
void append_tagged(std::string& out, const T& value) {
  const std::size_t start = out.size();
  append(out, value);
  const bool empty = out.size() == start + 2;
  if (empty) {
    out.resize(start);
  } else {
    out[start] = ',';
    out.pop_back();
  }
}

// The schema of T with a constant member `tag` added.
template <class T>
Value tagged_schema(Schemas& schemas, std::string_view tag, std::string_view name) {
  const Value reference = Codec<T>::schema(schemas, kNoRule);
  Object& schema = schemas.named[type_name<T>()].as_object();
  schema["properties"].as_object()[tag] = Object{{"const", name}};
  Array& required = schema["required"].as_array();
  if (std::find(required.begin(), required.end(), Value(tag)) == required.end()) {
    required.emplace_back(tag);
  }
  return reference;
}

}  // namespace aa::json
