#include "service/collab/server_message.hpp"

namespace aa::collab {
namespace {

void append_texts(std::string& out, std::span<const std::string> items) {
  out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    out += items[i];
  }
  out += ']';
}

void append_stored(std::string& out, const annotation::StoredOperation& stored, bool as_sent) {
  if (!as_sent) {
    out += stored.json();
    return;
  }
  out += R"({"id":")" + stored.operation.id.str() + R"(","revision":)";
  json::append_integer(out, stored.revision);
  out += '}';
}

void append_dropped(std::string& out, const annotation::DroppedOperation& dropped) {
  out += R"({"id":")" + dropped.id.str() + R"(","code":)";
  json::append_string(out, dropped.code);
  out += R"(,"rule":)";
  json::append_string(out, dropped.rule);
  out += R"(,"detail":)";
  json::append_string(out, dropped.detail);
  out += '}';
}

}  // namespace

std::string snapshot_json(const document::Document& document, std::int64_t revision) {
  std::string out = R"({"revision":)" + std::to_string(revision) + R"(,"items":[)";
  for (bool first = true; const auto& [id, annotation] : document.items()) {
    if (!std::exchange(first, false)) out += ',';
    json::append(out, *annotation);
  }
  return out += "]}";
}

std::string welcome_message(const WelcomeParts& parts) {
  std::string out = R"({"t":"welcome","session":")" + parts.member->session.str();
  out += R"(","user":)" + parts.member->person_json;
  out += R"(,"can_write":)";
  out += parts.member->may_write ? "true" : "false";
  out += R"(,"revision":)" + std::to_string(parts.revision);
  if (parts.operations != nullptr) {
    out += R"(,"operations":)";
    append_texts(out, *parts.operations);
  } else {
    out += R"(,"snapshot":)" + *parts.snapshot;
  }
  out += R"(,"members":)" + parts.members;
  out += R"(,"locks":)" + parts.locks;
  return out += '}';
}

std::string operations_message(std::int64_t revision, std::span<const std::string> operations) {
  std::string out = R"({"t":"ops","revision":)" + std::to_string(revision);
  out += R"(,"operations":)";
  append_texts(out, operations);
  return out += '}';
}

namespace {

// By the bytes: members in another order, or a zero of another sign, are equal and not the same.
bool same_bytes(const document::Operation& a, const document::Operation& b) {
  return a == b && document::write_operation(a) == document::write_operation(b);
}

}  // namespace

std::string ack_message(std::int64_t n, const annotation::Verdict& verdict,
                        const std::vector<document::Operation>& sent) {
  std::string out = R"({"t":"ack","n":)" + std::to_string(n);
  out += R"(,"revision":)" + std::to_string(verdict.revision) + R"(,"stored":[)";
  auto at = sent.begin();
  for (bool first = true; const auto& stored : verdict.stored) {
    if (!std::exchange(first, false)) out += ',';
    // Mostly in the order in which they were sent.
    auto found =
        std::find_if(at, sent.end(), [&](const auto& o) { return o.id == stored.operation.id; });
    if (found == sent.end()) {
      found = std::find_if(sent.begin(), sent.end(),
                           [&](const auto& o) { return o.id == stored.operation.id; });
    }
    append_stored(out, stored, found != sent.end() && same_bytes(*found, stored.operation));
    if (found != sent.end()) at = found + 1;
  }
  out += R"(],"dropped":[)";
  for (bool first = true; const auto& dropped : verdict.dropped) {
    if (!std::exchange(first, false)) out += ',';
    append_dropped(out, dropped);
  }
  return out += "]}";
}

std::string error_message(std::optional<std::int64_t> n, std::string_view code,
                          std::string_view detail, std::chrono::milliseconds retry) {
  std::string out = R"({"t":"error")";
  if (n) out += R"(,"n":)" + std::to_string(*n);
  out += R"(,"code":)";
  json::append_string(out, code);
  out += R"(,"detail":)";
  json::append_string(out, detail);
  if (retry.count() > 0) out += R"(,"retry_ms":)" + std::to_string(retry.count());
  return out += '}';
}

std::string resync_message(std::string_view reason) {
  std::string out = R"({"t":"resync","reason":)";
  json::append_string(out, reason);
  return out += '}';
}

std::string pong_message(double k) {
  std::string out = R"({"t":"pong","k":)";
  json::append_number(out, k);
  return out += '}';
}

}  // namespace aa::collab
