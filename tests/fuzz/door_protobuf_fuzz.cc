// Bytes become the protobuf encoding of an event.
#include "fuzz/door_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usher::intake;
  static const Doorway door = DoorWith();
  Take(RecordOf(data, size, {{"content-type", "application/protobuf"}}), door);
  return 0;
}
