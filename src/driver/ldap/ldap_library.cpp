#include "driver/ldap/ldap_library.hpp"

#include <array>
#include <cstdlib>
#include <dlfcn.h>

#include "base/error.hpp"

namespace aa::ldap {
namespace {

// Of OpenLDAP 2.5 and 2.6.
constexpr std::array<const char*, 2> kLdapNames{"libldap-2.5.so.0", "libldap.so.2"};
constexpr std::array<const char*, 2> kLberNames{"liblber-2.5.so.0", "liblber.so.2"};

Error missing() {
  return unavailable("ldap_missing",
                     "This server lacks OpenLDAP's library: install the package libldap-2.5-0.");
}

template <std::size_t N>
void* open_one(const std::array<const char*, N>& names) {
  for (const char* name : names) {
    if (void* handle = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) return handle;
  }
  throw missing();
}

template <class Function>
void find(void* handle, const char* name, Function& out) {
  out = reinterpret_cast<Function>(::dlsym(handle, name));
  if (out == nullptr) throw missing();
}

Library opened() {
  void* ldap = open_one(kLdapNames);
  void* lber = open_one(kLberNames);
  Library out;
  find(ldap, "ldap_init_fd", out.init_fd);
  find(ldap, "ldap_install_tls", out.install_tls);
  find(ldap, "ldap_start_tls_s", out.start_tls);
  find(ldap, "ldap_set_option", out.set_option);
  find(ldap, "ldap_get_option", out.get_option);
  find(ldap, "ldap_sasl_bind_s", out.bind);
  find(ldap, "ldap_search_ext_s", out.search);
  find(ldap, "ldap_first_entry", out.first_entry);
  find(ldap, "ldap_next_entry", out.next_entry);
  find(ldap, "ldap_get_dn", out.get_dn);
  find(ldap, "ldap_get_values_len", out.get_values);
  find(ldap, "ldap_value_free_len", out.free_values);
  find(ldap, "ldap_memfree", out.free_memory);
  find(ldap, "ldap_msgfree", out.free_message);
  find(ldap, "ldap_unbind_ext_s", out.unbind);
  find(lber, "ber_sockbuf_ctrl", out.sockbuf_ctrl);
  return out;
}

}  // namespace

const Library& library() {
  static const Library one = opened();
  return one;
}

}  // namespace aa::ldap
