// Sends letters: each is an errand that is queued in the transaction of what it tells of, so that
// neither exists without the other, and that is tried for half an hour while the mail server is
// away. What a letter says is sealed under the organisation's key while it waits.
//
// Thread rule: shared by all coroutines.
#pragma once

#include "core/runtime/executors.hpp"
#include "driver/blob/sealer.hpp"
#include "driver/mail/mail_transport.hpp"
#include "service/jobs/job_queue.hpp"

namespace aa::mail {

using runtime::Task;

class Mailer {
 public:
  Mailer(db::Database& database, jobs::Queue& queue, blob::Sealer& sealer, Transport& transport,
         runtime::Executors& executors)
      : database_(database),
        queue_(queue),
        sealer_(sealer),
        transport_(transport),
        executors_(executors) {}

  // `user` is whom the letter concerns; the organisation is one of his.
  Task<> send(db::Transaction& transaction, OrganizationId organization, UserId user,
              Letter letter);
  jobs::Kind job_kind();

 private:
  Task<> deliver(jobs::Run& run);

  db::Database& database_;
  jobs::Queue& queue_;
  blob::Sealer& sealer_;
  Transport& transport_;
  runtime::Executors& executors_;
};

}  // namespace aa::mail
