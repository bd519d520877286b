#include "kernel/graph/js_module.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/json.hpp"

namespace aa::graph {
namespace {

std::string slug(const std::string& file, bool object = true) {
  try {
    object ? exported_json(file) : exported_bytes(file);
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

TEST(JsModule, a_minified_object_becomes_json) {
  EXPECT_EQ(exported_json("module.exports={a:!0,b:!1,c:null,d:[.5,-.25,2.,1e-3,-7,5E3]};"),
            R"({"a":true,"b":false,"c":null,"d":[0.5,-0.25,2,1e-3,-7,5E3]})");
  EXPECT_EQ(exported_json("x.exports = { 'it': 'say \"hi\"', $_1 : {}, 3:[ ] }"),
            R"({"it":"say \"hi\"","$_1":{},"3":[]})");
  EXPECT_EQ(exported_json(R"(m.exports={s:"\x41\u00e9\n\\\"\'"})"),
            R"({"s":"\u0041\u00e9\n\\\"'"})");
}

TEST(JsModule, a_bundle_is_looked_into) {
  const std::string head =
      R"(!function(e){if("object"==typeof exports)module.exports=e();else{window.model=e()}})"
      R"((function(){return function e(a){return a}({1:[function(e,a,n){a.exports=)";
  const std::string tail = "},{}]},{},[1])(1)});";
  EXPECT_EQ(exported_json(head + "{node:[{name:\"a/b\"}]}" + tail), R"({"node":[{"name":"a/b"}]})");
  EXPECT_EQ(exported_bytes(head + "\"AAEC/+8=\"" + tail), std::string("\0\1\2\xff\xef", 5));
}

TEST(JsModule, what_comes_out_can_be_parsed) {
  const auto value = json::parse(exported_json("module.exports={a:[{b:!1},.5]}"));
  EXPECT_FALSE(value.at("a").at(0).at("b").get_bool());
  EXPECT_EQ(value.at("a").at(1).get_double(), 0.5);
}

TEST(JsModule, what_is_no_literal_is_refused) {
  for (const char* file :
       {"", "module.exports", "module.exports=require('x')", "module.exports={a:f()}",
        "module.exports={a:`x`}", "module.exports={a:undefined}", "module.exports={a:1",
        "module.exports={a:'x", "module.exports={a:!2}", "module.exports={a:0x10}",
        "module.exports={a:\"\\u12\"}", "module.exports={a:\"\\q\"}", "module.exports={a:1+1}",
        "module.exports={a:-b}", "module.exports={a:\"\\", "exports==={a:1}"}) {
    EXPECT_EQ(slug(file), "malformed_js_module") << file;
  }
  EXPECT_EQ(slug("module.exports='QUJD'"), "malformed_js_module");
}

TEST(JsModule, only_sound_base64_is_taken) {
  EXPECT_EQ(exported_bytes("module.exports=''"), "");
  EXPECT_EQ(exported_bytes("module.exports='QUI'"), "AB");
  for (const char* text : {"QUI==", "QU-_", "Q", "QUJD=", "QU JD", "====", "QUJ="}) {
    EXPECT_EQ(slug("module.exports='" + std::string(text) + "'", false), "malformed_js_module")
        << text;
  }
  EXPECT_EQ(slug("module.exports={}", false), "malformed_js_module");
}

}  // namespace
}  // namespace aa::graph
