// Bytes of an upload as they arrive: cut into parts, each kept for good before it counts.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>

#include "core/observe/log.hpp"
#include "service/uploads/statements.hpp"
#include "service/uploads/upload_row.hpp"

namespace aa::uploads {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;
// A part ends when it is that large or that old, so that a cut costs little of either.
constexpr std::int64_t kPartBytes = 8LL << 20;
constexpr std::chrono::seconds kPartAge{5};

Error offset_differs(std::int64_t received) {
  return conflict("offset_differs", "The upload stands at byte " + std::to_string(received) +
                                        ". Ask for its offset and send on from there.");
}

}  // namespace

struct Uploads::Part {
  PartId id;
  std::int64_t first = 0;
  std::int64_t size = 0;
  std::chrono::steady_clock::time_point begun;
  std::shared_ptr<blob::Writer> writer;
};

Task<std::shared_ptr<Uploads::Part>> Uploads::begin_part(OrganizationId organization,
                                                         std::int64_t first) {
  auto part = std::make_shared<Part>();
  part->id = ids_.next_as<PartId>();
  part->first = first;
  part->begun = clock_.steady();
  auto create = [this, key = part_key(organization, part->id)] {
    return std::shared_ptr<blob::Writer>(blobs_.create(key));
  };
  part->writer = co_await runtime::run_on(executors_.blocking(), std::move(create));
  co_return part;
}

Task<> Uploads::commit_part(std::shared_ptr<Part> part) {
  auto commit = [part] { part->writer->commit(); };
  co_await runtime::run_on(executors_.blocking(), std::move(commit));
}

Task<> Uploads::drop_part(OrganizationId organization, std::shared_ptr<Part> part) {
  auto drop = [this, key = part_key(organization, part->id)] { blobs_.remove(key); };
  co_await runtime::run_on(executors_.blocking(), std::move(drop));
}

Task<> Uploads::count_part(UploadRow upload, std::shared_ptr<Part> part) {
  const auto expires = clock_.now() + kLife;
  std::vector<db::Step> steps;
  steps.emplace_back(sql::advance,
                     db::args(upload.id, upload.organization_id, part->first, part->size, expires),
                     true);
  steps.emplace_back(sql::insert_part,
                     db::args(upload.id, part->first, upload.organization_id, part->id));
  const bool kept = co_await database_.run(upload.scope(), std::move(steps));
  if (kept) co_return;
  co_await drop_part(upload.organization_id, part);
  throw offset_differs(part->first);
}

// First the bytes, then the row that counts them.
Task<> Uploads::keep_part(UploadRow upload, std::shared_ptr<Part> part) {
  co_await commit_part(part);
  co_await count_part(std::move(upload), std::move(part));
}

// The request is over, and with it what it may wait for; the part is kept all the same.
void Uploads::keep_what_came(UploadRow upload, std::shared_ptr<Part> part) {
  if (!part || part->size == 0) return;
  boost::asio::co_spawn(boost::asio::make_strand(executors_.io()),
                        keep_part(std::move(upload), std::move(part)),
                        [](const std::exception_ptr&) {});
}

Task<std::int64_t> Uploads::cut(UploadRow upload, NextBytes next, PartEnd end,
                                std::shared_ptr<Part>& open) {
  std::vector<std::byte> buffer(kBufferBytes);
  auto offset = upload.received;
  for (;;) {
    const auto count = co_await next(buffer);
    if (count == 0) break;
    if (offset + static_cast<std::int64_t>(count) > upload.size_bytes) {
      throw too_large("more_than_announced", "The upload was announced with " +
                                                 std::to_string(upload.size_bytes) + " bytes.");
    }
    if (!open) open = co_await begin_part(upload.organization_id, offset);
    auto write = [open, bytes = std::span(buffer).first(count)] { open->writer->write(bytes); };
    co_await runtime::run_on(executors_.blocking(), std::move(write));
    open->size += static_cast<std::int64_t>(count);
    offset += static_cast<std::int64_t>(count);
    if (open->size < kPartBytes && clock_.steady() - open->begun < kPartAge) continue;
    auto full = std::exchange(open, nullptr);
    co_await end(std::move(full));
  }
  if (auto last = std::exchange(open, nullptr)) co_await end(std::move(last));
  co_return offset;
}

Task<std::int64_t> Uploads::append(UploadRow upload, NextBytes next) {
  PartEnd keep = [this, upload](std::shared_ptr<Part> part) { return keep_part(upload, part); };
  std::shared_ptr<Part> open;
  try {
    co_return co_await cut(upload, std::move(next), std::move(keep), open);
  } catch (...) {
    keep_what_came(upload, open);
    throw;
  }
}

// The parts stay aside until all of the bytes are there.
Task<std::int64_t> Uploads::append_checked(UploadRow upload, NextBytes next, Checksum checksum) {
  RunningChecksum sum(checksum.algorithm);
  NextBytes summed = [&](std::span<std::byte> room) -> Task<std::size_t> {
    const auto count = co_await next(room);
    sum.update(room.first(count));
    co_return count;
  };
  std::vector<std::shared_ptr<Part>> aside;
  PartEnd put_aside = [&](std::shared_ptr<Part> part) -> Task<> {
    co_await commit_part(part);
    aside.push_back(std::move(part));
  };
  std::shared_ptr<Part> open;
  std::exception_ptr failure;
  auto reached = upload.received;
  try {
    reached = co_await cut(upload, std::move(summed), std::move(put_aside), open);
    if (sum.finish() != checksum) {
      throw invalid("checksum_mismatch", "The bytes are not those of Upload-Checksum.");
    }
  } catch (...) {
    failure = std::current_exception();
  }
  for (const auto& part : aside) {
    if (failure) {
      co_await drop_part(upload.organization_id, part);
    } else {
      co_await count_part(upload, part);
    }
  }
  if (failure) std::rethrow_exception(failure);
  co_return reached;
}

Task<UploadView> Uploads::receive(Tenant tenant, UploadId id, std::int64_t offset, NextBytes next,
                                  std::optional<Checksum> checksum) {
  if (checksum) check(*checksum);
  auto row = co_await find(tenant, id);
  if (offset != row.received) throw offset_differs(row.received);
  auto reached = offset;
  if (checksum) {
    reached = co_await append_checked(row, std::move(next), std::move(*checksum));
  } else {
    reached = co_await append(row, std::move(next));
  }
  if (reached == row.size_bytes) {
    const auto stored = std::make_shared<runtime::Event>();
    store_aside(row, stored);
    co_await stored->wait();
  }
  co_return co_await get(std::move(tenant), id);
}

}  // namespace aa::uploads
