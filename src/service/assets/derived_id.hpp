// Ids that follow from what a thing is made of, so that making it again makes the same.
#pragma once

#include <string>

#include "base/hash.hpp"
#include "base/id.hpp"

namespace aa::assets {

// The time bits are those of `from`, the rest is a hash.
template <class IdType>
IdType derived_id(const Uuid& from, const std::string& what) {
  const auto digest = sha256(from.str() + what);
  IdType id;
  id.uuid = from;
  for (std::size_t i = 6; i < 16; ++i) id.uuid.bytes[i] = digest[i];
  id.uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | (digest[6] & 0x0f));
  id.uuid.bytes[8] = static_cast<std::uint8_t>(0x80 | (digest[8] & 0x3f));
  return id;
}

}  // namespace aa::assets
