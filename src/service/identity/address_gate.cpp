#include "service/identity/address_gate.hpp"

namespace aa::identity {
namespace {

constexpr std::chrono::seconds kLook{5};
constexpr std::size_t kKnownMax = 20'000;

}  // namespace

AddressGate::Ranges AddressGate::recall(OrganizationId organization) {
  const auto now = clock_.now();
  const std::lock_guard lock(mutex_);
  const auto it = known_.find(organization);
  if (it == known_.end() || it->second.at > now || now - it->second.at >= kLook) return nullptr;
  return it->second.ranges;
}

Task<AddressGate::Ranges> AddressGate::ranges_of(OrganizationId organization) {
  if (auto known = recall(organization)) co_return known;
  const auto now = clock_.now();
  const auto policy = co_await policy_of(database_, organization);
  auto ranges = std::make_shared<std::vector<http::AddressBlock>>();
  for (const auto& text : policy.ip_ranges) {
    if (const auto range = http::AddressBlock::parse(text)) ranges->push_back(*range);
  }
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kKnownMax) known_.clear();
  known_[organization] = {ranges, now};
  co_return ranges;
}

Task<> AddressGate::require(OrganizationId organization, boost::asio::ip::address address) {
  const auto ranges = co_await ranges_of(organization);
  if (ranges->empty()) co_return;
  if (http::contains(*ranges, http::normalized(address))) co_return;
  throw Error(
      ErrorCode::permission_denied, "address_refused",
      "The organization lets nobody in from your network address, " + address.to_string() + ".");
}

}  // namespace aa::identity
