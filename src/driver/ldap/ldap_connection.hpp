// A connection to an LDAP server (RFC 4511) by OpenLDAP's libldap.
//
// The socket comes connected, so that whoever opens it has checked the address. TLS is begun before
// anything is sent, and the certificate must be of the host and vouched for, by the given authority
// or by the system's. Referrals are not followed; times, entries and the size of answers are
// bounded. An empty password is never sent: to a server it would be no proof at all.
//
// Thread rule: one thread at a time; everything blocks.
// Errors: unavailable "ldap_missing" (no libldap on this machine), "ldap_away", "ldap_tls",
// "ldap_refused" (the server does not do what it is asked); too_large "ldap_too_large".
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace aa::ldap {

enum class Tls { from_the_start, start_tls, none };
enum class Scope { subtree, one_level };

struct Server {
  std::string host;  // whom the certificate must be of
  std::uint16_t port = 636;
  Tls tls = Tls::from_the_start;
  std::string authority;            // a certificate as DER; empty: those of the system
  std::chrono::seconds timeout{5};  // of each step; all of them have twice as long
};

struct Search {
  std::string base;
  Scope scope = Scope::subtree;
  std::string filter;
  std::vector<std::string> attributes;
  int entries_max = 2;
};

struct Entry {
  std::string dn;
  std::map<std::string, std::vector<std::string>> values;  // by the names that were asked for
};

class Connection {
 public:
  // Takes the socket, also when it throws.
  Connection(int socket, const Server& server);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // False when the name or the password is wrong, or the password is empty.
  bool bind(const std::string& dn, const std::string& password);
  void bind_as_nobody();
  std::vector<Entry> search(const Search& search);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace aa::ldap
