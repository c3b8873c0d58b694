#include "core/json.h"

#include <gtest/gtest.h>

#include <string>

namespace usher {
namespace {

JsonFault FaultOf(const std::string& text, const JsonLimits& limits = {}) {
  return Json(text, limits).fault();
}

TEST(Json, IsATreeOfWhatIsWritten) {
  const std::string text =
      R"( {"a": [1, -2.50e3, true, null], "b": {"c": "x\n\u00e9\ud83d\ude00"}, "d": ""} )";
  const Json json(text);
  ASSERT_EQ(json.fault(), JsonFault::kNone);
  const JsonValue& root = json.root();
  EXPECT_EQ(root.kind, JsonValue::Kind::kMap);
  EXPECT_EQ(root.count, 3u);
  const JsonValue* list = json.Member(root, "a");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->written, "[1, -2.50e3, true, null]");
  EXPECT_EQ(json.Item(*list, 0)->text, "1");
  EXPECT_EQ(json.Item(*list, 1)->text, "-2.50e3");
  EXPECT_TRUE(json.Item(*list, 2)->truth);
  EXPECT_EQ(json.Item(*list, 3)->kind, JsonValue::Kind::kNull);
  EXPECT_EQ(json.Item(*list, 4), nullptr);
  const JsonValue* map = json.Member(root, "b");
  EXPECT_EQ(json.Member(*map, "c")->text, "x\n\u00e9\U0001F600");
  EXPECT_EQ(json.Member(*map, "d"), nullptr);
  EXPECT_EQ(json.Member(root, "d")->text, "");
  EXPECT_EQ(json.Member(*list, "a"), nullptr);
  EXPECT_EQ(json.Item(root, 0), nullptr);
}

TEST(Json, TakesEveryKindOfValueAlone) {
  for (const char* text :
       {"0", "-0", "1.5", "1E+2", "\"\"", "true", "false", "null", "[]", "{}", "[[],{}]"}) {
    EXPECT_EQ(FaultOf(text), JsonFault::kNone) << text;
  }
}

TEST(Json, RefusesWhatIsNone) {
  for (const char* text :
       {"",           " ",     "{",       "}",     "[1,]",     "[,1]",     "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{a:1}", "{'a':1}", "01",    "+1",       "1.",       ".5",      "1e",
        "-",          "tru",   "nul",     "NaN",   "Infinity", "\"",       "\"\\x\"", "\"\\u12\"",
        "\"a\nb\"",   "1 2",   "{} {}",   "/**/1", "[1 2]",    "{\"a\" 1}"}) {
    EXPECT_EQ(FaultOf(text), JsonFault::kSyntax) << text;
  }
  EXPECT_EQ(FaultOf(std::string("\"a\0b\"", 5)), JsonFault::kSyntax);
  EXPECT_EQ(FaultOf("\"\\ud800\""), JsonFault::kSurrogate);
  EXPECT_EQ(FaultOf("\"\\ud800\\u0041\""), JsonFault::kSurrogate);
  EXPECT_EQ(FaultOf("\"\\udc00\""), JsonFault::kSurrogate);
  EXPECT_EQ(FaultOf("\"\xed\xa0\x80\""), JsonFault::kNotUtf8);
  EXPECT_EQ(FaultOf("\"\xc0\x80\""), JsonFault::kNotUtf8);
  EXPECT_EQ(FaultOf("\"\xff\""), JsonFault::kNotUtf8);
  EXPECT_EQ(FaultOf(R"({"a": 1, "b": 2, "a": 3})"), JsonFault::kKeyTwice);
  EXPECT_EQ(FaultOf(R"({"a": 1, "\u0061": 3})"), JsonFault::kKeyTwice);
}

TEST(Json, SaysWhere) {
  const std::string text = "{\"a\": 1, \"b\": x}";
  const Json json(text);
  EXPECT_EQ(json.fault(), JsonFault::kSyntax);
  EXPECT_EQ(json.fault_at(), 14u);
}

TEST(Json, HoldsItsBoundsAndTakesWhatJustFits) {
  JsonLimits limits;
  limits.depth = 3;
  EXPECT_EQ(FaultOf("[[[1]]]", limits), JsonFault::kNone);
  EXPECT_EQ(FaultOf("[[[[1]]]]", limits), JsonFault::kTooDeep);
  EXPECT_EQ(FaultOf(std::string(100'000, '['), limits), JsonFault::kTooDeep);
  limits.values = 4;
  EXPECT_EQ(FaultOf("[1,2,3]", limits), JsonFault::kNone);
  EXPECT_EQ(FaultOf("[1,2,3,4]", limits), JsonFault::kTooMany);
  limits.key_bytes = 2;
  EXPECT_EQ(FaultOf(R"({"ab": 1})", limits), JsonFault::kNone);
  EXPECT_EQ(FaultOf(R"({"abc": 1})", limits), JsonFault::kTooLong);
  limits.text_bytes = 3;
  EXPECT_EQ(FaultOf(R"("abc")", limits), JsonFault::kNone);
  EXPECT_EQ(FaultOf(R"("\u0061\u0061\u0061")", limits), JsonFault::kNone);
  EXPECT_EQ(FaultOf(R"("abcd")", limits), JsonFault::kTooLong);
  limits.number_bytes = 5;
  EXPECT_EQ(FaultOf("12345", limits), JsonFault::kNone);
  EXPECT_EQ(FaultOf("123456", limits), JsonFault::kTooLong);
}

}  // namespace
}  // namespace usher
