// Replicas and the server's order over a simulated network that delays, reorders between people
// and cuts: one seed, one history.
//
// usage: convergence_simulation FROM COUNT   (seeds FROM .. FROM + COUNT - 1)
// Prints what failed and "N passed, N failed".
#include <cstdio>
#include <deque>
#include <exception>
#include <memory>

#include "bench/live/hand.hpp"
#include "tests/convergence/order.hpp"
#include "tests/convergence/replica.hpp"

namespace aa::live {
namespace {

constexpr std::uint32_t kHeight = 40;
constexpr std::uint32_t kWidth = 60;

document::LabelSchema labels_of(IdSource& ids) {
  using document::AttributeKind;
  document::Label thing{.id = ids.next_as<LabelId>(), .name = "thing"};
  thing.attributes = {{.name = "note", .kind = AttributeKind::text},
                      {.name = "count", .kind = AttributeKind::number},
                      {.name = "open", .kind = AttributeKind::checkbox}};
  document::Label other = thing;
  other.id = ids.next_as<LabelId>();
  other.name = "other";
  return {{thing, other}};
}

// One person: both directions of the connection are queues, which a cut empties.
struct Person {
  Person(std::uint64_t seed, IdSource& ids, AssetId asset)
      : user(ids.next_as<UserId>()), hand(seed, Manner::everything, ids), replica(ids, asset) {}
  UserId user;
  Hand hand;
  Replica replica;
  bool connected = false;
  std::deque<std::string> up;
  std::deque<std::string> down;
};

class World {
 public:
  World(std::uint64_t seed, const Clock& clock)
      : ids_(clock, seed), chooser_(seed, Manner::everything, ids_) {
    canvas_ = {ids_.next_as<AssetId>(), kWidth, kHeight, labels_of(ids_)};
    const std::uint64_t count = 2 + chooser_.below(19);
    for (std::uint64_t i = 0; i < count; ++i) {
      people_.push_back(std::make_unique<Person>(seed * 100 + i, ids_, canvas_.asset));
    }
  }

  std::vector<std::string> live() {
    const std::uint64_t steps = people_.size() * (20 + chooser_.below(60));
    for (std::uint64_t i = 0; i < steps; ++i) {
      act(*people_[chooser_.below(people_.size())], chooser_.below(100));
    }
    for (bool calm = false; !calm;) {
      calm = true;
      for (auto& person : people_) calm = settle(*person) && calm;
    }
    return check();
  }

 private:
  void act(Person& person, std::uint64_t dice) {
    if (dice < 3) return cut(person);
    if (dice < 30) return edit(person);
    if (dice < 33) {
      if (!person.replica.undo()) edit(person);
    } else if (dice < 60) {
      send(person);
    } else if (dice < 80) {
      deliver_up(person);
    } else {
      deliver_down(person);
    }
  }

  void edit(Person& person) {
    if (person.replica.user() == UserId{}) return;  // never welcomed yet
    person.replica.edit(person.hand.gesture(person.replica.shown(), canvas_, person.user));
  }

  void cut(Person& person) {
    person.connected = false;
    person.up.clear();
    person.down.clear();
    person.replica.disconnected();
  }

  void send(Person& person) {
    if (!person.connected) {
      person.connected = true;
      person.up.push_back(person.replica.hello());
    } else if (auto text = person.replica.next_batch(person.hand.chance(50))) {
      person.up.push_back(std::move(*text));
    }
  }

  void deliver_up(Person& person) {
    if (person.up.empty()) return;
    const std::string text = std::move(person.up.front());
    person.up.pop_front();
    if (text.starts_with(R"({"t":"hello")")) {
      person.down.push_back(order_.welcome(text, person.user));
      return;
    }
    const auto answers = order_.submit(text);
    // To those who were welcomed: the others find it in their welcome.
    for (auto& other : people_) {
      if (other.get() == &person || answers.to_others.empty() || !hears(*other)) continue;
      other->down.push_back(answers.to_others);
    }
    person.down.push_back(answers.to_sender);
  }

  static bool hears(const Person& person) {
    const bool greeted = person.replica.connected() || !person.down.empty();
    return person.connected && greeted;
  }

  static void deliver_down(Person& person) {
    if (person.down.empty()) return;
    person.replica.take(person.down.front());
    person.down.pop_front();
  }

  // True when nothing was left to be done.
  bool settle(Person& person) {
    if (person.connected && person.up.empty() && person.down.empty() && person.replica.settled()) {
      return true;
    }
    if (person.up.empty() && person.down.empty()) send(person);
    while (!person.up.empty()) deliver_up(person);
    while (!person.down.empty()) deliver_down(person);
    return false;
  }

  std::vector<std::string> check() {
    std::vector<Acknowledged> acknowledged;
    std::vector<std::string> problems;
    const std::string right = bytes_of(order_.document());
    for (const auto& person : people_) {
      const Replica& replica = person->replica;
      problems.insert(problems.end(), replica.problems().begin(), replica.problems().end());
      acknowledged.insert(acknowledged.end(), replica.acknowledged().begin(),
                          replica.acknowledged().end());
      if (bytes_of(replica.confirmed()) != right) problems.emplace_back("a document differs");
      if (bytes_of(replica.shown()) != right) problems.emplace_back("what is shown differs");
    }
    const auto found = check_record(order_.record(), acknowledged);
    problems.insert(problems.end(), found.begin(), found.end());
    if (order_.record().log.size() != acknowledged.size()) {
      problems.emplace_back("stored, but never acknowledged");
    }
    return problems;
  }

  IdSource ids_;
  Hand chooser_;
  Canvas canvas_;
  Order order_;
  std::vector<std::unique_ptr<Person>> people_;
};

int run(std::uint64_t from, std::uint64_t count) {
  std::size_t failed = 0;
  for (std::uint64_t seed = from; seed < from + count; ++seed) {
    const ManualClock clock;
    const auto problems = World(seed, clock).live();
    if (problems.empty()) continue;
    ++failed;
    std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), problems[0].c_str());
  }
  std::printf("%zu passed, %zu failed\n", static_cast<std::size_t>(count) - failed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace aa::live

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: convergence_simulation FROM COUNT\n", stderr);
    return 2;
  }
  try {
    return aa::live::run(std::stoull(argv[1]), std::stoull(argv[2]));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "convergence_simulation: %s\n", e.what());
    return 2;
  }
}
