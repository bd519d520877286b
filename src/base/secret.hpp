// A value that cannot be logged or printed by accident: it has no formatter and no stream
// operator, and its memory is cleared when it dies.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace aa {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret() {
    volatile char* at = value_.data();
    for (std::size_t i = 0; i < value_.size(); ++i) at[i] = 0;
  }

  // The one place where the value leaves; grep for it in review.
  std::string_view reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

}  // namespace aa
