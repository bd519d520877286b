// Mutation fuzzing guided by coverage: inputs that reach new edges join the corpus of the run.
//
// usage: fuzz_targets --list
//        fuzz_targets TARGET --seconds N [--seed S] [--runs N] [--keep DIR] CORPUS...
//        fuzz_targets TARGET FILE           runs that file once
// An input that fails is written to DIR/TARGET.failed (DIR: --keep, else the working folder) and
// the exit code is not 0. One run may take 20 s.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sanitizer/common_interface_defs.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "coverage_map.hpp"
#include "mutator.hpp"
#include "targets.hpp"

extern "C" const char* __asan_default_options() {
  return "max_allocation_size_mb=3072:hard_rss_limit_mb=6144:detect_leaks=1:"
         "allocator_may_return_null=0";
}

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr unsigned kRunSecondsMax = 20;
constexpr std::size_t kCorpusMax = 4000;

struct Options {
  std::string target;
  double seconds = 0;
  std::uint64_t seed = 1;
  std::uint64_t runs = ~0ULL;
  fs::path keep = ".";
  std::vector<fs::path> inputs;
};

std::string current_input;
std::string failed_file;

void save_input() {
  if (std::FILE* file = std::fopen(failed_file.c_str(), "wb")) {
    std::fwrite(current_input.data(), 1, current_input.size(), file);
    std::fclose(file);
    std::fprintf(stderr, "the input is in %s (%zu bytes)\n", failed_file.c_str(),
                 current_input.size());
  }
}

void on_signal(int number) {
  std::fprintf(stderr, "%s\n", number == SIGALRM ? "one run takes too long" : "aborted");
  save_input();
  _exit(1);
}

bool run_one(const aa::fuzz::Target& target, std::string input) {
  current_input = std::move(input);
  // An exact copy on the heap, so that reading one byte too many is seen.
  const std::vector<char> exact(current_input.begin(), current_input.end());
  alarm(kRunSecondsMax);
  aa::fuzz::start_run();
  try {
    target({exact.data(), exact.size()});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "an exception: %s\n", e.what());
    save_input();
    _exit(1);
  }
  return aa::fuzz::reached_something_new();
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> read_corpus(const std::vector<fs::path>& folders) {
  std::vector<fs::path> files;
  for (const auto& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> out;
  for (const auto& file : files) out.push_back(read_file(file));
  if (out.empty()) out.emplace_back("0");
  return out;
}

int fuzz(const Options& options, const aa::fuzz::Target& target) {
  auto corpus = read_corpus(options.inputs);
  for (const auto& seed : corpus) run_one(target, seed);
  aa::fuzz::Mutator mutator(options.seed, aa::fuzz::dictionary(options.target));
  const auto from = Clock::now();
  const auto until = from + std::chrono::duration<double>(options.seconds);
  std::uint64_t runs = 0;
  for (; runs < options.runs && Clock::now() < until; ++runs) {
    // Half of the time from what was found last: it leads further more often.
    const auto newest = std::min<std::size_t>(corpus.size(), 16);
    const auto base = mutator.below(2) == 0 ? corpus.size() - 1 - mutator.below(newest)
                                            : mutator.below(corpus.size());
    auto input = mutator.mutated(corpus[base], corpus[mutator.below(corpus.size())]);
    if (run_one(target, input) && corpus.size() < kCorpusMax) corpus.push_back(current_input);
  }
  alarm(0);
  fmt::print("{}: {} runs, {} inputs, {} edges, {:.0f} s\n", options.target, runs, corpus.size(),
             aa::fuzz::edges_reached(), std::chrono::duration<double>(Clock::now() - from).count());
  return 0;
}

Options read_options(int argc, char** argv) {
  Options out;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&] {
      if (i + 1 == argc) throw std::runtime_error(word + " needs a value");
      return std::string(argv[++i]);
    };
    if (word == "--seconds")
      out.seconds = std::stod(value());
    else if (word == "--seed")
      out.seed = std::stoull(value());
    else if (word == "--runs")
      out.runs = std::stoull(value());
    else if (word == "--keep")
      out.keep = value();
    else if (out.target.empty())
      out.target = word;
    else
      out.inputs.emplace_back(word);
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto options = read_options(argc, argv);
    const auto& all = aa::fuzz::targets();
    if (options.target == "--list") {
      for (const auto& [name, target] : all) std::puts(name.c_str());
      return 0;
    }
    const auto& target = all.at(options.target);
    failed_file = (options.keep / (options.target + ".failed")).string();
    for (const int number : {SIGALRM, SIGABRT}) std::signal(number, on_signal);
    __sanitizer_set_death_callback(save_input);
    if (options.seconds > 0) return fuzz(options, target);
    for (const auto& file : options.inputs) run_one(target, read_file(file));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fuzz_targets: %s\n", e.what());
    return 2;
  }
  return 0;
}
