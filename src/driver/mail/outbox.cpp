#include <fmt/format.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/mail/mail_transport.hpp"

namespace aa::mail {
namespace {

constexpr std::size_t kIdBytes = 8;

class Outbox final : public Transport {
 public:
  Outbox(std::filesystem::path folder, std::string_view from, const Clock& clock)
      : folder_(std::move(folder)), sender_(parse_sender(from)), clock_(clock) {}

  void send(const Letter& letter) override {
    const auto now = clock_.now();
    const auto id = to_base64url(random_bytes(kIdBytes));
    const auto text = compose(letter, sender_, now, id);
    // What letters say is for their readers: links that open accounts.
    std::filesystem::create_directories(folder_);
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
    host::write_file(folder_ / fmt::format("{:020}-{}.eml", now.micros, id), text);
  }

 private:
  std::filesystem::path folder_;
  Sender sender_;
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<Transport> open_outbox(std::filesystem::path folder, std::string from,
                                       const Clock& clock) {
  return std::make_unique<Outbox>(std::move(folder), from, clock);
}

void MemoryTransport::send(const Letter& letter) {
  const std::lock_guard lock(mutex_);
  if (refusals_ > 0) {
    --refusals_;
    throw unavailable("mail_unavailable", "The mail server took no letter.");
  }
  letters_.push_back(letter);
}

std::vector<Letter> MemoryTransport::letters() const {
  const std::lock_guard lock(mutex_);
  return letters_;
}

void MemoryTransport::refuse_next(int count) {
  const std::lock_guard lock(mutex_);
  refusals_ = count;
}

}  // namespace aa::mail
