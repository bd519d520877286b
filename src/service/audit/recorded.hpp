// A refusal whose entry of the trail was written by whoever throws it, since he knows whose chain
// it belongs to: nobody writes another one. Hand it on by std::exception_ptr; a copy as Error
// forgets it.
#pragma once

#include "base/error.hpp"

namespace aa::audit {

class Recorded final : public Error {
 public:
  explicit Recorded(Error error) : Error(std::move(error)) {}
};

}  // namespace aa::audit
