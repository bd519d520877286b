#include <algorithm>

#include "base/error.hpp"
#include "driver/http/detail/multipart_parser.hpp"
#include "driver/http/message.hpp"

namespace aa::http {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kEpilogueBytes = 64 * 1024;

}  // namespace

struct MultipartReader::State {
  using Found = MultipartParser::Found;

  State(std::shared_ptr<BodySource> source, std::string boundary)
      : body(std::move(source)), parser(std::move(boundary)) {}

  std::string_view rest() const { return std::string_view(held).substr(used); }
  Task<> fetch();
  // Steps until a part, data or the end is there; data is not taken yet.
  Task<MultipartParser::Step> advance();
  Task<> skip_epilogue();

  std::shared_ptr<BodySource> body;
  MultipartParser parser;
  std::string held;
  std::size_t used = 0;
  bool part_waits = false;  // its head was met while the one before was read
  bool in_part = false;
  bool ended = false;
};

Task<> MultipartReader::State::fetch() {
  held.erase(0, used);
  used = 0;
  const auto before = held.size();
  held.resize(before + kReadBytes);
  std::size_t count = 0;
  const std::span<char> room(held.data() + before, kReadBytes);
  count = co_await body->read(std::as_writable_bytes(room));
  held.resize(before + count);
  if (count == 0) {
    throw malformed("malformed_multipart", "The body ends before its closing boundary.");
  }
}

Task<MultipartParser::Step> MultipartReader::State::advance() {
  for (;;) {
    auto step = parser.step(rest());
    if (step.found == Found::data) co_return step;
    used += step.consumed;
    if (step.found != Found::more) co_return step;
    if (step.consumed == 0) co_await fetch();
  }
}

// So that the connection can go on: the last chunk of a chunked body stands behind the boundary.
Task<> MultipartReader::State::skip_epilogue() {
  held = {};
  used = 0;
  std::vector<std::byte> buffer(4096);
  for (std::size_t total = 0; total < kEpilogueBytes;) {
    const std::size_t count = co_await body->read(buffer);
    if (count == 0) co_return;
    total += count;
  }
}

MultipartReader::MultipartReader(Request& request)
    : state_(std::make_unique<State>(
          request.body, multipart_boundary(request.headers.get("content-type").value_or("")))) {}

MultipartReader::~MultipartReader() = default;

Task<std::optional<Part>> MultipartReader::next() {
  auto& state = *state_;
  while (!state.part_waits && !state.ended) {
    const auto step = co_await state.advance();
    if (step.found == State::Found::data) state.used += step.consumed;
    if (step.found == State::Found::part) state.part_waits = true;
    if (step.found == State::Found::end) state.ended = true;
  }
  if (!state.part_waits) {
    if (std::exchange(state.in_part, false) || !state.held.empty()) co_await state.skip_epilogue();
    co_return std::nullopt;
  }
  state.part_waits = false;
  state.in_part = true;
  co_return state.parser.part();
}

Task<std::size_t> MultipartReader::read(std::span<std::byte> buffer) {
  auto& state = *state_;
  if (!state.in_part || state.part_waits || state.ended || buffer.empty()) co_return 0;
  const auto step = co_await state.advance();
  if (step.found == State::Found::part) state.part_waits = true;
  if (step.found == State::Found::end) state.ended = true;
  const auto count = std::min(buffer.size(), step.data.size());
  std::copy_n(std::as_bytes(std::span(step.data)).begin(), count, buffer.begin());
  state.used += count;
  co_return count;
}

Task<std::string> MultipartReader::read_text(std::size_t limit) {
  std::string text;
  std::vector<std::byte> buffer(4096);
  for (;;) {
    const std::size_t count = co_await read(buffer);
    if (count == 0) co_return text;
    if (text.size() + count > limit) {
      throw too_large("field_too_large", "The field '" + state_->parser.part().name +
                                             "' is larger than " + std::to_string(limit) +
                                             " bytes.");
    }
    text.append(reinterpret_cast<const char*>(buffer.data()), count);
  }
}

}  // namespace aa::http
