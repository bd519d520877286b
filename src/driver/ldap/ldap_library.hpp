// libldap, opened on first use: it brings a second TLS library, which servers without LDAP need not
// keep in memory. Private to the module.
//
// Thread rule: any thread.
#pragma once

#include <openldap.h>

namespace aa::ldap {

struct Library {
  decltype(&::ldap_init_fd) init_fd = nullptr;
  decltype(&::ldap_install_tls) install_tls = nullptr;
  decltype(&::ldap_start_tls_s) start_tls = nullptr;
  decltype(&::ldap_set_option) set_option = nullptr;
  decltype(&::ldap_get_option) get_option = nullptr;
  decltype(&::ldap_sasl_bind_s) bind = nullptr;
  decltype(&::ldap_search_ext_s) search = nullptr;
  decltype(&::ldap_first_entry) first_entry = nullptr;
  decltype(&::ldap_next_entry) next_entry = nullptr;
  decltype(&::ldap_get_dn) get_dn = nullptr;
  decltype(&::ldap_get_values_len) get_values = nullptr;
  decltype(&::ldap_value_free_len) free_values = nullptr;
  decltype(&::ldap_memfree) free_memory = nullptr;
  decltype(&::ldap_msgfree) free_message = nullptr;
  decltype(&::ldap_unbind_ext_s) unbind = nullptr;
  decltype(&::ber_sockbuf_ctrl) sockbuf_ctrl = nullptr;
};

// Throws unavailable "ldap_missing".
const Library& library();

}  // namespace aa::ldap
