// A person as others see him: no address, no role. Thread rule: values.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/json.hpp"

namespace aa::identity {

struct Person {
  UserId id;
  std::string name;
  bool operator==(const Person&) const = default;
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, name))

}  // namespace aa::identity
