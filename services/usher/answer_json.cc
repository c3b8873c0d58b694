#include "usher/answer_json.h"

#include <google/protobuf/util/json_util.h>

#include "core/check.h"

namespace usher {

std::string AnswerJson(const google::protobuf::Message& answer) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  USHER_CHECK(google::protobuf::util::MessageToJsonString(answer, &json, options).ok());
  return json + "\n";
}

}  // namespace usher
