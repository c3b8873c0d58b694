#include "intake/media_type.h"

#include <string>

#include "absl/strings/ascii.h"

namespace usher::intake {

MediaType MediaTypeOf(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  absl::StripAsciiWhitespace(&type);
  absl::AsciiStrToLower(&type);
  if (type == "application/cloudevents+json") return MediaType::kCloudEventJson;
  if (type.starts_with("application/cloudevents")) return MediaType::kCloudEventOther;
  if (type == "application/json" || type == "text/json" ||
      (type.starts_with("application/") && type.ends_with("+json"))) {
    return MediaType::kJson;
  }
  if (type == "application/protobuf" || type == "application/x-protobuf" ||
      type == "application/vnd.google.protobuf") {
    return MediaType::kProtobuf;
  }
  return MediaType::kOther;
}

}  // namespace usher::intake
