#include "driver/saml/plugin/saml_fuzz.hpp"

#include <libxml/parser.h>
#include <string>
#include <xmlsec/crypto.h>
#include <xmlsec/xmlsec.h>

#include "base/error.hpp"
#include "driver/saml/plugin/idp_metadata.hpp"
#include "driver/saml/plugin/response_reader.hpp"
#include "driver/saml/plugin/xml_signature.hpp"
#include "driver/saml/plugin/xml_tree.hpp"
#include "driver/saml/saml_bindings.hpp"
#include "driver/saml/xml_guard.hpp"

namespace aa::saml {
namespace {

bool start() {
  xmlInitParser();
  const bool ready =
      xmlSecInit() == 0 && xmlSecCryptoAppInit(nullptr) == 0 && xmlSecCryptoInit() == 0;
  keep_quiet();
  return ready;
}

template <class Read>
void taken_or_refused(Read read) {
  try {
    read();
  } catch (const Refused&) {
  } catch (const Error&) {
  }
}

}  // namespace

void fuzz_documents(std::string_view bytes) {
  static const bool started = start();
  if (!started) return;
  const std::string text(bytes);
  const std::vector<std::string> certificates = {"AAAA"};
  taken_or_refused([&] { from_query(text, certificates); });
  taken_or_refused([&] {
    guard_xml(text, kMetadataBytes, Comments::ignored);
    read_metadata(text);
  });
  taken_or_refused([&] {
    guard_xml(text, kMessageBytes, Comments::refused);
    taken_or_refused([&] { read_response(text, certificates); });
    taken_or_refused([&] { read_logout(text, false, certificates); });
    taken_or_refused([&] { read_logout(text, true, certificates); });
  });
}

}  // namespace aa::saml
