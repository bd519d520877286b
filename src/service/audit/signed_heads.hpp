// Signed heads: what the chain was at a time, in the server's own hand. Whoever keeps one elsewhere
// can later show that nothing before it was rewritten; those kept here bind the database alone.
//
// Ed25519 (RFC 8032) over the lines "annotateai audit head 1", organisation, sequence, hash and
// time of signing, each ended by LF. The key is the installation's: made at its first use, stored
// sealed; its public half stands in every signed head.
//
// Thread rule: shared by all coroutines. Errors: those of the database and of Sealer.
#pragma once

#include <memory>
#include <mutex>

#include "core/runtime/executors.hpp"
#include "driver/blob/sealer.hpp"
#include "service/audit/audit_trail.hpp"

namespace aa::audit {

struct SignedHead {
  OrganizationId organization_id;
  std::int64_t sequence = 0;
  std::string hash;
  Timestamp signed_at;
  std::string key_id;
  std::string public_key;  // 32 bytes, base64url
  std::string signature;   // 64 bytes, base64url
};
BOOST_DESCRIBE_STRUCT(SignedHead, (),
                      (organization_id, sequence, hash, signed_at, key_id, public_key, signature))

// The bytes that are signed.
std::string signed_text(const SignedHead& head);
bool is_genuine(const SignedHead& head);

struct FullVerdict {
  Verdict chain;
  std::int64_t signatures = 0;  // that were checked
};

class SignedHeads {
 public:
  SignedHeads(db::Database& database, Trail& trail, std::shared_ptr<blob::KeyRing> keys,
              const Clock& clock, runtime::Executors& executors);

  // The present head, signed now and kept; the latest kept one when nothing came since.
  Task<SignedHead> sign(OrganizationId organization);
  Task<std::vector<SignedHead>> kept(OrganizationId organization);
  // The chain, and that it has what was signed.
  Task<FullVerdict> verify(OrganizationId organization);
  // Signs every chain that has grown.
  Task<> sign_all();
  void start();  // sign_all() every hour, while the executors live

 private:
  struct Key;
  Task<std::shared_ptr<const Key>> key();
  Task<> keep_signing();

  db::Database& database_;
  Trail& trail_;
  blob::Sealer sealer_;
  const Clock& clock_;
  runtime::Executors& executors_;
  std::mutex mutex_;
  std::shared_ptr<const Key> key_;
};

}  // namespace aa::audit
