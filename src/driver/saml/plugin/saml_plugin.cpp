// The three functions of annotateai_saml.so.

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include <boost/json.hpp>

#include "driver/saml/plugin/idp_metadata.hpp"
#include "driver/saml/plugin/lasso_messages.hpp"
#include "driver/saml/plugin/response_reader.hpp"
#include "driver/saml/plugin/xml_tree.hpp"
#include "driver/saml/saml_abi.h"

namespace aa::saml {
namespace {

using boost::json::object;
using boost::json::value_to;

std::string text(const object& told, const char* name) {
  return value_to<std::string>(told.at(name));
}

std::vector<std::string> keys(const object& told) {
  return value_to<std::vector<std::string>>(told.at("certificates"));
}

object metadata_of(const object& told) { return read_metadata(text(told, "document")); }

object response_of(const object& told) {
  auto facts = read_response(text(told, "document"), keys(told));
  const auto opinion = second_opinion(told);
  const auto& read = facts.at("assertion").as_object();
  if (opinion.at("id") != read.at("id") ||
      opinion.at("name") != read.at("name").as_object().at("value")) {
    throw Refused("Two readers of the assertion do not agree.", "saml_readers_differ");
  }
  return facts;
}

object logout_of(const object& told) {
  return read_logout(text(told, "document"), told.at("signed_inside").as_bool(), keys(told));
}

std::string run(const std::string& operation, const std::string& request) {
  using Operation = object (*)(const object&);
  static const std::map<std::string, Operation> kOperations = {
      {"read_metadata", metadata_of},     {"read_response", response_of},
      {"read_logout", logout_of},         {"authn_request", authn_request},
      {"logout_request", logout_request}, {"logout_response", logout_response}};
  static std::mutex lock;
  const std::lock_guard held(lock);
  static const bool started = (start_lasso(), true);
  const auto told = boost::json::parse(request);
  const auto found = kOperations.find(operation);
  if (!started || found == kOperations.end()) throw Refused("There is no such operation.");
  return boost::json::serialize(found->second(told.as_object()));
}

void give(const std::string& text, char** answer, std::size_t* size) {
  *answer = static_cast<char*>(std::malloc(text.size() + 1));
  *size = 0;
  if (*answer == nullptr) return;
  std::memcpy(*answer, text.c_str(), text.size() + 1);
  *size = text.size();
}

}  // namespace
}  // namespace aa::saml

#define AA_SAML_EXPORT extern "C" __attribute__((visibility("default")))

AA_SAML_EXPORT int aa_saml_abi(void) { return AA_SAML_ABI; }

AA_SAML_EXPORT int aa_saml_call(const char* operation, const char* request, std::size_t size,
                                char** answer, std::size_t* answer_size) {
  try {
    aa::saml::give(aa::saml::run(operation, std::string(request, size)), answer, answer_size);
    return AA_SAML_DONE;
  } catch (const aa::saml::Refused& refusal) {
    aa::saml::give(std::string(refusal.slug()) + "\n" + refusal.what(), answer, answer_size);
    return AA_SAML_REFUSED;
  } catch (const std::exception& failure) {
    aa::saml::give(std::string("saml_structure\n") + failure.what(), answer, answer_size);
    return AA_SAML_REFUSED;
  }
}

AA_SAML_EXPORT void aa_saml_free(char* answer) { std::free(answer); }
