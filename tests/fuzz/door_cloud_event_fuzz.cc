// Bytes become a CloudEvent in structured mode, around an event or around a shop's own JSON.
#include "fuzz/door_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usher::intake;
  static const Doorway door = DoorWith();
  Take(RecordOf(data, size, {{"content-type", "application/cloudevents+json"}}), door);
  return 0;
}
