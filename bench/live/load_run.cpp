#include "bench/live/load_run.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench/live/raw_json.hpp"

namespace aa::live {
namespace {

constexpr int kEventsAtOnce = 512;
constexpr double kLate = 0.02;
constexpr std::size_t kNotesMax = 20;
constexpr int kEditorsTried = 4;
constexpr std::uint64_t kUndoPercent = 3;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

LoadRun::LoadRun(LoadOptions options)
    : options_(std::move(options)),
      ids_(clock_, options_.seed),
      seats_(read_seats(options_.seats)) {
  if (options_.rooms > 0 && options_.rooms < seats_.size()) seats_.resize(options_.rooms);
  std::size_t total = 0;
  for (const auto& room : seats_) total += room.seats.size();
  if (options_.editors > 0 && options_.editors < total) total = options_.editors;
  options_.editors = total;
  if (options_.server_pid > 0) server_.emplace(options_.server_pid);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
}

LoadRun::~LoadRun() { close(epoll_); }

void LoadRun::note(std::string problem) {
  if (notes_.size() < kNotesMax) notes_.push_back(std::move(problem));
}

// Room by room in turns, so that all rooms fill alike.
void LoadRun::connect_all() {
  Http http(options_.port);
  rooms_.reserve(seats_.size());
  for (const RoomSeats& seats : seats_) {
    auto& room = rooms_.emplace_back(
        Room{.canvas = canvas_of(http, seats),
             .hand = Hand(options_.seed + rooms_.size(), Manner::people, ids_)});
    room.texts.reserve(256);
  }
  for (std::size_t seat = 0; editors_.size() < options_.editors; ++seat) {
    for (std::size_t r = 0; r < rooms_.size() && editors_.size() < options_.editors; ++r) {
      if (seat >= seats_[r].seats.size()) continue;
      Editor& editor = editors_.emplace_back();
      editor.seat = &seats_[r].seats[seat];
      editor.room = r;
      rooms_[r].editors.push_back(editors_.size() - 1);
      const std::string target = "/api/v1/live?ticket=" + ticket_of(http, *editor.seat);
      editor.socket = Socket(options_.port, target);
      connect_one(editors_.size() - 1);
      poll(now_s());
    }
  }
  const double until = now_s() + 30;
  const auto all_in = [&] {
    return std::all_of(editors_.begin(), editors_.end(), [](const Editor& e) { return e.welcome; });
  };
  while (!all_in() && now_s() < until) poll(now_s() + 0.05);
  if (!all_in()) throw std::runtime_error("not every editor was let in: " + report({}, false));
}

void LoadRun::connect_one(std::size_t index) {
  Editor& editor = editors_[index];
  epoll_event event{.events = EPOLLIN, .data = {.u64 = index}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, editor.socket.fd(), &event);
}

void LoadRun::poll(double until) {
  epoll_event events[kEventsAtOnce];
  const double left = std::max(0.0, until - now_s());
  const timespec wait{static_cast<time_t>(left),
                      static_cast<long>((left - std::floor(left)) * 1e9)};
  const int count = epoll_pwait2(epoll_, events, kEventsAtOnce, &wait, nullptr);
  for (int i = 0; i < count; ++i) read(events[i].data.u64);
}

void LoadRun::read(std::size_t index) {
  Editor& editor = editors_[index];
  const bool alive = editor.socket.receive([&](std::string_view text) { message(index, text); });
  if (editor.socket.open() && !editor.greeted) {
    editor.greeted = true;
    editor.socket.send_text(R"({"t":"hello","revision":null})");
  }
  if (editor.socket.waiting()) editor.socket.flush();
  if (alive) return;
  ++counts_.closed;
  note("editor " + std::to_string(index) + " was cut: " + std::to_string(editor.socket.reason()));
  editor.socket.drop();
}

void LoadRun::message(std::size_t index, std::string_view text) {
  Editor& editor = editors_[index];
  const std::string_view rest = text.substr(std::min<std::size_t>(text.size(), 6));
  if (!text.starts_with(R"({"t":")"))
    return note("not a message: " + std::string(text.substr(0, 200)));
  if (rest.starts_with("ops\"")) {
    delivered(editor, text, now_s());
  } else if (rest.starts_with("presence\"")) {
    ++counts_.presence_received;
  } else if (rest.starts_with("ack\"")) {
    acknowledged(editor, text);
  } else if (rest.starts_with("welcome\"")) {
    welcomed(editor, text);
  } else if (rest.starts_with("error\"")) {
    ++counts_.errors;
    note(std::string(text.substr(0, 300)));
    editor.sent.reset();
  } else if (rest.starts_with("resync\"")) {
    ++counts_.resyncs;
    note(std::string(text.substr(0, 300)));
  }
}

void LoadRun::welcomed(Editor& editor, std::string_view text) {
  Room& room = rooms_[editor.room];
  const json::Value welcome = json::parse(text);
  editor.welcome = true;
  editor.user = json::read<UserId>(welcome.at("user").at("id"));
  editor.revision = welcome.at("revision").to_number<std::int64_t>();
  if (room.document.revision() > 0 || editor.revision == 0) return;
  if (const auto* snapshot = welcome.as_object().if_contains("snapshot")) {
    room.document = Document(json::read<document::Snapshot>(*snapshot));
  } else {
    each_element(member(text, "operations"), [&](std::string_view operation) {
      room.document.apply(read_stored(json::parse(operation)).operation);
    });
  }
  room.first = room.document.revision();
}

void LoadRun::acknowledged(Editor& editor, std::string_view text) {
  if (!editor.sent || raw_integer(member(text, "n")) != editor.sent->number) {
    ++counts_.differing;
    return note("an answer to nothing: " + std::string(text.substr(0, 200)));
  }
  const double ms = (now_s() - editor.sent->at) * 1e3;
  Room& room = rooms_[editor.room];
  each_element(member(text, "stored"), [&](std::string_view stored) {
    ++counts_.acknowledged;
    if (counting_) ack_.add(ms);
    take_stored(room, editor, stored);
  });
  each_element(member(text, "dropped"), [&](std::string_view) { ++counts_.dropped; });
  editor.sent.reset();
}

void LoadRun::take_stored(Room& room, Editor& editor, std::string_view stored) {
  const std::int64_t revision = raw_integer(member(stored, "revision"));
  const auto id = OperationId::parse(unquoted(member(stored, "id")));
  const auto& sent = editor.sent->operations;
  const auto own = std::find_if(sent.begin(), sent.end(),
                                [&](const document::Operation& o) { return id && o.id == *id; });
  if (own == sent.end()) return note("acknowledged, but never sent: " + std::string(stored));
  document::Operation operation =
      member(stored, "op").empty() ? *own : read_stored(json::parse(stored)).operation;
  room.acknowledged.push_back({*id, revision});
  room.own.emplace_back(revision, operation);
  received(editor, revision);
  if (!own->undoes && operation.step && !editor.sent->inverse.empty()) {
    editor.undoable = Undoable{*operation.step, revision, std::move(editor.sent->inverse)};
  }
  fold(room, revision, std::move(operation));
}

void LoadRun::delivered(Editor& editor, std::string_view text, double now) {
  each_element(member(text, "operations"),
               [&](std::string_view operation) { deliver_one(editor, operation, now); });
}

void LoadRun::deliver_one(Editor& editor, std::string_view operation, double now) {
  Room& room = rooms_[editor.room];
  std::string_view id_text;
  std::int64_t revision = 0;
  each_member(operation, [&](std::string_view key, std::string_view value) {
    if (key == "id") id_text = unquoted(value);
    if (key == "revision") revision = raw_integer(value);
  });
  const auto id = Uuid::parse(id_text);
  const auto sent = id ? sent_at_.find(*id) : sent_at_.end();
  if (sent == sent_at_.end() || revision <= room.first) {
    ++counts_.differing;
    return note("nobody sent this: " + std::string(operation.substr(0, 200)));
  }
  if (counting_) delivery_.add((now - sent->second) * 1e3);
  ++counts_.deliveries;
  const auto place = static_cast<std::size_t>(revision - room.first - 1);
  if (place >= room.texts.size()) room.texts.resize(place + 1);
  std::string& first = room.texts[place];
  if (first.empty()) {
    first = operation;
    fold(room, revision, read_stored(json::parse(operation)).operation);
  } else if (first != operation) {
    ++counts_.differing;
    note("members got different operations: " + first + " and " + std::string(operation));
  }
  received(editor, revision);
}

void LoadRun::received(Editor& editor, std::int64_t revision) {
  if (revision <= editor.revision) {
    ++counts_.differing;
    return note("a revision came twice: " + std::to_string(revision));
  }
  if (revision != editor.revision + 1) {
    ++counts_.disordered;
    editor.ahead.push_back(revision);
    return;
  }
  editor.revision = revision;
  for (auto next = editor.ahead.begin(); next != editor.ahead.end();) {
    if (*next != editor.revision + 1) {
      ++next;
      continue;
    }
    editor.revision = *next;
    editor.ahead.erase(next);
    next = editor.ahead.begin();
  }
}

void LoadRun::fold(Room& room, std::int64_t revision, document::Operation operation) {
  if (revision <= room.document.revision()) return;
  room.waiting.emplace(revision, std::move(operation));
  for (auto next = room.waiting.begin();
       next != room.waiting.end() && next->first == room.document.revision() + 1;
       next = room.waiting.erase(next)) {
    const auto result = room.document.apply(next->second);
    if (!result.ok) note("does not apply (" + result.code + ") at " + std::to_string(next->first));
    room.document.set_revision(next->first);
  }
}

void LoadRun::run() {
  Hand chooser(options_.seed ^ 0xabcdef, Manner::people, ids_);
  const double begin = now_s();
  const double count_from = begin + options_.warm_up;
  const double end = count_from + options_.seconds;
  double next_operation = begin;
  double next_cursor = begin;
  double next_look = begin;
  double cpu_from = 0;
  std::size_t cursor_of = 0;
  const double cursors = options_.cursor_rate * static_cast<double>(editors_.size());
  for (double now = begin; now < end; now = now_s()) {
    if (!counting_ && now >= count_from) {
      counting_ = true;
      cpu_from = server_ ? server_->cpu_seconds() : 0;
      counts_at_start_ = counts_;
    }
    for (; next_operation <= now; next_operation += 1 / options_.rate) {
      if (now - next_operation > kLate) ++counts_.late;
      if (!act(rooms_[chooser.below(rooms_.size())])) ++counts_.nobody;
    }
    for (; cursors > 0 && next_cursor <= now; next_cursor += 1 / cursors) {
      show_cursor(editors_[cursor_of++ % editors_.size()]);
    }
    if (server_ && now >= next_look) {
      server_->look();
      next_look = now + 0.5;
    }
    poll(std::min(end, cursors > 0 ? std::min(next_operation, next_cursor) : next_operation));
  }
  counting_ = false;
  counted_s_ = now_s() - count_from;
  if (server_) cpu_s_ = server_->cpu_seconds() - cpu_from;
  counts_at_end_ = counts_;
}

bool LoadRun::act(Room& room) {
  for (int tries = 0; tries < kEditorsTried; ++tries) {
    Editor& editor = editors_[room.editors[room.hand.below(room.editors.size())]];
    const bool free = editor.welcome && !editor.sent && editor.socket.open();
    if (!free || editor.revision != room.document.revision()) continue;
    if (room.hand.chance(kUndoPercent) && undo(editor, room)) return true;
    send(editor, room, room.hand.gesture(room.document, room.canvas, editor.user), {});
    return true;
  }
  return false;
}

// Of what nobody has changed since; anything else needs kernel/ot.
bool LoadRun::undo(Editor& editor, Room& room) {
  if (!editor.undoable) return false;
  Undoable last = std::move(*editor.undoable);
  editor.undoable.reset();
  const bool untouched =
      std::all_of(last.inverse.begin(), last.inverse.end(), [&](const Change& change) {
        const Annotation* target = room.document.find(document::target_of(change));
        return target == nullptr ? std::holds_alternative<document::Put>(change)
                                 : target->revision == last.revision;
      });
  if (untouched) send(editor, room, std::move(last.inverse), last.step);
  return untouched;
}

void LoadRun::send(Editor& editor, Room& room, std::vector<Change> changes,
                   std::optional<StepId> undoes) {
  Sent sent{++editor.batches, {}, {}, 0};
  const auto step = ids_.next_as<StepId>();
  if (changes.size() == 1) sent.inverse = room.document.invert(changes.front());
  std::string text = fmt::format(R"({{"t":"ops","n":{},"base":{},"operations":[)", sent.number,
                                 room.document.revision());
  for (Change& change : changes) {
    sent.operations.push_back(
        as_read({ids_.next_as<OperationId>(), std::move(change), step, undoes}));
    if (text.back() == '}') text += ',';
    text += document::write_operation(sent.operations.back());
  }
  text += "]}";
  sent.at = now_s();
  for (const auto& operation : sent.operations) {
    sent_at_.emplace(operation.id.uuid, sent.at);
    ++counts_.sent;
  }
  editor.sent = std::move(sent);
  editor.socket.send_text(text);
}

void LoadRun::show_cursor(Editor& editor) {
  if (!editor.socket.open()) return;
  Room& room = rooms_[editor.room];
  editor.socket.send_text(fmt::format(
      R"({{"t":"presence","cursor":[{},{}],"selection":[],"tool":"box","view":null,"frame":null}})",
      room.hand.below(room.canvas.width), room.hand.below(room.canvas.height)));
  ++counts_.presence_sent;
}

bool LoadRun::quiesce(double seconds) {
  const double until = now_s() + seconds;
  const auto quiet = [&] {
    return std::all_of(editors_.begin(), editors_.end(), [&](const Editor& e) {
      return !e.sent && e.revision == rooms_[e.room].document.revision();
    });
  };
  while (!quiet() && now_s() < until) poll(now_s() + 0.02);
  return quiet();
}

}  // namespace aa::live
