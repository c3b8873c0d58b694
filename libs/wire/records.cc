#include "wire/records.h"

#include "core/check.h"
#include "core/hash.h"
#include "google/protobuf/arena.h"
#include "usher/v1/command.pb.h"
#include "usher/v1/decision.pb.h"
#include "wire/commands.h"
#include "wire/decisions.h"
#include "wire/fields.h"
#include "wire/plain_command.h"

namespace usher::wire {
namespace {

constexpr std::uint32_t kPartitionsMax = 1'000'000;

Source TakeSource(const v1::Source& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "source");
  if (from.topic().empty()) check.Refuse("topic", "empty");
  if (from.topic().size() > kTopicBytesMax) check.Refuse("topic", "at most 249 bytes");
  if (from.partition() < 0) check.Refuse("partition", "below 0");
  if (from.offset() < 0) check.Refuse("offset", "below 0");
  return {from.topic(), from.partition(), from.offset()};
}

LogHeader TakeHeader(const v1::LogHeader& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "header");
  LogHeader to;
  to.log = check.TakeId<LogId>("log_id", from.log_id(), Field::kRequired);
  to.partitions =
      static_cast<std::int32_t>(check.TakeNumber("partitions", from.partitions(), kPartitionsMax));
  if (to.partitions == 0) check.Refuse("partitions", "at least 1");
  return to;
}

DeskName TakeDesk(const std::string& text, FieldCheck& check) {
  const DeskName desk = check.TakeName<DeskName>("desk", text);
  if (desk.none()) check.Refuse("desk", "empty");
  return desk;
}

Stamp TakeStamp(const v1::Stamp& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "stamp");
  Stamp to;
  to.log = check.TakeId<LogId>("log_id", from.log_id(), Field::kRequired);
  to.partition = from.partition();
  to.offset = from.offset();
  to.index = from.index();
  if (to.partition < 0) check.Refuse("partition", "below 0");
  if (to.offset < 0) check.Refuse("offset", "below 0");
  return to;
}

DeskRelease TakeRelease(const v1::Command& from, FieldCheck& check) {
  DeskRelease to{TakeDesk(from.desk(), check), {}};
  const FieldCheck::Inside inside(check, "release_desk");
  const auto& skip = from.release_desk().skip();
  if (check.CheckCount("skip", skip.size(), kSkipMax)) to.skip.assign(skip.begin(), skip.end());
  return to;
}

template <class Proto>
std::string Bytes(const Proto& proto) {
  std::string bytes;
  USHER_CHECK(proto.SerializeToString(&bytes));  // fails over 2 GiB only
  return bytes;
}

// A message read from bytes. Its parts live in one block: a fifth faster than one by one.
template <class Proto>
class Parsed {
 public:
  explicit Parsed(std::string_view bytes)
      : arena_(block_, sizeof block_),
        proto_(*google::protobuf::Arena::CreateMessage<Proto>(&arena_)),
        ok_(bytes.size() <= static_cast<std::size_t>(INT32_MAX) &&
            proto_.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {}

  bool ok() const { return ok_; }
  Proto& operator*() { return proto_; }

 private:
  alignas(8) char block_[2048];  // most records fit
  google::protobuf::Arena arena_;
  Proto& proto_;
  bool ok_;
};

}  // namespace

std::string EncodeHeader(const LogHeader& header) {
  v1::Command proto;
  proto.mutable_header()->set_log_id(IdBytes(header.log));
  proto.mutable_header()->set_partitions(static_cast<std::uint32_t>(header.partitions));
  return Bytes(proto);
}

std::string EncodeControl(const Control& control) {
  v1::Command proto;
  if (const auto* logic = std::get_if<LogicSwitch>(&control)) {
    proto.mutable_switch_logic()->set_version(logic->version);
  } else if (const auto* hold = std::get_if<DeskHold>(&control)) {
    proto.set_desk(hold->desk.ToString());
    proto.mutable_quarantine_desk();
  } else {
    const auto& release = std::get<DeskRelease>(control);
    proto.set_desk(release.desk.ToString());
    proto.mutable_release_desk()->mutable_skip()->Assign(release.skip.begin(), release.skip.end());
  }
  return Bytes(proto);
}

std::string EncodeCommand(const CommandRecord& record) {
  const Command& command = record.command;
  v1::Command proto;
  ToProto(command.body, record.policy_yaml, proto);
  // Of the body alone, while nothing else is set: the same request from another source is the same.
  proto.set_digest(command.digest != 0 ? command.digest : Hash64(Bytes(proto)));
  proto.set_desk(record.desk.ToString());
  if (record.renewal && proto.has_apply_policy()) proto.mutable_apply_policy()->set_renewal(true);
  if (!command.source.none()) {
    v1::Source& source = *proto.mutable_source();
    source.set_topic(command.source.topic);
    source.set_partition(command.source.partition);
    source.set_offset(command.source.offset);
  }
  proto.set_request_id(IdBytes(command.request));
  return Bytes(proto);
}

namespace {

// What is no command to an engine. Nothing: it is one.
std::optional<AnyCommand> TakeOther(const v1::Command& proto, FieldCheck& check) {
  switch (proto.body_case()) {
    case v1::Command::kHeader:
      return TakeHeader(proto.header(), check);
    case v1::Command::kSwitchLogic:
      if (proto.switch_logic().version() == 0) check.Refuse("switch_logic.version", "at least 1");
      return LogicSwitch{proto.switch_logic().version()};
    case v1::Command::kQuarantineDesk:
      return DeskHold{TakeDesk(proto.desk(), check)};
    case v1::Command::kReleaseDesk:
      return TakeRelease(proto, check);
    default:
      return std::nullopt;
  }
}

absl::StatusOr<AnyCommand> ReadAnyCommand(std::string_view bytes) {
  Parsed<v1::Command> parsed(bytes);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError("command: the bytes are not a usher.v1.Command");
  }
  v1::Command& proto = *parsed;
  FieldCheck check;
  const FieldCheck::Inside inside(check, "command");
  if (std::optional<AnyCommand> other = TakeOther(proto, check)) {
    if (!check.ok()) return check.status();
    return *std::move(other);
  }
  CommandRecord record;
  record.desk = TakeDesk(proto.desk(), check);
  if (proto.has_source()) record.command.source = TakeSource(proto.source(), check);
  record.command.request =
      check.TakeId<RequestId>("request_id", proto.request_id(), Field::kOptional);
  record.command.digest = proto.digest();
  record.command.body = BodyFromProto(proto, check);
  if (!check.ok()) return check.status();
  if (proto.has_apply_policy()) {
    record.policy_yaml = std::move(*proto.mutable_apply_policy()->mutable_yaml());
    record.renewal = proto.apply_policy().renewal();
  }
  return record;
}

}  // namespace

absl::StatusOr<AnyCommand> DecodeCommand(std::string_view bytes) {
  absl::StatusOr<AnyCommand> command(absl::in_place, std::in_place_type<CommandRecord>);
  if (!ReadPlainCommand(bytes, std::get<CommandRecord>(*command))) command = ReadAnyCommand(bytes);
  return command;
}

std::string EncodeDecision(const DecisionRecord& record) {
  v1::Decision proto;
  v1::Stamp& stamp = *proto.mutable_stamp();
  stamp.set_log_id(IdBytes(record.stamp.log));
  stamp.set_partition(record.stamp.partition);
  stamp.set_offset(record.stamp.offset);
  stamp.set_index(record.stamp.index);
  proto.set_previous_offset(record.previous.none() ? -1 : record.previous.offset);
  proto.set_previous_index(record.previous.none() ? 0 : record.previous.index);
  proto.set_desk(record.desk.ToString());
  proto.set_at_us(ToMicros(record.decision.at));
  proto.set_command_at_us(ToMicros(record.command_at));
  ToProto(record.decision.body, proto);
  return Bytes(proto);
}

absl::StatusOr<DecisionRecord> DecodeDecision(std::string_view bytes) {
  Parsed<v1::Decision> parsed(bytes);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError("decision: the bytes are not a usher.v1.Decision");
  }
  const v1::Decision& proto = *parsed;
  FieldCheck check;
  const FieldCheck::Inside inside(check, "decision");
  DecisionRecord record;
  record.stamp = TakeStamp(proto.stamp(), check);
  if (proto.previous_offset() < -1) check.Refuse("previous_offset", "below -1");
  if (proto.previous_offset() >= 0) {
    record.previous = {record.stamp.log, record.stamp.partition, proto.previous_offset(),
                       proto.previous_index()};
  }
  record.desk = TakeDesk(proto.desk(), check);
  record.command_at = FromMicros(proto.command_at_us());
  record.decision.at = FromMicros(proto.at_us());
  record.decision.body = BodyFromProto(proto, check);
  if (!check.ok()) return check.status();
  return record;
}

}  // namespace usher::wire
