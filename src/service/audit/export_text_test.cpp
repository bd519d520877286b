#include "service/audit/export_text.hpp"

#include <gtest/gtest.h>

#include "base/hash.hpp"

namespace aa::audit {
namespace {

ExportRow row() {
  ExportRow out;
  out.sequence = 7;
  out.action = "project.create";
  out.object_id = "=HYPERLINK(\"http://x\")";
  out.request_id = "a\r\nb\x1b";
  out.outcome = "done";
  out.detail = R"({"entry":1,"ip":",\"ip\":"})";
  out.ip = "192.0.2.1";
  out.user_agent = "a \",\"ip\": b";
  out.hash = hash_of(kNoHash, "o", out);
  return out;
}

// What a reader without this program does: the hash stands at a fixed place, the entry is the JSON
// value behind it.
TEST(ExportText, the_chain_can_be_checked_from_the_lines_alone) {
  const auto line = json_line("o", row());
  ASSERT_EQ(line.back(), '\n');
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const auto hash = line.substr(9, 64);
  const auto entry = entry_text("o", row());
  ASSERT_EQ(line.substr(9 + 64 + 10, entry.size()), entry);
  EXPECT_EQ(to_hex(sha256(kNoHash + entry)), hash);
  const auto value = json::parse(line.substr(0, line.size() - 1));
  EXPECT_EQ(value.at("ip").as_string(), "192.0.2.1");
}

TEST(ExportText194, cells_are_no_formulas_and_hold_no_control_characters) {
  const auto line = csv_line(row());
  EXPECT_NE(line.find(R"x("'=HYPERLINK(""http://x"")")x"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("a\u000d\u000ab\u001b")"), std::string::npos) << line;
  EXPECT_EQ(line.find_first_of("\r\n\x1b"), line.size() - 2);
}

}  // namespace
}  // namespace aa::audit
