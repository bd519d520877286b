#include "driver/ldap/ldap_connection.hpp"

#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "base/error.hpp"
#include "driver/ldap/ldap_library.hpp"

namespace aa::ldap {
namespace {

constexpr ber_len_t kAnswerBytes = 1 << 20;
constexpr std::size_t kValuesMax = 2'000;
constexpr std::size_t kValueBytes = 4'000;
constexpr const char* kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

timeval to_timeval(std::chrono::seconds time) {
  timeval out{};
  out.tv_sec = time.count();
  return out;
}

Error away() {
  return unavailable("ldap_away", "The LDAP server does not answer. Try again later.");
}

Error failure(int code) {
  switch (code) {
    case LDAP_SERVER_DOWN:
    case LDAP_TIMEOUT:
    case LDAP_CONNECT_ERROR:
    case LDAP_UNAVAILABLE:
    case LDAP_BUSY:
    case LDAP_TIMELIMIT_EXCEEDED:
      return away();
    default:
      return unavailable("ldap_refused", "The LDAP server refuses what it is asked for (code " +
                                             std::to_string(code) + ").");
  }
}

std::string url_of(const Server& server) {
  const bool v6 = server.host.find(':') != std::string::npos;
  return "ldap://" + (v6 ? "[" + server.host + "]" : server.host) + ":" +
         std::to_string(server.port);
}

// Ends the connection when its time is over: libldap's own limits do not hold while TLS begins.
class Deadline {
 public:
  Deadline(int socket, std::chrono::seconds time)
      : socket_(::fcntl(socket, F_DUPFD_CLOEXEC, 0)), thread_([this, time] { watch(time); }) {}
  ~Deadline() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_one();
    thread_.join();
    ::close(socket_);
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  bool over() {
    const std::lock_guard lock(mutex_);
    return over_;
  }

 private:
  void watch(std::chrono::seconds time) {
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, time, [this] { return done_; })) return;
    over_ = true;
    ::shutdown(socket_, SHUT_RDWR);
  }

  int socket_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace

struct Connection::State {
  const Library& api = library();
  LDAP* handle = nullptr;
  std::optional<Deadline> deadline;

  ~State() {
    if (handle != nullptr) api.unbind(handle, nullptr, nullptr);
  }
  void set(int option, const void* value) {
    if (api.set_option(handle, option, value) != LDAP_OPT_SUCCESS) {
      throw internal_error("an option of libldap cannot be set: " + std::to_string(option));
    }
  }
  void set_limits(std::chrono::seconds time) {
    const int version = LDAP_VERSION3;
    set(LDAP_OPT_PROTOCOL_VERSION, &version);
    set(LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    const auto limit = to_timeval(time);
    set(LDAP_OPT_NETWORK_TIMEOUT, &limit);
    set(LDAP_OPT_TIMEOUT, &limit);
    Sockbuf* buffer = nullptr;
    auto bytes = kAnswerBytes;
    if (api.get_option(handle, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS) {
      api.sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &bytes);
    }
  }
  void begin_tls(const Server& server) {
    const int demand = LDAP_OPT_X_TLS_DEMAND;
    const int least = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    set(LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
    set(LDAP_OPT_X_TLS_PROTOCOL_MIN, &least);
    if (server.authority.empty()) {
      set(LDAP_OPT_X_TLS_CACERTFILE, kSystemAuthorities);
    } else {
      std::string bytes = server.authority;
      berval der{bytes.size(), bytes.data()};
      set(LDAP_OPT_X_TLS_CACERTFILE, nullptr);
      set(LDAP_OPT_X_TLS_CACERT, &der);
    }
    const int client = 0;
    set(LDAP_OPT_X_TLS_NEWCTX, &client);
    const bool asks = server.tls == Tls::start_tls;
    const int code = asks ? api.start_tls(handle, nullptr, nullptr) : api.install_tls(handle);
    if (code == LDAP_SUCCESS) return;
    if (deadline->over()) throw away();
    throw unavailable("ldap_tls",
                      "The LDAP server does not speak TLS, or its certificate is not vouched for "
                      "or not of its name.");
  }
};

Connection::Connection(int socket, const Server& server) : state_() {
  try {
    state_ = std::make_unique<State>();
    const auto limit = to_timeval(server.timeout);
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    state_->deadline.emplace(socket, 2 * server.timeout);
    const auto url = url_of(server);
    const int code = state_->api.init_fd(socket, LDAP_PROTO_TCP, url.c_str(), &state_->handle);
    if (code != LDAP_SUCCESS) throw failure(code);
  } catch (...) {
    ::close(socket);
    throw;
  }
  state_->set_limits(server.timeout);
  if (server.tls != Tls::none) state_->begin_tls(server);
}

Connection::~Connection() = default;

bool Connection::bind(const std::string& dn, const std::string& password) {
  if (dn.empty() || password.empty()) return false;
  std::string secret = password;
  berval credential{secret.size(), secret.data()};
  const int code = state_->api.bind(state_->handle, dn.c_str(), LDAP_SASL_SIMPLE, &credential,
                                    nullptr, nullptr, nullptr);
  switch (code) {
    case LDAP_SUCCESS:
      return true;
    case LDAP_INVALID_CREDENTIALS:
    case LDAP_NO_SUCH_OBJECT:
    case LDAP_INAPPROPRIATE_AUTH:
    case LDAP_INVALID_DN_SYNTAX:
      return false;
    default:
      throw failure(code);
  }
}

void Connection::bind_as_nobody() {
  berval none{0, nullptr};
  const int code =
      state_->api.bind(state_->handle, "", LDAP_SASL_SIMPLE, &none, nullptr, nullptr, nullptr);
  if (code != LDAP_SUCCESS) throw failure(code);
}

std::vector<Entry> Connection::search(const Search& search) {
  std::vector<std::string> names = search.attributes;
  std::vector<char*> wanted;
  for (auto& name : names) wanted.push_back(name.data());
  wanted.push_back(nullptr);
  const auto& api = state_->api;
  LDAPMessage* answer = nullptr;
  const int scope = search.scope == Scope::subtree ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_ONELEVEL;
  const int code =
      api.search(state_->handle, search.base.c_str(), scope, search.filter.c_str(), wanted.data(),
                 0, nullptr, nullptr, nullptr, search.entries_max, &answer);
  const std::unique_ptr<LDAPMessage, decltype(api.free_message)> owner(answer, api.free_message);
  // More than were asked for: those that came say so.
  if (code != LDAP_SUCCESS && code != LDAP_SIZELIMIT_EXCEEDED) throw failure(code);
  std::vector<Entry> out;
  for (auto* at = api.first_entry(state_->handle, answer); at != nullptr;
       at = api.next_entry(state_->handle, at)) {
    Entry entry;
    const std::unique_ptr<char, decltype(api.free_memory)> dn(api.get_dn(state_->handle, at),
                                                              api.free_memory);
    if (dn) entry.dn = dn.get();
    for (const auto& name : names) {
      const std::unique_ptr<berval*, decltype(api.free_values)> values(
          api.get_values(state_->handle, at, name.c_str()), api.free_values);
      auto& list = entry.values[name];
      for (std::size_t i = 0; values && values.get()[i] != nullptr; ++i) {
        const auto* value = values.get()[i];
        if (i >= kValuesMax || value->bv_len > kValueBytes) {
          throw too_large("ldap_too_large", "The LDAP server tells too much of a person.");
        }
        list.emplace_back(value->bv_val, value->bv_len);
      }
    }
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace aa::ldap
