#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace aa {
namespace {

TEST(Utf8, knows_valid_sequences_and_repairs_others) {
  for (const auto* good :
       {"", "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEF\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const auto* bad : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xFF"}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_TRUE(is_utf8(repair_utf8(bad)));
  }
  EXPECT_EQ(repair_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
}

TEST(Utf8, is_checked_alike_wherever_a_sequence_stands) {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t after = 0; after < 10; ++after) {
      const std::string a(before, 'a');
      const std::string z(after, 'z');
      EXPECT_TRUE(is_utf8(a + "\xF0\x9F\x98\x80" + z));
      EXPECT_FALSE(is_utf8(a + "\x80" + z));
      EXPECT_FALSE(is_utf8(a + "\xE2\x82" + z));
    }
  }
}

TEST(LabelText, keeps_words_and_drops_what_controls) {
  EXPECT_EQ(label_text("Grüße 猫 🐎.png", 255), "Grüße 猫 🐎.png");
  EXPECT_EQ(label_text(std::string_view("a\0b\r\n\x7F\u0085.png", 12), 255), "a_b____.png");
  EXPECT_EQ(label_text("gnp.\u202Etxt", 255), "gnp._txt");
  EXPECT_EQ(label_text("a\xFFz", 255), "a\xEF\xBF\xBDz");
}

TEST(LabelText, cuts_between_sequences) {
  EXPECT_EQ(label_text("éé", 3), "é");
  EXPECT_EQ(label_text("🐎", 3), "");
  EXPECT_EQ(label_text("abc", 3), "abc");
}

}  // namespace
}  // namespace aa
