// What one socket may send: operations, messages with operations, other messages, bytes; and how
// often it may be wrong.
//
// A person with a brush makes a few strokes a second, a paste makes one large batch: neither comes
// near these. Thread rule: one owner.
#pragma once

#include "service/collab/token_bucket.hpp"

namespace aa::collab {

struct Rates {
  Rate batches{60, 200};
  Rate operations{60, 1'200};
  Rate others{50, 200};  // presence, locks, pings
  Rate bytes{1 << 20, 8 << 20};
  Rate refusals{1, 100};  // of what was too fast
  Rate mistakes{0.1, 5};  // messages that cannot be read
};

class Allowance {
 public:
  using Time = TokenBucket::Time;

  Allowance(const Rates& rates, Time now)
      : batches_(rates.batches, now),
        operations_(rates.operations, now),
        others_(rates.others, now),
        bytes_(rates.bytes, now),
        refusals_(rates.refusals, now),
        mistakes_(rates.mistakes, now) {}

  bool bytes(std::size_t count, Time now) { return bytes_.take(static_cast<double>(count), now); }
  bool other(Time now) { return others_.take(1, now); }
  bool mistake(Time now) { return mistakes_.take(1, now); }
  bool refusal(Time now) { return refusals_.take(1, now); }
  // How long to wait before the batch may come; zero when it may now.
  std::chrono::milliseconds batch(std::size_t operations, Time now) {
    const auto count = static_cast<double>(operations);
    if (!operations_.take(count, now)) return operations_.wait(count);
    if (!batches_.take(1, now)) return batches_.wait(1);
    return std::chrono::milliseconds(0);
  }

 private:
  TokenBucket batches_;
  TokenBucket operations_;
  TokenBucket others_;
  TokenBucket bytes_;
  TokenBucket refusals_;
  TokenBucket mistakes_;
};

}  // namespace aa::collab
