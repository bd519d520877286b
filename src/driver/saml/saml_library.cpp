#include "driver/saml/saml_library.hpp"

#include <dlfcn.h>
#include <map>
#include <mutex>

#include "base/error.hpp"
#include "core/observe/log.hpp"
#include "driver/saml/saml_abi.h"
#include "driver/saml/saml_bindings.hpp"
#include "driver/saml/xml_guard.hpp"

namespace aa::saml {
namespace {

struct Functions {
  aa_saml_call_t call = nullptr;
  aa_saml_free_t free = nullptr;
};

template <class F>
F symbol(void* library, const char* name) {
  return reinterpret_cast<F>(::dlsym(library, name));
}

Functions load(const std::string& file) {
  Functions out;
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* why = ::dlerror();
    observe::warn("saml.not_installed", {{"why", std::string(why == nullptr ? "" : why)}});
    return out;
  }
  const auto abi = symbol<aa_saml_abi_t>(library, "aa_saml_abi");
  if (abi == nullptr || abi() != AA_SAML_ABI) {
    observe::warn("saml.other_version", {{"file", file}});
    return out;
  }
  out.call = symbol<aa_saml_call_t>(library, "aa_saml_call");
  out.free = symbol<aa_saml_free_t>(library, "aa_saml_free");
  return out;
}

// A file that was missing is looked for again: it can be installed while the server runs.
Functions functions(const std::filesystem::path& file) {
  static std::mutex lock;
  static std::map<std::string, Functions> loaded;
  const std::lock_guard held(lock);
  auto& known = loaded[file.string()];
  if (known.call == nullptr || known.free == nullptr) known = load(file.string());
  if (known.call == nullptr || known.free == nullptr) {
    throw Error(ErrorCode::unavailable, "saml_not_installed",
                "SAML support is not installed on this server. Its operator can add "
                "annotateai_saml.so beside the program, with the package liblasso3.");
  }
  return known;
}

std::string call(const std::filesystem::path& file, const char* operation,
                 const std::string& request) {
  const auto api = functions(file);
  char* text = nullptr;
  std::size_t size = 0;
  const int outcome = api.call(operation, request.data(), request.size(), &text, &size);
  std::string answer = text == nullptr ? "" : std::string(text, size);
  api.free(text);
  if (outcome == AA_SAML_DONE && !answer.empty()) return answer;
  const auto line = answer.find('\n');
  if (line == std::string::npos) throw internal_error("the SAML plugin gave no answer");
  throw Error(ErrorCode::unauthenticated, answer.substr(0, line), "The message is not taken.")
      .with_cause(answer.substr(line + 1));
}

template <class Out>
Out told(const std::string& answer) {
  try {
    return json::read<Out>(json::parse(answer));
  } catch (const Error& error) {
    throw Error(ErrorCode::unauthenticated, "saml_structure", "The message is not taken.")
        .with_cause(error.message());
  }
}

}  // namespace

IdpMetadata Library::read_metadata(const std::string& document) const {
  try {
    guard_xml(document, kMetadataBytes, Comments::ignored);
    const std::string request = json::to_text(json::Object{{"document", document}});
    return told<IdpMetadata>(call(file_, "read_metadata", request));
  } catch (const Error& error) {
    if (error.slug() == "saml_not_installed") throw;
    const auto why = error.cause().empty() ? error.message() : error.cause();
    throw invalid("metadata_refused", "The metadata are not taken: " + why,
                  {{"/config/metadata", "are not taken"}});
  }
}

ResponseFacts Library::read_response(const DocumentRequest& request) const {
  guard_xml(request.document, kMessageBytes, Comments::refused);
  return told<ResponseFacts>(call(file_, "read_response", json::write(request)));
}

LogoutFacts Library::read_logout(const DocumentRequest& request) const {
  guard_xml(request.document, kMessageBytes, Comments::refused);
  return told<LogoutFacts>(call(file_, "read_logout", json::write(request)));
}

Message Library::authn_request(const MessageRequest& request) const {
  return told<Message>(call(file_, "authn_request", json::write(request)));
}

Message Library::logout_request(const MessageRequest& request) const {
  return told<Message>(call(file_, "logout_request", json::write(request)));
}

Message Library::logout_response(const MessageRequest& request) const {
  return told<Message>(call(file_, "logout_response", json::write(request)));
}

}  // namespace aa::saml
