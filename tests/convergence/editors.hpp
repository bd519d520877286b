// Many people on real servers, on bad networks: they edit, undo, are cut off, read late, come back
// on another server and go on, until all is settled.
//
// Thread rule: one owner. Errors: a server that is away is waited for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "bench/live/hand.hpp"
#include "bench/live/socket.hpp"
#include "tests/convergence/replica.hpp"

namespace aa::live {

struct EditorsOptions {
  std::vector<std::uint16_t> ports;
  std::string seats;
  std::uint64_t seed = 1;      // of the first room; each room has its own
  std::size_t rooms = 0;       // 0: all of the file
  std::size_t people_min = 2;  // of a room
  std::size_t people_max = 20;
  std::size_t gestures = 30;  // of each; 0: until told to stop
  double rate = 0;            // gestures a second of all; 0: as fast as think times allow
  double think = 0.05;        // seconds between two, on average, without a rate
  std::uint64_t cuts = 3;     // chances in 100, a gesture: cut off, read late, gone silently
  double patience = 60;       // seconds to settle in the end
};

struct Client {
  Client(std::uint64_t seed, IdSource& ids, const Canvas& on, const Seat& who)
      : canvas(&on), seat(&who), hand(seed, Manner::everything, ids), replica(ids, on.asset) {}
  const Canvas* canvas;
  const Seat* seat;
  Hand hand;
  Replica replica;
  Socket socket;
  bool greeted = false;
  bool deaf = false;  // what comes is left unread for a while
  std::size_t gestures = 0;
  double failures = 0;  // to connect, one after the other
  double heard = 0;
  double retry = 0;  // not before
};

class Editors {
 public:
  explicit Editors(EditorsOptions options);
  ~Editors();

  // Until every gesture is made, or `stop` says so.
  void run(const std::function<bool()>& stop);
  bool settle();
  std::vector<std::string> check();
  std::string report(const std::vector<std::string>& problems) const;

 private:
  struct Table {  // a room
    const RoomSeats* seats;
    Canvas canvas;
    std::vector<std::size_t> clients;
    std::vector<Acknowledged> by_http;
    std::size_t unknown = 0;  // sent by HTTP, never answered
  };
  struct Due {
    double at;
    std::size_t client;
    bool operator<(const Due& other) const { return at > other.at; }
  };

  void act(std::size_t index);
  void make(Client& client);
  void write_by_http(std::size_t index);
  void connect(std::size_t index);
  void leave(std::size_t index, bool reset);
  void vanish(std::size_t index);
  void watch(std::size_t index, bool reading);
  void send(Client& client);
  void poll(double until);
  void read(std::size_t index);
  void look_after(std::size_t index);
  double think();
  Http& http(std::size_t index);

  EditorsOptions options_;
  SystemClock clock_;
  IdSource ids_;
  Hand chooser_;
  std::vector<RoomSeats> seats_;
  std::vector<Table> tables_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::size_t> table_of_;
  std::map<std::uint16_t, Http> https_;
  std::priority_queue<Due> due_;
  std::vector<std::pair<double, Socket>> ghosts_;  // nobody reads them; closed later
  int epoll_ = -1;
  std::size_t cuts_ = 0;
  std::size_t connections_ = 0;
  std::size_t by_http_ = 0;
};

}  // namespace aa::live
