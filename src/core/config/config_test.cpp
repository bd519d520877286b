#include "core/config/config.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::config {
namespace {

Config load(std::vector<std::string> flags, std::map<std::string, std::string> variables = {}) {
  std::vector<std::string> names;
  for (const auto& [name, value] : variables) names.push_back(name);
  return Config::load(
      flags,
      [&](std::string_view name) -> std::optional<std::string> {
        return variables.at(std::string(name));
      },
      names);
}

TEST(Config, the_later_source_wins) {
  const auto file = std::filesystem::temp_directory_path() / "aa_config_test.conf";
  std::ofstream(file) << "# comment\nlisten = \"a:1\"\nIO_THREADS = 3\nworkers = 5\n";
  const auto config = load({"--config", file.string(), "--listen=c:3"},
                           {{"ANNOTATEAI_LISTEN", "b:2"}, {"ANNOTATEAI_IO_THREADS", "4"}});
  EXPECT_EQ(config.text("LISTEN"), "c:3");
  EXPECT_EQ(config.integer("IO_THREADS"), 4);
  EXPECT_EQ(config.integer("WORKERS"), 5);
  EXPECT_EQ(config.text("DATA"), "./data");
  std::filesystem::remove(file);
}

TEST(Config, unknown_and_unfit_values_stop_the_start) {
  EXPECT_THROW(load({"--no-such", "1"}), Error);
  EXPECT_THROW(load({}, {{"ANNOTATEAI_NO_SUCH", "1"}}), Error);
  EXPECT_THROW(load({"--workers", "0"}), Error);
  EXPECT_THROW(load({"--workers", "2x"}), Error);
  EXPECT_THROW(load({"--registration", "maybe"}), Error);
  EXPECT_THROW(load({"--listen"}), Error);
  EXPECT_THROW(load({"stray"}), Error);
  EXPECT_NO_THROW(load({}, {{"ANNOTATEAI_TEST_DATA", "/x"}, {"PATH", "/bin"}}));
}

TEST(Config, lists_and_booleans) {
  const auto config = load({"--cors-origins", "https://a, https://b", "--public-docs", "no"});
  EXPECT_EQ(config.list("CORS_ORIGINS"), (std::vector<std::string>{"https://a", "https://b"}));
  EXPECT_FALSE(config.boolean("PUBLIC_DOCS"));
  EXPECT_TRUE(config.list("OUTBOUND_ALLOW").empty());
}

TEST(Config, the_page_in_docs_is_the_generated_one) {
  std::ifstream in(AA_SOURCE_DIR "/docs/configuration.md");
  std::stringstream page;
  page << in.rdbuf();
  EXPECT_EQ(page.str(), configuration_page())
      << "run: build/annotateai admin configuration-page > docs/configuration.md";
}

}  // namespace
}  // namespace aa::config
