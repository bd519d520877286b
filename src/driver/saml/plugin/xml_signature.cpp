#include "driver/saml/plugin/xml_signature.hpp"

#include <algorithm>
#include <array>
#include <libxml/xmlerror.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>

namespace aa::saml {
namespace {

constexpr const char* kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr const char* kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::array kSigning = {
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
};
constexpr std::array kDigests = {
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
};

template <std::size_t N>
void one_of(const std::string& algorithm, const std::array<const char*, N>& list) {
  const auto same = [&](const char* known) { return algorithm == known; };
  if (std::none_of(list.begin(), list.end(), same)) {
    throw Refused("The signature uses an algorithm that is not taken: " + algorithm,
                  "saml_algorithm");
  }
}

xmlNode* need(const xmlNode* parent, const char* name) {
  xmlNode* found = only_child(parent, kSignature, name);
  if (found == nullptr) throw Refused(std::string("The signature has no ") + name + ".");
  return found;
}

// Nothing but a list of prefixes may stand in a canonicalisation.
void check_canonicalisation(const xmlNode* method) {
  for (const xmlNode* node = method->children; node != nullptr; node = node->next) {
    if (node->type != XML_ELEMENT_NODE || is(node, kExclusive, "InclusiveNamespaces")) continue;
    throw Refused("A canonicalisation has a parameter that is not taken.");
  }
}

void check_transforms(const xmlNode* reference) {
  const auto transforms = children(need(reference, "Transforms"), kSignature, "Transform");
  if (transforms.size() != 2) throw Refused("The signature must have two transforms.");
  if (attribute(transforms[0], "Algorithm") != kEnveloped || transforms[0]->children != nullptr ||
      attribute(transforms[1], "Algorithm") != kExclusive) {
    throw Refused("The signature has a transform that is not taken.", "saml_algorithm");
  }
  check_canonicalisation(transforms[1]);
}

// A plain name: never an expression that a reference would evaluate.
bool plain(const std::string& identifier) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  return !identifier.empty() && identifier.size() <= 256 &&
         identifier.find_first_not_of(kLetters) == std::string::npos;
}

void check_form(const xmlNode* signature, const std::string& identifier) {
  if (!children(signature, kSignature, "Object").empty()) {
    throw Refused("The signature carries an object.");
  }
  const xmlNode* info = need(signature, "SignedInfo");
  const xmlNode* method = need(info, "CanonicalizationMethod");
  if (attribute(method, "Algorithm") != kExclusive) {
    throw Refused("The signature's canonicalisation is not taken.");
  }
  check_canonicalisation(method);
  one_of(attribute(need(info, "SignatureMethod"), "Algorithm"), kSigning);
  const xmlNode* reference = need(info, "Reference");
  if (!plain(identifier) || attribute(reference, "URI") != "#" + identifier) {
    throw Refused("The signature does not refer to the element that holds it.");
  }
  check_transforms(reference);
  one_of(attribute(need(reference, "DigestMethod"), "Algorithm"), kDigests);
}

void allow(xmlSecDSigCtx* context) {
  context->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
  context->flags |= XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES;
  for (const auto id :
       {xmlSecTransformEnvelopedId, xmlSecTransformExclC14NId, xmlSecTransformSha256Id,
        xmlSecTransformSha384Id, xmlSecTransformSha512Id}) {
    xmlSecDSigCtxEnableReferenceTransform(context, id);
  }
  for (const auto id :
       {xmlSecTransformExclC14NId, xmlSecTransformRsaSha256Id, xmlSecTransformRsaSha384Id,
        xmlSecTransformRsaSha512Id, xmlSecTransformEcdsaSha256Id, xmlSecTransformEcdsaSha384Id,
        xmlSecTransformEcdsaSha512Id}) {
    xmlSecDSigCtxEnableSignatureTransform(context, id);
  }
}

xmlSecKey* key_of(const std::string& certificate) {
  std::string pem = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t at = 0; at < certificate.size(); at += 64) {
    pem += certificate.substr(at, 64) + "\n";
  }
  pem += "-----END CERTIFICATE-----\n";
  return xmlSecCryptoAppKeyLoadMemory(reinterpret_cast<const xmlSecByte*>(pem.data()),
                                      static_cast<xmlSecSize>(pem.size()),
                                      xmlSecKeyDataFormatCertPem, nullptr, nullptr, nullptr);
}

struct Verification {
  xmlSecDSigCtx* context = xmlSecDSigCtxCreate(nullptr);
  Verification() = default;
  Verification(const Verification&) = delete;
  Verification& operator=(const Verification&) = delete;
  ~Verification() { xmlSecDSigCtxDestroy(context); }
};

// Empty when that key did not make the signature.
std::string verified_with(const std::string& certificate, xmlNode* signature) {
  Verification verification;
  auto* context = verification.context;
  if (context == nullptr) throw Refused("No signature can be checked now.");
  allow(context);
  context->signKey = key_of(certificate);
  if (context->signKey == nullptr) return {};
  if (xmlSecDSigCtxVerify(context, signature) < 0) return {};
  if (context->status != xmlSecDSigStatusSucceeded) return {};
  if (xmlSecPtrListGetSize(&context->signedInfoReferences) != 1) return {};
  auto* reference =
      static_cast<xmlSecDSigReferenceCtx*>(xmlSecPtrListGetItem(&context->signedInfoReferences, 0));
  if (reference == nullptr || reference->status != xmlSecDSigStatusSucceeded) return {};
  xmlSecBuffer* bytes = xmlSecDSigReferenceCtxGetPreDigestBuffer(reference);
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(xmlSecBufferGetData(bytes)), xmlSecBufferGetSize(bytes)};
}

void say_nothing(void*, const char*, ...) {}

}  // namespace

void keep_quiet() {
  xmlSecErrorsSetCallback(nullptr);
  xmlSetGenericErrorFunc(nullptr, say_nothing);
}

std::string signed_bytes(xmlDoc* document, xmlNode* element,
                         const std::vector<std::string>& certificates) {
  xmlNode* signature = only_child(element, kSignature, "Signature");
  if (signature == nullptr) {
    throw Refused(std::string(reinterpret_cast<const char*>(element->name)) + " is not signed.",
                  "saml_unsigned");
  }
  const auto identifier = attribute(element, "ID");
  check_form(signature, identifier);
  xmlAttr* id = xmlHasNsProp(element, BAD_CAST "ID", nullptr);
  if (xmlGetID(document, BAD_CAST identifier.c_str()) == nullptr) {
    xmlAddID(nullptr, document, BAD_CAST identifier.c_str(), id);
  }
  if (xmlGetID(document, BAD_CAST identifier.c_str()) != id) {
    throw Refused("The identifier names another element.");
  }
  for (const auto& certificate : certificates) {
    auto bytes = verified_with(certificate, signature);
    if (!bytes.empty()) return bytes;
  }
  throw Refused("No key of the identity provider made the signature.", "saml_signature");
}

}  // namespace aa::saml
