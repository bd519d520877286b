// What a server counts, drains and cuts: a connection that speaks HTTP, or what became of it.
// Thread rule: any thread.
#pragma once

namespace aa::http {

class Served {
 public:
  virtual ~Served() = default;
  virtual void begin_drain() = 0;  // ends soon and properly
  virtual void cut() = 0;          // ends now
};

}  // namespace aa::http
