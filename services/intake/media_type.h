// MediaType: what a content type says of a value's form.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <string_view>

namespace usher::intake {

enum class MediaType : std::uint8_t {
  kOther,  // says nothing that is known here: the bytes tell
  kJson,
  kProtobuf,
  kCloudEventJson,   // structured mode
  kCloudEventOther,  // a batch, or structured mode in another format: not taken
};

// Of "application/json; charset=utf-8" and the like, in any case of letters.
MediaType MediaTypeOf(std::string_view content_type);

}  // namespace usher::intake
