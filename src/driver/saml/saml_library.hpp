// annotateai_saml.so: loaded when SAML is first used, so that neither lasso's licence nor its
// memory touches a server without SAML (docs/adr/0008-saml-in-a-plugin.md).
//
// Thread rule: any thread; calls stand in line and take some milliseconds: the blocking executor.
// Errors: unavailable "saml_not_installed"; of what others wrote: unauthenticated "saml_structure",
// "saml_unsigned", "saml_signature", "saml_algorithm", "saml_encrypted", "saml_readers_differ" (the
// cause says more), of metadata: invalid_argument "metadata_refused".
#pragma once

#include <filesystem>
#include <string>

#include "driver/saml/saml_types.hpp"

namespace aa::saml {

class Library {
 public:
  // The file need not exist before the first call.
  explicit Library(std::filesystem::path file) : file_(std::move(file)) {}

  // Each guards what others wrote before the plugin sees it.
  IdpMetadata read_metadata(const std::string& document) const;
  ResponseFacts read_response(const DocumentRequest& request) const;
  LogoutFacts read_logout(const DocumentRequest& request) const;

  Message authn_request(const MessageRequest& request) const;
  Message logout_request(const MessageRequest& request) const;
  Message logout_response(const MessageRequest& request) const;

 private:
  std::filesystem::path file_;
};

}  // namespace aa::saml
