#include "service/tenancy/idempotency.hpp"
#include "service/tenancy/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::tenancy {
namespace {

const bool kCensus = fixture::require_statements(sql::kAll);

Task<bool> claims(Idempotency& keys, Tenant tenant, std::string key) {
  const auto kept = co_await keys.claim(std::move(tenant), std::move(key), "hash");
  co_return !kept;
}

class IdempotencyTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (world_) tenant_.emplace(register_person());
  }
  Idempotency& service() { return world_->idempotency; }
  std::optional<KeptAnswer> claim(const std::string& key, const std::string& hash = "hash") {
    return run(service().claim(*tenant_, key, hash));
  }

  std::optional<Tenant> tenant_;
};
AA_ON_BOTH_ENGINES(IdempotencyTest);

TEST_P(IdempotencyTest, the_same_request_gets_the_kept_answer) {
  EXPECT_FALSE(claim("k"));
  run(service().keep(*tenant_, "k", KeptAnswer(201, R"({"id":"1"})")));
  const auto kept = claim("k");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->status, 201);
  EXPECT_EQ(kept->body, R"({"id":"1"})");
  EXPECT_FALSE(claim("other key"));
}

TEST_P(IdempotencyTest, another_request_under_the_same_key_is_refused) {
  claim("k");
  run(service().keep(*tenant_, "k", KeptAnswer(200, "{}")));
  EXPECT_EQ(slug_of(service().claim(*tenant_, "k", "another")), "idempotency_key_reused");
}

TEST_P(IdempotencyTest, a_request_under_way_is_not_begun_again) {
  claim("k");
  EXPECT_EQ(slug_of(service().claim(*tenant_, "k", "hash")), "request_in_progress");
  run(service().release(*tenant_, "k"));
  EXPECT_FALSE(claim("k")) << "it failed and may be tried again";
}

TEST_P(IdempotencyTest, of_many_at_once_one_begins) {
  std::vector<std::future<bool>> futures;
  for (int i = 0; i < 10; ++i) futures.push_back(spawn(claims(service(), *tenant_, "k")));
  int begun = 0;
  for (auto& future : futures) {
    try {
      begun += future.get() ? 1 : 0;
    } catch (const Error& error) {
      EXPECT_EQ(error.slug(), "request_in_progress");
    }
  }
  EXPECT_EQ(begun, 1);
}

TEST_P(IdempotencyTest, a_key_lives_a_day_and_belongs_to_one_person) {
  claim("k");
  run(service().keep(*tenant_, "k", KeptAnswer(200, "{}")));
  const auto eve = register_person("eve");
  EXPECT_FALSE(run(service().claim(eve, "k", "hash")));
  world_->clock.advance(std::chrono::hours(24) - std::chrono::seconds(1));
  EXPECT_TRUE(claim("k"));
  world_->clock.advance(std::chrono::seconds(2));
  EXPECT_FALSE(claim("k"));
}

}  // namespace
}  // namespace aa::tenancy
