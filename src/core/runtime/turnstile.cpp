#include "core/runtime/turnstile.hpp"

#include "base/error.hpp"

namespace aa::runtime {

Turnstile::Turnstile(unsigned threads, std::size_t line)
    : threads_(threads), places_(threads + line) {}

Turnstile::Place::Place(Turnstile& turnstile) : taken_(turnstile.taken_) {
  if (taken_.fetch_add(1) < turnstile.places_) return;
  taken_.fetch_sub(1);
  throw unavailable("too_busy",
                    "The server has too much of this to do at the moment. Try again shortly.")
      .with_retry_after(std::chrono::seconds(2));
}

}  // namespace aa::runtime
