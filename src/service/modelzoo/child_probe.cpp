// A probe as a child process: this program again, with a hidden command and little else.
#include <array>
#include <cstdlib>

#include "driver/host/atomic_file.hpp"
#include "driver/host/child_process.hpp"
#include "service/modelzoo/catalogue.hpp"
#include "service/modelzoo/model_probe.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kTextBytes = 4ULL << 20;
// ONNX Runtime maps its library, thread stacks and arenas besides what a model takes.
constexpr std::uint64_t kMemoryFloor = 4ULL << 30;
constexpr std::uint64_t kMemoryPerByte = 4;
constexpr int kPatience = 3;  // of the clock on the wall: a busy machine is no fault of the model
constexpr int kSignalBase = 128;
constexpr int kKilled = 9;
constexpr int kOverTime = 24;

struct Failure {
  int code = 0;  // of ErrorCode
  std::string slug;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(Failure, (), (code, slug, message))
constexpr auto field_rules(const Failure*) {
  return std::array{
      json::Field{.name = "code", .min = 0, .max = static_cast<double>(ErrorCode::internal)},
      json::Field{.name = "slug", .max_length = 100},
      json::Field{.name = "message", .max_length = 4'000}};
}

struct Answer {
  std::optional<ProbeReport> report;
  std::optional<Failure> failure;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (report, failure))

// What a program needs to find its libraries; nothing that could be a secret.
std::vector<std::string> bare_environment() {
  std::vector<std::string> out = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"};
  const char* libraries = std::getenv("LD_LIBRARY_PATH");
  if (libraries != nullptr) out.push_back(std::string("LD_LIBRARY_PATH=") + libraries);
  return out;
}

[[noreturn]] void refuse_as_too_slow(std::chrono::seconds time_max) {
  throw invalid("probe_timeout", "The model was refused: its first run took longer than " +
                                     std::to_string(time_max.count()) +
                                     " s (MODEL_PROBE_SECONDS) and was ended.");
}

[[noreturn]] void tell_how_it_ended(const host::Exit& exit, std::chrono::seconds time_max) {
  const int signal = exit.code - kSignalBase;
  if (signal == kOverTime) refuse_as_too_slow(time_max);
  const std::string how = signal == kKilled ? "was killed by the system, probably for its memory"
                          : signal > 0      ? "crashed with signal " + std::to_string(signal)
                                            : "ended with code " + std::to_string(exit.code);
  throw invalid("probe_crashed",
                "The model was refused: the process that ran it for the first time " + how + ".")
      .with_cause(exit.last_said);
}

ProbeReport read_answer(const fs::path& folder) {
  auto answer =
      json::read<Answer>(json::parse(host::read_file(folder / "report.json", kTextBytes)));
  if (answer.failure) {
    throw Error(static_cast<ErrorCode>(answer.failure->code), answer.failure->slug,
                answer.failure->message);
  }
  if (!answer.report) throw malformed("probe_crashed", "The model's first run told nothing.");
  return std::move(*answer.report);
}

}  // namespace

std::uint64_t probe_memory(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return kMemoryFloor + kMemoryPerByte * bytes;
}

Probe child_probe(ChildSettings settings) {
  return [settings = std::move(settings)](const fs::path& folder, const ProbeRequest& request) {
    host::write_file(folder / "request.json", json::write(request));
    host::Command command{{settings.program.string(), "models", "probe", folder.string()},
                          folder,
                          kPatience * settings.time_max,
                          bare_environment()};
    for (const auto& flag : settings.flags) command.words.push_back(flag);
    try {
      const auto exit = host::run_to_end(command);
      if (exit.code != 0) tell_how_it_ended(exit, settings.time_max);
    } catch (const Error& error) {
      if (error.slug() != "program_timeout") throw;
      refuse_as_too_slow(settings.time_max);
    }
    return read_answer(folder);
  };
}

void answer_probe(const fs::path& folder, ProbeParts parts) {
  Answer answer;
  try {
    const auto text = host::read_file(folder / "request.json", kTextBytes);
    answer.report = probe_model(folder, json::read<ProbeRequest>(json::parse(text)), parts);
  } catch (const Error& error) {
    answer.failure = Failure{static_cast<int>(error.code()), error.slug(), error.message()};
  } catch (const std::bad_alloc&) {
    answer.failure = Failure{static_cast<int>(ErrorCode::too_large), "probe_memory",
                             "The model was refused: its first run took more memory than it may."};
  }
  host::write_file(folder / "report.json", json::write(answer));
}

}  // namespace aa::modelzoo
