// The server's side of docs/live-protocol.md in memory, for one document: it orders, merges and
// answers as the product does, without storing.
//
// Thread rule: one owner. Errors: none thrown for clients that keep the protocol.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/live/record.hpp"
#include "kernel/ot/ot.hpp"

namespace aa::live {

class Order {
 public:
  struct Answers {
    std::string to_sender;
    std::string to_others;  // empty: nothing new
  };

  std::string welcome(std::string_view hello, UserId user) const;
  Answers submit(std::string_view batch);
  const document::Document& document() const { return document_; }
  Record record() const { return {log_, bytes_of(document_)}; }

 private:
  const LogEntry* find(OperationId id) const;

  document::Document document_;
  std::vector<LogEntry> log_;
};

}  // namespace aa::live
