#include "service/mail/mailer.hpp"

#include "base/hash.hpp"

namespace aa::mail {
namespace {

constexpr std::string_view kPurpose = "mail";
constexpr int kAttempts = 12;

}  // namespace

Task<> Mailer::send(db::Transaction& transaction, OrganizationId organization, UserId user,
                    Letter letter) {
  if (!is_address(letter.to)) throw invalid("bad_address", "The letter has no address to go to.");
  auto seal = [this, organization, text = json::write(letter)] {
    return to_base64url(sealer_.seal(organization, kPurpose, Secret(text)));
  };
  jobs::NewJob job;
  job.organization = organization;
  job.created_by = user;
  job.kind = "mail";
  job.unit = "letters";
  job.errand = true;
  job.payload["sealed"] = co_await runtime::run_on(executors_.blocking(), std::move(seal));
  co_await queue_.enqueue(transaction, std::move(job));
}

Task<> Mailer::deliver(jobs::Run& run) {
  const auto steps = co_await run.pending(1);
  if (steps.empty()) co_return;
  auto deliver = [this, organization = run.organization(),
                  text = std::string(run.payload().at("sealed").as_string())] {
    const auto sealed = from_base64url(text);
    if (!sealed) throw internal_error("a letter is not as it was written");
    const auto letter = sealer_.open(organization, kPurpose, *sealed);
    transport_.send(json::read<Letter>(json::parse(letter.reveal())));
  };
  co_await runtime::run_on(executors_.blocking(), std::move(deliver));
  auto transaction = co_await database_.begin(run.scope());
  co_await run.done(*transaction, steps[0]);
  co_await transaction->commit();
}

jobs::Kind Mailer::job_kind() {
  return {"mail", [this](jobs::Run& run) { return deliver(run); }, kAttempts};
}

}  // namespace aa::mail
