#include "intake/content.h"

#include <gtest/gtest.h>
#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "intake/inflate.h"
#include "unit/services/intake/intake_events.h"

namespace usher::intake {
namespace {

using Headers = std::vector<log::Header>;

// "taken e1 shop", or the refusal.
std::string Fate(const log::Record& record, const Doorway& door = DoorWith()) {
  const auto read = ReadMessage(record, door);
  if (const auto* refusal = std::get_if<Refusal>(&read)) return ToText(*refusal);
  if (std::holds_alternative<Ignored>(read)) return "ignored";
  const auto& event = std::get<v1::MessageEvent>(read);
  return "taken " + event.event_id() + " " + event.desk();
}

std::string Gzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

std::string Lz4(const std::string& bytes) {
  std::string out(LZ4F_compressFrameBound(bytes.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), bytes.data(), bytes.size(), nullptr));
  return out;
}

struct Codec {
  const char* name;
  std::string (*compress)(const std::string&);
};
const Codec kCodecs[] = {{"gzip", Gzip}, {"zstd", Zstd}, {"lz4", Lz4}};

// Bytes that hardly any codec makes shorter.
std::string Noise(std::size_t size) {
  std::string noise(size, '\0');
  std::uint64_t state = 7;
  for (char& byte : noise) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    byte = static_cast<char>(state >> 56);
  }
  return noise;
}

TEST(Content, IsInflatedByEachCodec) {
  const std::string bytes = Message("e1").SerializeAsString();
  for (const Codec& codec : kCodecs) {
    EXPECT_EQ(Fate(RecordOf(codec.compress(bytes), {{"content-encoding", codec.name}})),
              "taken e1 shop");
    EXPECT_EQ(
        Fate(RecordOf(codec.compress(JsonOf(Message("e2"))), {{"Content-Encoding", codec.name}})),
        "taken e2 shop");
  }
  EXPECT_EQ(Fate(RecordOf(bytes, {{"content-encoding", "identity"}})), "taken e1 shop");
  EXPECT_EQ(Fate(RecordOf(Gzip(bytes), {{"content-encoding", "X-GZIP"}})), "taken e1 shop");
  // Two members in a row are one value.
  EXPECT_EQ(Fate(RecordOf(Gzip(bytes.substr(0, 9)) + Gzip(bytes.substr(9)),
                          {{"content-encoding", "gzip"}})),
            "taken e1 shop");
}

TEST(Content, InflatedIsBounded) {
  for (const Codec& codec : kCodecs) {
    const Headers headers = {{"content-encoding", codec.name}};
    std::string out;
    const std::string fits = Noise(kEventBytesMax);
    EXPECT_EQ(Inflate(codec.name, codec.compress(fits), kEventBytesMax, out), Inflated::kDone);
    EXPECT_EQ(out, fits);
    EXPECT_EQ(Inflate(codec.name, codec.compress(fits + "x"), kEventBytesMax, out),
              Inflated::kTooLarge);
    const std::string bomb = codec.compress(std::string(8 << 20, ' '));
    EXPECT_EQ(Fate(RecordOf(bomb.substr(0, kEventBytesMax), headers)).find("content-encoding: "),
              0u);
    const std::string small_bomb = codec.compress(std::string(200'000, ' '));
    EXPECT_EQ(Fate(RecordOf(small_bomb, headers)), small_bomb.size() * kInflateRatioMax < 200'000
                                                       ? "content-encoding: bad_encoding"
                                                       : "bad_protobuf");
    // What is small may grow as it likes.
    const std::string json =
        "{\"event_id\": \"e1\"" + std::string(kInflateFreeBytes - 100, ' ') + "}";
    EXPECT_EQ(Fate(RecordOf(codec.compress(json), headers)), "taken e1 ");
  }
}

TEST(Content, CompressedIsRefusedWhenItIsNot) {
  const std::string bytes = Message("e1").SerializeAsString();
  const std::string bad = "content-encoding: bad_encoding";
  for (const Codec& codec : kCodecs) {
    const Headers headers = {{"content-encoding", codec.name}};
    const std::string packed = codec.compress(bytes);
    EXPECT_EQ(Fate(RecordOf(bytes, headers)), bad) << codec.name;
    EXPECT_EQ(Fate(RecordOf(packed.substr(0, packed.size() - 1), headers)), bad) << codec.name;
    EXPECT_EQ(Fate(RecordOf(packed + "x", headers)), bad) << codec.name;
    EXPECT_EQ(Fate(RecordOf(codec.compress(""), headers)), "content-encoding: empty") << codec.name;
  }
  for (const char* name : {"br", "deflate", "gzip, zstd", "", "snappy"}) {
    EXPECT_EQ(Fate(RecordOf(Gzip(bytes), {{"content-encoding", name}})), bad) << name;
  }
}

TEST(Content, IsUnframedInEachForm) {
  const std::string bytes = Message("e1").SerializeAsString();
  const std::string json = JsonOf(Message("e1"));
  const std::string id("\0\0\0\0\x07", 5);
  const std::string guid = "\x01" + std::string(16, 'g');
  for (const std::string& schema : {id, guid}) {
    EXPECT_EQ(Fate(RecordOf(schema + std::string(1, '\0') + bytes)), "taken e1 shop");
    EXPECT_EQ(Fate(RecordOf(schema + std::string("\x02\x00", 2) + bytes)), "taken e1 shop");
    EXPECT_EQ(Fate(RecordOf(schema + std::string("\x06\x02\x00\x80\x01", 5) + bytes)),
              "taken e1 shop");
    EXPECT_EQ(Fate(RecordOf(schema + json)), "taken e1 shop");
    EXPECT_EQ(Fate(RecordOf(bytes, {{"__value_schema_id", schema}})), "taken e1 shop");
    EXPECT_EQ(Fate(RecordOf(bytes, {{"__value_schema_id", schema + std::string(1, '\0')}})),
              "taken e1 shop");
    EXPECT_EQ(Fate(RecordOf(bytes, {{"__value_schema_id", schema + "\x02\x04"}})), "taken e1 shop");
    EXPECT_EQ(Fate(RecordOf(json, {{"__value_schema_id", schema}})), "taken e1 shop");
    for (std::size_t cut = 1; cut < schema.size(); ++cut) {
      EXPECT_EQ(Fate(RecordOf(schema.substr(0, cut))), "bad_framing");
      EXPECT_EQ(Fate(RecordOf(bytes, {{"__value_schema_id", schema.substr(0, cut)}})),
                "__value_schema_id: bad_framing");
    }
    EXPECT_EQ(Fate(RecordOf(schema + "\x01" + bytes)), "bad_framing");      // minus one index
    EXPECT_EQ(Fate(RecordOf(schema + "\x02\x01" + bytes)), "bad_framing");  // index minus one
    EXPECT_EQ(Fate(RecordOf(schema + "\xff\xff\xff\xff\xff\xff")), "bad_framing");
    EXPECT_EQ(Fate(RecordOf(schema + "\x82\x01" + bytes)), "bad_framing");  // 65 indexes
    EXPECT_EQ(Fate(RecordOf(bytes, {{"__value_schema_id", schema + std::string("\0\0", 2)}})),
              "__value_schema_id: bad_framing");
  }
  EXPECT_EQ(Fate(RecordOf(bytes, {{"__value_schema_id", "7"}})), "__value_schema_id: bad_framing");
}

TEST(Content, FormIsToldByTheContentType) {
  const std::string bytes = Message("e1").SerializeAsString();
  const std::string json = JsonOf(Message("e1"));
  for (const char* type :
       {"application/json", "Application/JSON; charset=utf-8", "application/vnd.shop+json"}) {
    EXPECT_EQ(Fate(RecordOf("\n " + json, {{"Content-Type", type}})), "taken e1 shop") << type;
    EXPECT_EQ(Fate(RecordOf(bytes, {{"content-type", type}})), "byte 1: bad_json") << type;
  }
  for (const char* type :
       {"application/protobuf", "application/x-protobuf", "application/vnd.google.protobuf"}) {
    EXPECT_EQ(Fate(RecordOf(bytes, {{"content-type", type}})), "taken e1 shop") << type;
    EXPECT_EQ(Fate(RecordOf(json, {{"content-type", type}})), "bad_protobuf") << type;
  }
  EXPECT_EQ(Fate(RecordOf(json, {{"content-type", "application/octet-stream"}})), "taken e1 shop");
  // The last of a name counts, as Kafka has it.
  EXPECT_EQ(Fate(RecordOf(json, {{"content-type", "application/protobuf"},
                                 {"content-type", "application/json"}})),
            "taken e1 shop");
}

TEST(Content, EnvelopeStandsInForWhatTheEventDoesNotSay) {
  const Headers headers = {{"ce_specversion", "1.0"},
                           {"ce_id", "7"},
                           {"ce_source", "/shop"},
                           {"ce_type", "message"},
                           {"ce_time", "2026-05-01T10:00:00+02:00"},
                           {"ce_usherdesk", "other"}};
  v1::MessageEvent event = Message("e1");
  EXPECT_EQ(Fate(RecordOf(event.SerializeAsString(), headers)), "taken e1 shop");
  event.clear_event_id();
  event.clear_desk();
  const auto read = ReadMessage(RecordOf(event.SerializeAsString(), headers), DoorWith());
  const auto& taken = std::get<v1::MessageEvent>(read);
  EXPECT_EQ(taken.event_id(), "/shop#7");
  EXPECT_EQ(taken.desk(), "other");
  EXPECT_EQ(taken.sent_at().seconds(), 1'777'622'400);
  Headers with_desk = headers;
  with_desk.push_back({"usher-desk", "third"});
  EXPECT_EQ(Fate(RecordOf(event.SerializeAsString(), with_desk)), "taken /shop#7 third");
  EXPECT_EQ(Fate(RecordOf(event.SerializeAsString()), DoorWith({}, DeskName::Of("only"))),
            "taken  only");
  EXPECT_EQ(Fate(RecordOf(event.SerializeAsString(), {{"ce_time", "yesterday"}})),
            "time: bad_envelope");
  EXPECT_EQ(Fate(RecordOf(event.SerializeAsString(), {{"usher-desk", std::string(40, 'd')}})),
            "usher-desk: bad_value");
}

std::string Structured(const std::string& rest, const std::string& specversion = "1.0") {
  return R"({"specversion":")" + specversion + R"(","id":"7","source":"/shop","type":"t")" + rest +
         "}";
}

TEST(Content, CloudEventsAreTakenInStructuredMode) {
  const Headers headers = {{"content-type", "application/cloudevents+json; charset=UTF-8"}};
  v1::MessageEvent event = Message("e1");
  const std::string json = JsonOf(event);
  std::string base64;
  absl::Base64Escape(event.SerializeAsString(), &base64);
  EXPECT_EQ(Fate(RecordOf(Structured(",\"data\": " + json), headers)), "taken e1 shop");
  EXPECT_EQ(Fate(RecordOf(Structured(",\"datacontenttype\":\"application/json\",\"data\":" + json),
                          headers)),
            "taken e1 shop");
  EXPECT_EQ(
      Fate(RecordOf(Structured(",\"datacontenttype\":\"application/protobuf\",\"data_base64\":\"" +
                               base64 + "\""),
                    headers)),
      "taken e1 shop");
  event.clear_event_id();
  event.clear_desk();
  EXPECT_EQ(
      Fate(RecordOf(Structured(",\"usherdesk\":\"other\",\"data\":" + JsonOf(event)), headers)),
      "taken /shop#7 other");

  const auto refused = [&](const std::string& value) { return Fate(RecordOf(value, headers)); };
  EXPECT_EQ(refused(Structured("")), "data: bad_envelope");
  EXPECT_EQ(refused(Structured(",\"data\":{},\"data_base64\":\"\"")), "data: bad_envelope");
  EXPECT_EQ(refused(Structured(",\"data_base64\":\"?\"")), "data_base64: bad_envelope");
  EXPECT_EQ(refused(Structured(",\"data_base64\":7")), "data_base64: bad_envelope");
  EXPECT_EQ(refused(Structured(",\"data_base64\":\"\"")), "data: empty");
  EXPECT_EQ(refused(Structured(",\"data\":{}", "0.3")), "specversion: bad_envelope");
  EXPECT_EQ(refused(R"({"specversion":"1.0","id":"7","type":"t","data":{}})"),
            "source: bad_envelope");
  EXPECT_EQ(refused(R"({"specversion":"1.0","id":"","source":"s","type":"t","data":{}})"),
            "id: bad_envelope");
  EXPECT_EQ(refused(Structured(",\"extra\":[],\"data\":{}")), "extra: bad_envelope");
  EXPECT_EQ(
      refused(Structured(",\"datacontenttype\":\"application/cloudevents+json\",\"data\":{}")),
      "datacontenttype: bad_envelope");
  EXPECT_EQ(refused(Structured(",\"data\":\"text\"")), "bad_json");
  EXPECT_EQ(refused("[" + Structured(",\"data\":" + json) + "]"), "bad_json");
  EXPECT_EQ(refused("{"), "byte 1: bad_json");
  for (const char* type : {"application/cloudevents-batch+json", "application/cloudevents+avro"}) {
    EXPECT_EQ(Fate(RecordOf("[]", {{"content-type", type}})), "content-type: bad_envelope");
  }
}

TEST(Content, HostileJsonHasAReasonAndAPlace) {
  const auto refused = [](const std::string& json) { return Fate(RecordOf(json)); };
  EXPECT_EQ(refused("{\"a\":" + std::string(10'000, '[')), "byte 36: too_complex");
  EXPECT_EQ(refused("{\"a\":[1" + std::string(100'000, ',') + "1]}"), "byte 8: bad_json");
  std::string many = "{\"a\":[0";
  for (int i = 0; i < 20'000; ++i) many += ",0";
  EXPECT_EQ(refused(many + "]}").find("too_complex") != std::string::npos, true);
  EXPECT_EQ(refused("{\"value_cents\":" + std::string(1'000, '9') + "}"), "byte 15: too_complex");
  EXPECT_EQ(refused("{\"" + std::string(300, 'k') + "\":1}"), "byte 2: too_complex");
  EXPECT_EQ(refused("{\"text\":\"\xff\"}"), "byte 9: bad_json");
  EXPECT_EQ(refused("{\"text\":\"\\ud800\"}"), "byte 9: bad_json");
  EXPECT_EQ(refused("{\"desk\":\"a\",\"desk\":\"b\"}"), "byte 0: bad_json");
  EXPECT_EQ(refused("{\"desk\": [1]}"), "desk: bad_json");
  EXPECT_EQ(refused("{\"value_cents\": 99999999999999999999}"), "value_cents: bad_json");
  v1::MessageEvent event = Message(std::string("e\0", 2));
  const auto decoded = DecodeMessage(RecordOf(event.SerializeAsString()), DoorWith());
  EXPECT_EQ(ToText(std::get<Refusal>(decoded)), "event_id: bad_value");
}

}  // namespace
}  // namespace usher::intake
