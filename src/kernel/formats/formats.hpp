// The dataset formats, one row each, and what all of them share.
//
// Readers of files take untrusted bytes: they gather problems item by item ({where, detail}) and
// keep the rest; only a file that is no such file at all is an Error. Writers produce text piece by
// piece, so that an export streams. Thread rule: one reader or writer, one owner; tables constant.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aa::formats {

struct FormatRow {
  std::string_view name;        // as in {format: ...}
  std::string_view title;       // for people
  std::string_view extensions;  // of its files, separated by blanks
  bool can_read = false;
  bool can_write = false;
  std::string_view loses;  // what does not survive writing; empty: nothing
};

std::span<const FormatRow> formats();
const FormatRow* find_format(std::string_view name);

// `where` names the item: "annotations/17" in COCO (its place in the list), "labels/a.txt:3".
struct Problem {
  std::string where;
  std::string detail;
  bool operator==(const Problem&) const = default;
};

// Keeps the first ones and counts the rest.
class Problems {
 public:
  static constexpr std::size_t kKept = 1000;

  void add(std::string where, std::string detail) {
    ++total_;
    if (kept_.size() < kKept) kept_.push_back({std::move(where), std::move(detail)});
  }
  const std::vector<Problem>& kept() const { return kept_; }
  std::size_t total() const { return total_; }

 private:
  std::vector<Problem> kept_;
  std::size_t total_ = 0;
};

}  // namespace aa::formats
