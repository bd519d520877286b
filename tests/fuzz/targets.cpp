#include "targets.hpp"

#include <array>
#include <stdexcept>

#include "base/error.hpp"
#include "base/json.hpp"
#include "driver/archive/zip_fuzz.hpp"
#include "driver/fido/fido_fuzz.hpp"
#include "driver/http/detail/wire_fuzz.hpp"
#include "driver/media/image_fuzz.hpp"
#include "driver/saml/plugin/saml_fuzz.hpp"
#include "kernel/decode/bpe.hpp"
#include "kernel/decode/fuzz_readers.hpp"
#include "kernel/formats/fuzz_entry.hpp"
#include "kernel/graph/js_module.hpp"
#include "kernel/graph/onnx_inspect.hpp"
#include "kernel/graph/tfjs_import.hpp"
#include "kernel/graph/tflite_import.hpp"
#include "kernel/ot/fuzz_transform.hpp"
#include "service/collab/client_message.hpp"
#include "service/identity/access_token.hpp"
#include "service/modelzoo/remote_answer.hpp"
#include "service/scim/scim_fuzz.hpp"
#include "service/sso/jose.hpp"
#include "service/sso/oidc_settings.hpp"

namespace aa::fuzz {
namespace {

template <class Function>
Target on_bytes(Function* function) {
  return [function](std::string_view text) {
    function(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
}

void json_document(std::string_view text) {
  json::Value value;
  try {
    value = json::parse(text);
  } catch (const Error&) {
    return;
  }
  const auto written = json::to_text(value);
  if (written.find("null") != std::string::npos) return;  // an infinity is written as null
  if (json::to_text(json::parse(written)) != written) {
    throw std::logic_error("what was written reads as something else");
  }
}

void onnx_file(std::string_view text) {
  try {
    graph::require_safe(graph::inspect_onnx(std::as_bytes(std::span(text))));
  } catch (const Error&) {
  }
}

// A key set and, behind the first line break, a token; the set is tried as a description too. No
// token that is made up is signed by a key that is.
void openid(std::string_view text) {
  const auto end = text.find('\n');
  sso::KeySet keys;
  try {
    keys = sso::read_key_set(text.substr(0, end));
  } catch (const Error&) {
  }
  try {
    sso::read_discovery(text.substr(0, end), "https://a.example");
  } catch (const Error&) {
  }
  if (end == std::string_view::npos) return;
  try {
    const sso::IdToken token(text.substr(end + 1));
    token.verify(keys, {"https://a.example", "client", "nonce"}, {1'790'000'000'000'000});
  } catch (const Error&) {
  }
}

// Either reading refuses with an Error or gives something.
void js_module(std::string_view text) {
  for (const auto read : {graph::exported_json, graph::exported_bytes}) {
    try {
      read(text);
    } catch (const Error&) {
    }
  }
}

// A token that is taken is one that the signer gives out.
void access_token(std::string_view text) {
  static const identity::TokenSigner signer{Secret(std::string(32, 'k'))};
  try {
    const auto claims = signer.verify(text, Timestamp{});
    if (signer.sign(claims) != text) throw std::logic_error("a token nobody signed is taken");
  } catch (const Error&) {
  }
}

// A vocabulary in any of its forms, and what it makes of its own text.
void tokenizer(std::string_view text) {
  for (auto* read :
       {&decode::BpeVocabulary::from_merges, &decode::BpeVocabulary::from_tokenizer_json}) {
    try {
      const auto vocabulary = read(text);
      if (vocabulary.sequence(text, 77).size() != 77) {
        throw std::logic_error("a sequence has another length than asked for");
      }
    } catch (const Error&) {
    }
  }
}

// What another server says of an image.
void remote_answer(std::string_view text) {
  try {
    const auto said = modelzoo::read_prediction(json::parse(text), 64, 48, {"dog"});
    for (const auto& finding : said.findings) {
      const auto bounds = document::shape_bounds(finding.shape);
      if (bounds && !(bounds->x1 >= bounds->x0)) throw std::logic_error("bounds of no extent");
    }
  } catch (const Error&) {
  }
}

// What is taken of a live connection can be stored and told to others.
void live_message(std::string_view text) {
  collab::batch_number(text);
  std::optional<collab::ClientMessage> message;
  try {
    message = collab::read_message(text);
  } catch (const Error&) {
    return;
  }
  if (const auto* batch = std::get_if<collab::Operations>(&*message)) {
    if (batch->operations.size() > limits::kOperationsPerBatch) throw std::logic_error("too many");
    for (const auto& operation : batch->operations) {
      document::read_operation(document::write_operation(operation));
    }
  }
  if (const auto* shown = std::get_if<collab::Presence>(&*message)) {
    if (shown->selection.size() > collab::kSelectionMax) throw std::logic_error("too many");
    json::parse(json::write(*shown));
  }
}

constexpr std::array<std::string_view, 14> kJsonWords = {
    "null",    "true",    "1e309",   "-0.0",  "9223372036854775808",
    "\\u0000", "\\ud800", "{\"",     "\":",   "[[[[",
    "]]",      "},{",     "\"id\":", "1e-400"};
constexpr std::array<std::string_view, 17> kShapeWords = {"\"type\":\"polygon\"",
                                                          "\"type\":\"mask\"",
                                                          "\"rle\":{\"size\":[2,2],\"counts\":\"",
                                                          "\"keys\":",
                                                          "\"points\":[[",
                                                          "\"segmentation\":",
                                                          "\"iscrowd\":1",
                                                          "\"bbox\":",
                                                          "\"image_id\":1",
                                                          "\"op\":\"vertex_insert\"",
                                                          "\"op\":\"mask_paint\"",
                                                          "\"op\":\"reorder\"",
                                                          "\"op\":\"text_edit\"",
                                                          "\"edit\":[1,\"x\",{\"d\":2}]",
                                                          "1e309",
                                                          "NaN",
                                                          "99999999999"};
constexpr std::array<std::string_view, 14> kWireWords = {"\r\n",
                                                         "\r\n\r\n",
                                                         "--XX",
                                                         "--XX--",
                                                         "Content-Length: 5\r\n",
                                                         "Transfer-Encoding: chunked\r\n",
                                                         "Host: a\r\n",
                                                         "%2e%2e",
                                                         "%00",
                                                         "\\",
                                                         "name=\"",
                                                         "filename*=UTF-8''",
                                                         "ffffffffffffffff",
                                                         "HTTP/1.1"};
constexpr std::array<std::string_view, 14> kImageWords = {
    "IHDR", "IDAT", "tRNS", "PLTE", "eXIf",     "Exif\0\0", "VP8X",
    "VP8L", "ANMF", "ispe", "ipma", "\xff\xda", "\xff\xc4", "\xff\xff\xff\x7f"};
constexpr std::array<std::string_view, 20> kGraphWords = {
    "\"op\":\"Reshape\"",        "\"op\":\"StridedSlice\"",
    "\"op\":\"Conv2D\"",         "\"op\":\"ConcatV2\"",
    "\"op\":\"Range\"",          "\"op\":\"Fill\"",
    "\"op\":\"Tile\"",           "\"DT_INT32\"",
    "\"size\":\"-1\"",           "\"shape\":[2147483647]",
    "9223372036854775807",       "\"quantization\":",
    "\"class_name\":\"Conv2D\"", "\"class_name\":\"Flatten\"",
    "\"class_name\":\"Add\"",    "\"inbound_nodes\":[]",
    "[[\"x\",0,0,{}]]",          "\"padding\":\"same\"",
    "\"strides\":[2,2]",         "\"output_layers\":[["};
constexpr std::array<std::string_view, 9> kModuleWords = {
    ".exports=", "={", "!0", "!1", "\\u0041", "\\x41", "'", "[.5,", "QUJD"};
constexpr std::array<std::string_view, 8> kFlatWords = {"TFL3",
                                                        {"\x00\x00\x00\x00", 4},
                                                        {"\x00\x00\x00\x80", 4},
                                                        {"\x04\x00", 2},
                                                        {"\x01\x00\x00\x00", 4},
                                                        "\xff\xff\xff\x7f",
                                                        "\xff\xff\xff\xff",
                                                        "Convolution2DTransposeBias"};
constexpr std::array<std::string_view, 9> kYamlWords = {
    "names:\n", "  0: ", "- ", "&a", "*a", "!!python/object", "path: /etc\n", "[", "{0: a, 1: "};
constexpr std::array<std::string_view, 9> kZipWords = {
    "PK\x03\x04",       "PK\x01\x02", "PK\x05\x06", "PK\x06\x06", "PK\x06\x07",
    "\xff\xff\xff\xff", "../",        "\\",         "\x08"};
constexpr std::array<std::string_view, 9> kFrameWords = {
    "\x81\x85",         {"\x01\x80", 2},     {"\x00\x80", 2}, {"\x80\x80", 2},        "\x89\x80",
    "\x88\x82\x03\xe8", {"\xfe\x00\x7e", 3}, "\xff",          {"\x00\x00\x00\x00", 4}};
constexpr std::array<std::string_view, 12> kSamlWords = {
    "<saml:Assertion", "<ds:Signature", "<ds:Object>", "ID=\"",        "<!--", "<![CDATA[",
    "<!DOCTYPE",       "&#60;",         "xmlns:x=\"",  "SAMLRequest=", "?>",   "xmlns=\"\""};
constexpr std::array<std::string_view, 8> kFidoWords = {
    "authData",      "attStmt",           "packed",           {"\xa3\x01", 2},
    {"\x58\x20", 2}, {"\x01\x00\x00", 3}, "\x9b\xff\xff\xff", "\x5f"};
constexpr std::array<std::string_view, 12> kScimWords = {
    " eq ",          " and ",           "emails[type eq \"work\"].value",
    "\"members\"",   "\"Operations\":", "\"op\":\"replace\"",
    "\"path\":",     "\"value\":",      "urn:ietf:params:scim:schemas:core:2.0:User:",
    "\"userName\":", "\"False\"",       "name.familyName"};
constexpr std::array<std::string_view, 6> kTokenWords = {".", "e30", "==", "none", "\xff", "AAAA"};

}  // namespace

const std::map<std::string, Target>& targets() {
  static const std::map<std::string, Target> all = {
      {"access_token", access_token},
      {"coco", on_bytes(formats::fuzz_coco)},
      {"fido_assertion", fido::fuzz_assertion},
      {"fido_attestation", fido::fuzz_attestation},
      {"http_chunks", http::fuzz_chunks},
      {"http_head", http::fuzz_request_head},
      {"http_multipart", http::fuzz_multipart},
      {"http_target", http::fuzz_target},
      {"image_decode", on_bytes(media::fuzz_decode)},
      {"image_probe", on_bytes(media::fuzz_probe)},
      {"js_module", js_module},
      {"json", json_document},
      {"live_message", live_message},
      {"onnx", onnx_file},
      {"openid", openid},
      {"operation", on_bytes(formats::fuzz_operation)},
      {"readers", on_bytes(decode::fuzz_readers)},
      {"remote_answer", remote_answer},
      {"rle", on_bytes(formats::fuzz_rle)},
      {"saml", saml::fuzz_documents},
      {"scim_body", scim::fuzz_body},
      {"scim_filter", scim::fuzz_filter},
      {"tfjs", graph::fuzz_tfjs_import},
      {"tflite", graph::fuzz_tflite_import},
      {"tokenizer", tokenizer},
      {"transform", on_bytes(ot::fuzz_transform)},
      {"websocket", http::fuzz_websocket},
      {"yolo", on_bytes(formats::fuzz_yolo)},
      {"zip", archive::fuzz_zip},
  };
  return all;
}

std::span<const std::string_view> dictionary(const std::string& target) {
  if (target.starts_with("http_")) return kWireWords;
  if (target.starts_with("image_")) return kImageWords;
  if (target == "coco" || target == "operation" || target == "live_message") return kShapeWords;
  if (target == "yolo") return kYamlWords;
  if (target == "websocket") return kFrameWords;
  if (target == "zip") return kZipWords;
  if (target == "tfjs") return kGraphWords;
  if (target == "js_module") return kModuleWords;
  if (target == "tflite") return kFlatWords;
  if (target == "access_token" || target == "openid") return kTokenWords;
  if (target.starts_with("fido_")) return kFidoWords;
  if (target == "saml") return kSamlWords;
  if (target.starts_with("scim_")) return kScimWords;
  return kJsonWords;
}

}  // namespace aa::fuzz
