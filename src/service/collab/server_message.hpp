// The server's messages of docs/live-protocol.md as text. What is stored as JSON text is put in as
// it is: no value trees are built for broadcasts.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kernel/document/document.hpp"
#include "service/annotation/live_log.hpp"
#include "service/collab/member.hpp"

namespace aa::collab {

// {"revision":R,"items":[...]}
std::string snapshot_json(const document::Document& document, std::int64_t revision);

struct WelcomeParts {
  const Member* member = nullptr;
  std::int64_t revision = 0;
  const std::string* snapshot = nullptr;  // or else
  const std::vector<std::string>* operations = nullptr;
  std::string members;  // a JSON array each
  std::string locks;
};
std::string welcome_message(const WelcomeParts& parts);

std::string operations_message(std::int64_t revision, std::span<const std::string> operations);

// `sent` is what the client sent: what differs from it is answered whole.
std::string ack_message(std::int64_t n, const annotation::Verdict& verdict,
                        const std::vector<document::Operation>& sent);
std::string error_message(std::optional<std::int64_t> n, std::string_view code,
                          std::string_view detail, std::chrono::milliseconds retry = {});
std::string resync_message(std::string_view reason);
std::string pong_message(double k);

}  // namespace aa::collab
