#include "tests/convergence/editors.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <sys/epoll.h>
#include <unistd.h>

#include <fmt/format.h>

#include "bench/live/raw_json.hpp"

namespace aa::live {
namespace {

constexpr int kEventsAtOnce = 256;
constexpr double kSilence = 10;  // a ping then, and a new connection after as much again
constexpr double kGhostLife = 3;
constexpr double kDeafMost = 0.3;
constexpr double kBackOffFirst = 0.05;
constexpr double kBackOffMost = 1;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Editors::Editors(EditorsOptions options)
    : options_(std::move(options)),
      ids_(clock_, options_.seed),
      chooser_(options_.seed, Manner::everything, ids_),
      seats_(read_seats(options_.seats)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (options_.rooms > 0 && options_.rooms < seats_.size()) seats_.resize(options_.rooms);
  for (const std::uint16_t port : options_.ports) https_.try_emplace(port, port);
  tables_.reserve(seats_.size());
  for (const RoomSeats& seats : seats_) {
    Table& table =
        tables_.emplace_back(Table{&seats, canvas_of(https_.begin()->second, seats), {}, {}, 0});
    const std::uint64_t seed = options_.seed + tables_.size() - 1;
    const std::size_t more = options_.people_max - options_.people_min + 1;
    const std::size_t count = options_.people_min + chooser_.below(more);
    for (std::size_t i = 0; i < count; ++i) {
      const Seat& seat = seats.seats[i % seats.seats.size()];
      clients_.push_back(std::make_unique<Client>(seed * 1000 + i, ids_, table.canvas, seat));
      table.clients.push_back(clients_.size() - 1);
      table_of_.push_back(tables_.size() - 1);
    }
  }
}

Editors::~Editors() { close(epoll_); }

Http& Editors::http(std::size_t index) {
  const std::uint16_t port = options_.ports[clients_[index]->hand.below(options_.ports.size())];
  return https_.at(port);
}

double Editors::think() {
  const double mean =
      options_.rate > 0 ? static_cast<double>(clients_.size()) / options_.rate : options_.think;
  return mean * (0.5 + static_cast<double>(chooser_.below(1000)) / 1000);
}

void Editors::run(const std::function<bool()>& stop) {
  const double begin = now_s();
  for (std::size_t i = 0; i < clients_.size(); ++i) due_.push({begin + think(), i});
  while (!due_.empty() && !stop()) {
    const double now = now_s();
    while (!due_.empty() && due_.top().at <= now) {
      const std::size_t index = due_.top().client;
      due_.pop();
      act(index);
      const Client& client = *clients_[index];
      if (options_.gestures == 0 || client.gestures < options_.gestures) {
        due_.push({now_s() + think(), index});
      }
    }
    for (std::size_t i = 0; i < clients_.size(); ++i) look_after(i);
    poll(std::min(now + 0.01, due_.empty() ? now : due_.top().at));
  }
}

void Editors::act(std::size_t index) {
  Client& client = *clients_[index];
  const std::uint64_t dice = client.hand.below(300);
  if (client.socket.open() && dice < options_.cuts) return leave(index, true);
  if (client.socket.open() && dice < 2 * options_.cuts) return vanish(index);
  if (client.socket.open() && dice < 3 * options_.cuts) return watch(index, false);
  if (client.deaf) watch(index, true);
  make(client);
  if (client.hand.chance(1)) write_by_http(index);
}

void Editors::make(Client& client) {
  if (client.replica.user() == UserId{}) return;
  ++client.gestures;
  const bool undone = client.hand.chance(8) && client.replica.undo();
  if (!undone) {
    client.replica.edit(
        client.hand.gesture(client.replica.shown(), *client.canvas, client.replica.user()));
  }
  send(client);
}

// Another window of the same person, or a script: it enters the same log.
void Editors::write_by_http(std::size_t index) {
  Client& client = *clients_[index];
  Table& table = tables_[table_of_[index]];
  std::string body =
      fmt::format(R"({{"base_revision":{},"operations":[)", client.replica.confirmed().revision());
  const auto changes =
      client.hand.gesture(client.replica.confirmed(), *client.canvas, client.replica.user());
  for (const Change& change : changes) {
    if (body.back() == '}') body += ',';
    body += document::write_operation({ids_.next_as<OperationId>(), change});
  }
  body += "]}";
  ++by_http_;
  try {
    const std::string target = "/assets/" + client.canvas->asset.str() + "/operations";
    const Answer answer = http(index).ask("POST", target, client.seat->token, body);
    if (answer.status >= 500) ++table.unknown;
    if (answer.status != 200) return;
    const json::Value outcome = json::parse(answer.body);
    for (const auto& applied : outcome.at("applied").as_array()) {
      table.by_http.push_back({json::read<OperationId>(applied.at("id")),
                               applied.at("revision").to_number<std::int64_t>()});
    }
  } catch (const std::runtime_error&) {
    table.unknown += changes.size();
  }
}

void Editors::connect(std::size_t index) {
  Client& client = *clients_[index];
  try {
    const std::size_t at = client.hand.below(options_.ports.size());
    const std::uint16_t port = options_.ports[at];
    const std::string target = "/api/v1/live?ticket=" + ticket_of(https_.at(port), *client.seat);
    client.socket = Socket(port, target);
    client.heard = now_s();
    client.greeted = false;
    client.deaf = false;
    ++connections_;
    epoll_event event{.events = EPOLLIN, .data = {.u64 = index}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, client.socket.fd(), &event);
  } catch (const std::exception&) {
    leave(index, false);
  }
}

// Back-off that doubles, with a share of chance.
void Editors::leave(std::size_t index, bool reset) {
  Client& client = *clients_[index];
  if (reset) {
    ++cuts_;
    client.failures = 0;
  } else {
    ++client.failures;
  }
  client.socket.drop(reset);
  client.replica.disconnected();
  const double pause = std::min(kBackOffMost, kBackOffFirst * std::pow(2, client.failures));
  client.retry = now_s() + pause * (0.5 + static_cast<double>(client.hand.below(1000)) / 1000);
}

// The network is gone without a word: the server goes on sending to nobody for a while.
void Editors::vanish(std::size_t index) {
  Client& client = *clients_[index];
  ++cuts_;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, client.socket.fd(), nullptr);
  ghosts_.emplace_back(now_s() + kGhostLife, std::move(client.socket));
  client.replica.disconnected();
  client.retry = 0;
}

void Editors::watch(std::size_t index, bool reading) {
  Client& client = *clients_[index];
  client.deaf = !reading;
  client.retry = now_s() + kDeafMost * static_cast<double>(client.hand.below(1000)) / 1000;
  epoll_event event{.events = reading ? std::uint32_t{EPOLLIN} : 0U, .data = {.u64 = index}};
  epoll_ctl(epoll_, EPOLL_CTL_MOD, client.socket.fd(), &event);
}

void Editors::send(Client& client) {
  if (!client.socket.open() || !client.greeted || client.retry > now_s()) return;
  if (auto text = client.replica.next_batch(client.hand.chance(50))) client.socket.send_text(*text);
}

void Editors::look_after(std::size_t index) {
  Client& client = *clients_[index];
  const double now = now_s();
  if (client.socket.fd() < 0) {
    if (now >= client.retry) connect(index);
    return;
  }
  if (client.deaf && now >= client.retry) watch(index, true);
  if (!client.deaf && now - client.heard > 2 * kSilence) return leave(index, true);
  if (client.socket.waiting()) client.socket.flush();
  send(client);
}

void Editors::poll(double until) {
  epoll_event events[kEventsAtOnce];
  const double left = std::max(0.0, until - now_s());
  const int count =
      epoll_wait(epoll_, events, kEventsAtOnce, static_cast<int>(std::ceil(left * 1e3)));
  for (int i = 0; i < count; ++i) read(events[i].data.u64);
  const double now = now_s();
  std::erase_if(ghosts_, [&](const auto& ghost) { return ghost.first < now; });
}

void Editors::read(std::size_t index) {
  Client& client = *clients_[index];
  if (client.socket.fd() < 0) return;
  const bool alive = client.socket.receive([&](std::string_view text) {
    client.replica.take(text);
    client.failures = 0;
    if (text.starts_with(R"({"t":"error")")) {
      client.retry = now_s() + static_cast<double>(raw_integer(member(text, "retry_ms"))) / 1e3;
    }
  });
  client.heard = now_s();
  if (!alive) return leave(index, false);
  if (client.socket.open() && !client.greeted) {
    client.greeted = true;
    client.socket.send_text(client.replica.hello());
  }
  send(client);
}

bool Editors::settle() {
  const double until = now_s() + options_.patience;
  const auto quiet = [&] {
    return std::all_of(tables_.begin(), tables_.end(), [&](const Table& table) {
      const auto& first = clients_[table.clients.front()]->replica;
      return std::all_of(table.clients.begin(), table.clients.end(), [&](std::size_t c) {
        const auto& replica = clients_[c]->replica;
        return replica.settled() && replica.connected() &&
               replica.confirmed().revision() == first.confirmed().revision();
      });
    });
  };
  while (!quiet()) {
    if (now_s() > until) return false;
    for (std::size_t i = 0; i < clients_.size(); ++i) look_after(i);
    poll(now_s() + 0.01);
  }
  return true;
}

}  // namespace aa::live
