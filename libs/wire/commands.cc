#include "wire/commands.h"

#include <array>

#include "core/check.h"
#include "model/limits.h"
#include "wire/enums.h"
#include "wire/parts.h"
#include "wire/policy.h"
#include "wire/quality.h"

namespace usher::wire {
namespace {

// By index in CommandBody.
constexpr std::array<std::uint32_t, std::variant_size_v<CommandBody>> kFields = {
    v1::Command::kTickFieldNumber,
    v1::Command::kPlaceInquiryFieldNumber,
    v1::Command::kCancelInquiryFieldNumber,
    v1::Command::kAbandonInquiryFieldNumber,
    v1::Command::kRegisterAgentFieldNumber,
    v1::Command::kRemoveAgentFieldNumber,
    v1::Command::kSetPresenceFieldNumber,
    v1::Command::kAcceptOfferFieldNumber,
    v1::Command::kDeclineOfferFieldNumber,
    v1::Command::kRecordReplyFieldNumber,
    v1::Command::kFinishInquiryFieldNumber,
    v1::Command::kShowWorkFieldNumber,
    v1::Command::kApplyPolicyFieldNumber,
    v1::Command::kCheckpointFieldNumber,
    v1::Command::kUpdateInquiryFieldNumber,
    v1::Command::kTakeInquiryFieldNumber,
    v1::Command::kAssignInquiryFieldNumber,
    v1::Command::kTransferInquiryFieldNumber,
    v1::Command::kPauseInquiryFieldNumber,
    v1::Command::kResumeInquiryFieldNumber,
    v1::Command::kScheduleInquiryFieldNumber,
    v1::Command::kUpdateOrderFieldNumber,
    v1::Command::kEstimateWaitFieldNumber,
    v1::Command::kExplainInquiryFieldNumber,
    v1::Command::kPreviewPolicyFieldNumber,
    v1::Command::kReviewInquiryFieldNumber,
    v1::Command::kRateInquiryFieldNumber,
};

using ExclusionList = google::protobuf::RepeatedPtrField<v1::Exclusion>;

void Put(const std::vector<AskedExclusion>& from, ExclusionList& to) {
  for (const AskedExclusion& exclusion : from) {
    v1::Exclusion& added = *to.Add();
    added.set_agent(exclusion.agent.ToString());
    if (exclusion.length != kForever) added.set_length_us(exclusion.length.count());
  }
}

// One overload a kind of body.
struct Encoder {
  const std::string& yaml;
  v1::Command& out;

  void operator()(const Tick&) const { out.mutable_tick(); }
  void operator()(const PlaceInquiry& from) const {
    v1::PlaceInquiry& to = *out.mutable_place_inquiry();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_conversation(IdBytes(from.conversation));
    to.set_customer(IdBytes(from.customer));
    to.set_message(IdBytes(from.message));
    ToProto(from.features, *to.mutable_features());
    to.set_queue(from.queue.ToString());
    if (from.priority) to.set_priority(*from.priority);
    to.set_arrived_us(MicrosOrZero(from.arrived_at));
    for (const AgentName& agent : from.preferred) to.add_preferred(agent.ToString());
    to.set_prefer_for_us(from.prefer_for.count());
    to.set_starts_us(ToMicros(from.starts_at));
    Put(from.exclude, *to.mutable_exclude());
  }
  void operator()(const CancelInquiry& from) const {
    v1::CancelInquiry& to = *out.mutable_cancel_inquiry();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_reason(ToProto(from.reason));
  }
  void operator()(const AbandonInquiry& from) const {
    out.mutable_abandon_inquiry()->set_inquiry(IdBytes(from.inquiry));
  }
  void operator()(const RegisterAgent& from) const {
    v1::RegisterAgent& to = *out.mutable_register_agent();
    to.set_agent(from.agent.ToString());
    ToProto(from.skills, *to.mutable_skills());
    to.set_units(from.units);
    ToProto(from.limits, *to.mutable_limits());
    ToProto(from.attributes, *to.mutable_attributes());
    to.set_may_take(from.may_take);
    to.set_supervisor(from.supervisor);
    to.set_bot(from.bot);
  }
  void operator()(const RemoveAgent& from) const {
    out.mutable_remove_agent()->set_agent(from.agent.ToString());
  }
  void operator()(const SetPresence& from) const {
    v1::SetPresence& to = *out.mutable_set_presence();
    to.set_agent(from.agent.ToString());
    to.set_presence(ToProto(from.presence));
    to.set_shift_ends_us(MicrosOrZero(from.shift_ends));
  }
  void operator()(const AcceptOffer& from) const {
    v1::AcceptOffer& to = *out.mutable_accept_offer();
    to.set_offer(from.offer.number);
    to.set_agent(from.agent.ToString());
  }
  void operator()(const DeclineOffer& from) const {
    v1::DeclineOffer& to = *out.mutable_decline_offer();
    to.set_offer(from.offer.number);
    to.set_agent(from.agent.ToString());
    to.set_reason(ToProto(from.reason));
  }
  void operator()(const RecordReply& from) const {
    v1::RecordReply& to = *out.mutable_record_reply();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
    to.set_channel(from.channel.ToString());
    to.set_conversation(IdBytes(from.conversation));
  }
  void operator()(const FinishInquiry& from) const {
    v1::FinishInquiry& to = *out.mutable_finish_inquiry();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
  }
  void operator()(const ShowWork& from) const {
    out.mutable_show_work()->set_agent(from.agent.ToString());
  }
  void operator()(const ApplyPolicy& from) const {
    v1::ApplyPolicy& to = *out.mutable_apply_policy();
    ToProto(from.policy, *to.mutable_policy());
    to.set_yaml(yaml);
    to.set_keep(from.keep);
  }
  void operator()(const Checkpoint&) const { out.mutable_checkpoint(); }
  void operator()(const UpdateInquiry& from) const {
    v1::UpdateInquiry& to = *out.mutable_update_inquiry();
    to.set_inquiry(IdBytes(from.inquiry));
    if (from.priority) to.set_priority(*from.priority);
    if (from.sentiment) to.set_sentiment(ToProto(*from.sentiment));
    if (from.on_site) to.set_on_site(*from.on_site);
    if (from.value) to.set_value(*from.value);
    Put(from.exclude, *to.mutable_exclude());
  }
  void operator()(const TakeInquiry& from) const {
    v1::TakeInquiry& to = *out.mutable_take_inquiry();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
  }
  void operator()(const AssignInquiry& from) const {
    v1::AssignInquiry& to = *out.mutable_assign_inquiry();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
    to.set_supervisor(from.supervisor.ToString());
  }
  void operator()(const TransferInquiry& from) const {
    v1::TransferInquiry& to = *out.mutable_transfer_inquiry();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
    to.set_queue(from.queue.ToString());
    to.set_to(from.to.ToString());
  }
  void operator()(const PauseInquiry& from) const {
    v1::PauseInquiry& to = *out.mutable_pause_inquiry();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
    to.set_until_us(MicrosOrZero(from.until));
  }
  void operator()(const ResumeInquiry& from) const {
    v1::ResumeInquiry& to = *out.mutable_resume_inquiry();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_agent(from.agent.ToString());
  }
  void operator()(const ScheduleInquiry& from) const {
    v1::ScheduleInquiry& to = *out.mutable_schedule_inquiry();
    to.set_inquiry(IdBytes(from.inquiry));
    to.set_at_us(ToMicros(from.at));
  }
  void operator()(const UpdateOrder& from) const {
    v1::UpdateOrder& to = *out.mutable_update_order();
    to.set_order(IdBytes(from.order));
    to.set_status(from.status.ToString());
  }
  void operator()(const EstimateWait& from) const {
    out.mutable_estimate_wait()->set_inquiry(IdBytes(from.inquiry));
  }
  void operator()(const ExplainInquiry& from) const {
    out.mutable_explain_inquiry()->set_inquiry(IdBytes(from.inquiry));
  }
  void operator()(const PreviewPolicy& from) const {
    ToProto(from.policy, *out.mutable_preview_policy()->mutable_policy());
  }
  void operator()(const ReviewInquiry& from) const {
    wire::ToProto(from, *out.mutable_review_inquiry());
  }
  void operator()(const RateInquiry& from) const {
    wire::ToProto(from, *out.mutable_rate_inquiry());
  }
};

InquiryId ReadInquiry(const std::string& bytes, FieldCheck& check) {
  return check.TakeId<InquiryId>("inquiry", bytes, Field::kRequired);
}

AgentName ReadAgent(const std::string& text, FieldCheck& check) {
  return check.TakeName<AgentName>("agent", text);
}

std::uint8_t ReadPriority(std::uint32_t priority, FieldCheck& check) {
  return static_cast<std::uint8_t>(check.TakeNumber("priority", priority, kPriorities - 1));
}

std::vector<AskedExclusion> ReadExclusions(const ExclusionList& from, FieldCheck& check) {
  std::vector<AskedExclusion> to;
  if (!check.CheckCount("exclude", from.size(), Limits().exclusions_max)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (int i = 0; i < from.size(); ++i) {
    const FieldCheck::Inside inside(check, "exclude", i);
    AskedExclusion& exclusion = to.emplace_back();
    exclusion.agent = ReadAgent(from[i].agent(), check);
    if (from[i].has_length_us()) {
      exclusion.length = check.TakeLength("length_us", from[i].length_us());
    }
  }
  return to;
}

PlaceInquiry Take(const v1::PlaceInquiry& from, FieldCheck& check) {
  PlaceInquiry to;
  to.inquiry = ReadInquiry(from.inquiry(), check);
  to.conversation =
      check.TakeId<ConversationId>("conversation", from.conversation(), Field::kOptional);
  to.customer = check.TakeId<CustomerId>("customer", from.customer(), Field::kOptional);
  to.message = check.TakeId<MessageId>("message", from.message(), Field::kOptional);
  to.features = FromProto(from.features(), check);
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  if (from.has_priority()) to.priority = ReadPriority(from.priority(), check);
  // Before 1970 nothing arrived: the ages of all inquiries stay within a lifetime.
  if (from.arrived_us() < 0) check.Refuse("arrived_us", "below 0");
  if (from.arrived_us() > 0) to.arrived_at = FromMicros(from.arrived_us());
  if (check.CheckCount("preferred", from.preferred_size(), Limits().preferred_max)) {
    for (const std::string& agent : from.preferred()) {
      to.preferred.push_back(check.TakeName<AgentName>("preferred", agent));
    }
  }
  to.prefer_for = check.TakeLength("prefer_for_us", from.prefer_for_us());
  to.exclude = ReadExclusions(from.exclude(), check);
  to.starts_at = check.TakeMoment("starts_us", from.starts_us());
  return to;
}

CancelInquiry Take(const v1::CancelInquiry& from, FieldCheck& check) {
  CancelInquiry to;
  to.inquiry = ReadInquiry(from.inquiry(), check);
  to.reason = check.TakeEnum("reason", FromProto(from.reason()));
  if (to.reason == CancelReason::kNone) to.reason = CancelReason::kOther;
  return to;
}

AbandonInquiry Take(const v1::AbandonInquiry& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check)};
}

RegisterAgent Take(const v1::RegisterAgent& from, FieldCheck& check) {
  RegisterAgent to;
  to.agent = ReadAgent(from.agent(), check);
  to.skills = FromProto(from.skills(), "skills", Limits().skills_per_agent_max, check);
  to.units = from.units();
  to.limits = FromProto(from.limits(), "limits", check);
  to.attributes = FromProto(from.attributes(), "attributes", check);
  to.may_take = from.may_take();
  to.supervisor = from.supervisor();
  to.bot = from.bot();
  return to;
}

RemoveAgent Take(const v1::RemoveAgent& from, FieldCheck& check) {
  return {ReadAgent(from.agent(), check)};
}

SetPresence Take(const v1::SetPresence& from, FieldCheck& check) {
  SetPresence to;
  to.agent = ReadAgent(from.agent(), check);
  to.presence = check.TakeEnum("presence", FromProto(from.presence()));
  to.shift_ends = InstantOrNever(from.shift_ends_us());
  return to;
}

AcceptOffer Take(const v1::AcceptOffer& from, FieldCheck& check) {
  return {OfferId{from.offer()}, ReadAgent(from.agent(), check)};
}

DeclineOffer Take(const v1::DeclineOffer& from, FieldCheck& check) {
  DeclineOffer to;
  to.offer = OfferId{from.offer()};
  to.agent = ReadAgent(from.agent(), check);
  to.reason = check.TakeEnum("reason", FromProto(from.reason()));
  if (to.reason == DeclineReason::kNone) to.reason = DeclineReason::kOther;
  return to;
}

RecordReply Take(const v1::RecordReply& from, FieldCheck& check) {
  RecordReply to;
  const auto wanted = from.conversation().empty() ? Field::kRequired : Field::kOptional;
  to.inquiry = check.TakeId<InquiryId>("inquiry", from.inquiry(), wanted);
  to.agent = ReadAgent(from.agent(), check);
  to.channel = check.TakeName<ChannelName>("channel", from.channel());
  to.conversation =
      check.TakeId<ConversationId>("conversation", from.conversation(), Field::kOptional);
  return to;
}

FinishInquiry Take(const v1::FinishInquiry& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check)};
}

UpdateInquiry Take(const v1::UpdateInquiry& from, FieldCheck& check) {
  UpdateInquiry to;
  to.inquiry = ReadInquiry(from.inquiry(), check);
  if (from.has_priority()) to.priority = ReadPriority(from.priority(), check);
  if (from.has_sentiment()) {
    to.sentiment = check.TakeEnum("sentiment", FromProto(from.sentiment()));
  }
  if (from.has_on_site()) to.on_site = from.on_site();
  if (from.has_value()) to.value = check.TakeAmount("value", from.value());
  to.exclude = ReadExclusions(from.exclude(), check);
  return to;
}

TakeInquiry Take(const v1::TakeInquiry& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check)};
}

AssignInquiry Take(const v1::AssignInquiry& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check),
          check.TakeName<AgentName>("supervisor", from.supervisor())};
}

TransferInquiry Take(const v1::TransferInquiry& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check),
          check.TakeName<QueueName>("queue", from.queue()),
          check.TakeName<AgentName>("to", from.to())};
}

PauseInquiry Take(const v1::PauseInquiry& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check),
          InstantOrNever(from.until_us())};
}

ResumeInquiry Take(const v1::ResumeInquiry& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), ReadAgent(from.agent(), check)};
}

ScheduleInquiry Take(const v1::ScheduleInquiry& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check), check.TakeMoment("at_us", from.at_us())};
}

UpdateOrder Take(const v1::UpdateOrder& from, FieldCheck& check) {
  return {check.TakeId<OrderId>("order", from.order(), Field::kRequired),
          check.TakeName<OrderStatusName>("status", from.status())};
}

EstimateWait Take(const v1::EstimateWait& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check)};
}

ExplainInquiry Take(const v1::ExplainInquiry& from, FieldCheck& check) {
  return {ReadInquiry(from.inquiry(), check)};
}

PreviewPolicy Take(const v1::PreviewPolicy& from, FieldCheck& check) {
  return {FromProto(from.policy(), check)};
}

ReviewInquiry Take(const v1::ReviewInquiry& from, FieldCheck& check) {
  return FromProto(from, check);
}

RateInquiry Take(const v1::RateInquiry& from, FieldCheck& check) { return FromProto(from, check); }

ShowWork Take(const v1::ShowWork& from, FieldCheck& check) {
  return {ReadAgent(from.agent(), check)};
}

ApplyPolicy Take(const v1::ApplyPolicy& from, FieldCheck& check) {
  if (from.yaml().size() > kPolicyYamlBytesMax) check.Refuse("yaml", "at most 512 KiB");
  return {FromProto(from.policy(), check), from.keep()};
}

// Reads `from` with its field's name in front of all problems.
template <class Proto>
CommandBody TakeIn(const char* field, const Proto& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, field);
  return Take(from, check);
}

}  // namespace

void ToProto(const CommandBody& from, const std::string& yaml, v1::Command& to) {
  std::visit(Encoder{yaml, to}, from);
}

CommandBody BodyFromProto(const v1::Command& from, FieldCheck& check) {
  switch (from.body_case()) {
    case v1::Command::kTick:
      return Tick{};
    case v1::Command::kPlaceInquiry:
      return TakeIn("place_inquiry", from.place_inquiry(), check);
    case v1::Command::kCancelInquiry:
      return TakeIn("cancel_inquiry", from.cancel_inquiry(), check);
    case v1::Command::kAbandonInquiry:
      return TakeIn("abandon_inquiry", from.abandon_inquiry(), check);
    case v1::Command::kRegisterAgent:
      return TakeIn("register_agent", from.register_agent(), check);
    case v1::Command::kRemoveAgent:
      return TakeIn("remove_agent", from.remove_agent(), check);
    case v1::Command::kSetPresence:
      return TakeIn("set_presence", from.set_presence(), check);
    case v1::Command::kAcceptOffer:
      return TakeIn("accept_offer", from.accept_offer(), check);
    case v1::Command::kDeclineOffer:
      return TakeIn("decline_offer", from.decline_offer(), check);
    case v1::Command::kRecordReply:
      return TakeIn("record_reply", from.record_reply(), check);
    case v1::Command::kFinishInquiry:
      return TakeIn("finish_inquiry", from.finish_inquiry(), check);
    case v1::Command::kShowWork:
      return TakeIn("show_work", from.show_work(), check);
    case v1::Command::kApplyPolicy:
      return TakeIn("apply_policy", from.apply_policy(), check);
    case v1::Command::kCheckpoint:
      return Checkpoint{};
    case v1::Command::kUpdateInquiry:
      return TakeIn("update_inquiry", from.update_inquiry(), check);
    case v1::Command::kTakeInquiry:
      return TakeIn("take_inquiry", from.take_inquiry(), check);
    case v1::Command::kAssignInquiry:
      return TakeIn("assign_inquiry", from.assign_inquiry(), check);
    case v1::Command::kTransferInquiry:
      return TakeIn("transfer_inquiry", from.transfer_inquiry(), check);
    case v1::Command::kPauseInquiry:
      return TakeIn("pause_inquiry", from.pause_inquiry(), check);
    case v1::Command::kResumeInquiry:
      return TakeIn("resume_inquiry", from.resume_inquiry(), check);
    case v1::Command::kScheduleInquiry:
      return TakeIn("schedule_inquiry", from.schedule_inquiry(), check);
    case v1::Command::kUpdateOrder:
      return TakeIn("update_order", from.update_order(), check);
    case v1::Command::kEstimateWait:
      return TakeIn("estimate_wait", from.estimate_wait(), check);
    case v1::Command::kExplainInquiry:
      return TakeIn("explain_inquiry", from.explain_inquiry(), check);
    case v1::Command::kPreviewPolicy:
      return TakeIn("preview_policy", from.preview_policy(), check);
    case v1::Command::kReviewInquiry:
      return TakeIn("review_inquiry", from.review_inquiry(), check);
    case v1::Command::kRateInquiry:
      return TakeIn("rate_inquiry", from.rate_inquiry(), check);
    case v1::Command::kHeader:
    case v1::Command::kSwitchLogic:
    case v1::Command::kQuarantineDesk:
    case v1::Command::kReleaseDesk:
    case v1::Command::BODY_NOT_SET:
      break;
  }
  check.Refuse("body", "none, or one that is not known here");
  return Tick{};
}

std::uint32_t FieldOfBody(std::size_t index) {
  USHER_CHECK(index < kFields.size());
  return kFields[index];
}

std::optional<std::uint8_t> BodyOfField(std::uint32_t field) {
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    if (kFields[i] == field) return static_cast<std::uint8_t>(i);
  }
  return std::nullopt;
}

}  // namespace usher::wire
