#include "api/body_budget.hpp"

namespace aa::api {
namespace {

constexpr std::uint64_t kFreeBytes = 64 * 1024;

class ChargedBody final : public http::BodySource {
 public:
  ChargedBody(std::shared_ptr<http::BodySource> body, BodyBudget& budget)
      : body_(std::move(body)), budget_(budget) {}
  ~ChargedBody() override { budget_.give_back(charged_); }

  http::Task<std::size_t> read(std::span<std::byte> buffer) override {
    const auto count = co_await body_->read(buffer);
    seen_ += count;
    if (seen_ > kFreeBytes) {
      budget_.take(count);
      charged_ += count;
    }
    co_return count;
  }

 private:
  std::shared_ptr<http::BodySource> body_;
  BodyBudget& budget_;
  std::uint64_t seen_ = 0;
  std::uint64_t charged_ = 0;
};

}  // namespace

BodyLoan::BodyLoan(std::shared_ptr<http::Request> request, BodyBudget& budget)
    : request_(std::move(request)), body_(request_->body) {
  request_->body = std::make_shared<ChargedBody>(body_, budget);
}

BodyLoan::~BodyLoan() { request_->body = std::move(body_); }

}  // namespace aa::api
