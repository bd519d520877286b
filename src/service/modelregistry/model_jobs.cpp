// The jobs that bring models: uploads through the importer, the zoo's through the puller.
#include <atomic>
#include <set>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/runtime/event.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "service/modelregistry/registry.hpp"
#include "service/modelregistry/statements.hpp"

namespace aa::modelregistry {
namespace {

namespace fs = std::filesystem;

using modelzoo::ImportedModel;

constexpr std::size_t kPiece = 1 << 20;
constexpr std::chrono::milliseconds kReportEvery{500};
constexpr std::size_t kNameMax = 120;

// A name that can stand on the disk and still says what the user called it.
std::string file_name(const std::string& given) {
  std::string out;
  for (const char c : given) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 128 && (std::isalnum(byte) != 0 || c == '.' || c == '_' || c == ' ');
    out += plain ? c : '-';
  }
  while (!out.empty() && std::isalnum(static_cast<unsigned char>(out.front())) == 0) {
    out.erase(out.begin());
  }
  if (out.size() > kNameMax) out.erase(0, out.size() - kNameMax);
  return out.empty() ? "model" : out;
}

void copy_out(blob::Store& blobs, const blob::Key& key, const fs::path& to) {
  const auto reader = blobs.open(key);
  host::AtomicFile file(to);
  std::vector<std::byte> piece(kPiece);
  for (std::uint64_t at = 0;;) {
    const auto count = reader->read_at(at, piece);
    if (count == 0) break;
    file.write(std::span(piece).first(count));
    at += count;
  }
  file.commit(host::Durable::no);
}

// A model's files, or of a pipeline those of its models.
std::vector<std::string> with_steps(const modelzoo::Catalogue& catalogue, const std::string& id) {
  const auto row = catalogue.manifest(id);
  if (!row.steps) return {id};
  std::set<std::string> out;
  for (const auto& step : *row.steps) out.insert(step.model);
  return {out.begin(), out.end()};
}

std::int64_t bytes_of(const modelzoo::Catalogue& catalogue, const std::vector<std::string>& ids) {
  std::int64_t out = 0;
  for (const auto& id : ids) {
    for (const auto& file : catalogue.manifest(id).files) out += file.size;
  }
  return out;
}

// Another try would meet the same network: the person who asked decides.
Error as_final(const Error& error) {
  if (error.code() != ErrorCode::unavailable && error.code() != ErrorCode::deadline_exceeded) {
    return error;
  }
  return invalid(error.slug(), error.message()).with_cause(error.cause());
}

}  // namespace

Task<ImportedModel> Registry::import_files(jobs::Run& run, ImportPayload payload) {
  auto work = [this, payload, organization = run.organization(), origin = run.id().str()] {
    const blob::TemporaryFolder folder(blob::TemporaryFolder::Place::disk);
    modelzoo::ImportRequest request;
    for (const auto& file : payload.files) {
      const auto to = folder.path() / file.part / file_name(file.filename);
      copy_out(parts_.blobs, {organization, file.blob}, to);
      if (file.part == "file") request.file = to;
      if (file.part == "decoder") request.decoder = to;
      if (file.part == "labels") request.labels = to;
    }
    request.id = payload.fields.id;
    request.name = payload.fields.name;
    request.family = payload.fields.family;
    request.licence = payload.fields.licence;
    request.organization = organization;
    request.origin = origin;
    return modelzoo::Importer(parts_.catalogue, settings_.probe).import(request);
  };
  co_return co_await on_disk(std::move(work));
}

Task<> Registry::forget_files(OrganizationId organization, std::vector<ImportFile> files) {
  auto work = [this, organization, files = std::move(files)] {
    for (const auto& file : files) parts_.blobs.remove({organization, file.blob});
    return true;
  };
  co_await on_disk(std::move(work));
}

Task<> Registry::run_import(jobs::Run& run) {
  const auto steps = co_await run.pending(1);
  const bool stop = co_await run.should_stop();
  if (steps.empty() || stop) co_return;
  const auto payload = json::read<ImportPayload>(json::Value(run.payload()));
  std::optional<Error> failure;
  ImportedModel model;
  try {
    model = co_await import_files(run, payload);
  } catch (const Error& error) {
    failure = as_final(error);
  }
  if (failure) {
    co_await forget_files(run.organization(), payload.files);
    throw *failure;
  }
  auto transaction = co_await parts_.database.begin(run.scope());
  audit::Entry entry{"model.imported", "model", model.id, {}};
  audit::Actor actor(run.organization(), run.created_by(), "", run.id().str());
  co_await parts_.trail.append(*transaction, std::move(actor), std::move(entry));
  co_await run.done(*transaction, steps.front());
  co_await transaction->commit();
  run.set_result({{"model_id", model.id},
                  {"family", model.family},
                  {"task", model.task},
                  {"labels", model.labels.size()}});
  co_await forget_files(run.organization(), payload.files);
}

// What the thread that brings and the coroutine that tells of it share.
struct Registry::Bringing {
  std::atomic<std::int64_t> bytes = 0;
  std::atomic<bool> stop = false;
  std::atomic<bool> ended = false;
  std::int64_t total = 0;
  std::optional<Error> failure;  // read after `ended`
};

// Brings a model while the job's progress follows.
Task<> Registry::bring(jobs::Run& run, std::string id) {
  auto state = std::make_shared<Bringing>();
  const auto ids = with_steps(parts_.catalogue, id);
  state->total = bytes_of(parts_.catalogue, ids);
  auto pull = [this, state, ids] {
    auto settings = settings_.pull;
    settings.progress = [state](std::int64_t bytes) {
      if (state->stop) throw Error(ErrorCode::cancelled, "cancelled", "The job was cancelled.");
      state->bytes += bytes;
    };
    try {
      modelzoo::Puller puller(parts_.catalogue, std::move(settings), [](std::string_view) {});
      for (const auto& one : ids) puller.pull(one);
    } catch (const Error& error) {
      state->failure = error;
    }
    state->ended = true;
    return true;
  };
  const std::function<Task<>(std::size_t)> work = [&](std::size_t i) -> Task<> {
    if (i == 0) {
      co_await on_disk(pull);
      co_return;
    }
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (!state->ended) {
      timer.expires_after(kReportEvery);
      co_await timer.async_wait(boost::asio::use_awaitable);
      co_await run.report(state->bytes, state->total);
      const bool stop = co_await run.should_stop();
      if (stop) state->stop = true;
    }
  };
  co_await runtime::for_each_limited(parts_.executors.io(), 2, 2, work);
  if (state->failure) throw *state->failure;
}

Task<> Registry::run_install(jobs::Run& run) {
  const auto steps = co_await run.pending(1);
  if (steps.empty()) co_return;
  const std::string id(run.payload().at("install").as_string());
  std::optional<Error> failure;
  try {
    co_await bring(run, id);
  } catch (const Error& error) {
    failure = as_final(error);
  }
  if (failure) {
    if (failure->code() != ErrorCode::cancelled) {
      parts_.catalogue.set_problem(id, failure->message());
    }
    throw *failure;
  }
  parts_.catalogue.set_problem(id, {});
  const auto total = bytes_of(parts_.catalogue, with_steps(parts_.catalogue, id));
  auto transaction = co_await parts_.database.begin(run.scope());
  co_await run.done(*transaction, steps.front());
  co_await transaction->commit();
  co_await run.report(total, total);
  run.set_result({{"model_id", id}});
}

}  // namespace aa::modelregistry
