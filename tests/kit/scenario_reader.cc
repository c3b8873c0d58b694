#include <algorithm>
#include <limits>

#include "kit/scenario.h"
#include "kit/scenario_limits.h"
#include "kit/scenario_line.h"
#include "kit/scenario_policy.h"
#include "kit/words.h"

namespace usher::kit {
namespace {

constexpr std::uint64_t kMost8 = std::numeric_limits<std::uint8_t>::max();
constexpr std::uint64_t kMost64 = std::numeric_limits<std::uint64_t>::max();

class Reader {
 public:
  Reader(const std::string& file, std::string_view text) : text_(text) {
    result_.scenario.file = file;
  }

  ReadResult Read() {
    int number = 0;
    while (!text_.empty() && result_.error.empty()) {
      const std::size_t end = text_.find('\n');
      ScenarioLine line(++number, text_.substr(0, end));
      text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
      if (line.empty()) {
        Refuse(line);
        continue;
      }
      ReadLine(line);
      line.End();
      Refuse(line);
    }
    if (result_.error.empty() && block_) {
      Refuse(block_line_, "the policy block has no end");
    }
    return std::move(result_);
  }

 private:
  void Refuse(const ScenarioLine& line) {
    if (!line.error().empty()) Refuse(line.number(), line.error());
  }
  void Refuse(int number, const std::string& what) {
    result_.error = result_.scenario.file + ":" + std::to_string(number) + ": " + what;
  }

  void ReadLine(ScenarioLine& line) {
    const std::string word = line.Word("the first word");
    if (block_) {
      if (word == "end") {
        policies_[block_name_] = *std::exchange(block_, std::nullopt);
      } else {
        ReadPolicyLine(word, line, *block_);
      }
    } else if (word == "policy") {
      block_name_ = line.Word("the policy's name");
      if (policies_.count(block_name_) > 0)
        line.Fail("policy '" + block_name_ + "' is there already");
      block_.emplace();
      block_->version = block_name_;
      block_line_ = line.number();
    } else if (word == "limits") {
      ReadLimits(line);
    } else if (word == "ignore") {
      ReadIgnored(line);
    } else if (word == "at") {
      ReadStep(line);
    } else if (word == "expect") {
      ReadExpect(line);
    } else {
      line.Fail("'" + word + "' is none of policy, limits, ignore, at, expect");
    }
  }

  void ReadLimits(ScenarioLine& line) {
    if (!steps().empty()) line.Fail("limits come before the first step");
    Limits& l = result_.scenario.limits;
    ForEachLimit([&](const char* name, std::uint32_t Limits::*bound) {
      l.*bound = line.TakeNumber32(name, l.*bound);
    });
    l.jump_max = line.TakeDuration("jump", l.jump_max);
  }

  void ReadIgnored(ScenarioLine& line) {
    while (const auto kind = line.NextWord()) {
      if (FieldsOf(*kind).empty()) line.Fail("there is no decision '" + *kind + "'");
      result_.scenario.ignored.insert(*kind);
    }
  }

  void ReadStep(ScenarioLine& line) {
    Step step;
    step.line = line.number();
    step.command.at = Instant(line.ToDuration(line.Word("the time")));
    const std::string verb = line.Word("the command");
    ReadOrigin(line, step.command);
    if (verb == "restore") {
      step.restore = true;
    } else {
      ReadBody(verb, line, step);
    }
    steps().push_back(std::move(step));
  }

  // What every command may carry besides its body.
  void ReadOrigin(ScenarioLine& line, Command& command) {
    if (const auto source = line.Take("source")) {
      const std::size_t second = source->rfind(':');
      const std::size_t first =
          second == std::string::npos || second == 0 ? second : source->rfind(':', second - 1);
      if (second == std::string::npos || first == std::string::npos) {
        line.Fail("'" + *source + "' is not topic:partition:offset");
      } else {
        command.source.topic = source->substr(0, first);
        command.source.partition =
            static_cast<std::int32_t>(line.ToNumber(source->substr(first + 1, second - first - 1),
                                                    std::numeric_limits<std::int32_t>::max()));
        command.source.offset = static_cast<std::int64_t>(
            line.ToNumber(source->substr(second + 1), std::numeric_limits<std::int64_t>::max()));
      }
    }
    command.request = Take<RequestId>(line, "request");
    command.digest = line.TakeNumber("digest", 0, kMost64);
  }

  void ReadBody(const std::string& verb, ScenarioLine& line, Step& step) {
    if (ReadOfAgent(verb, line, step) || ReadOfInquiry(verb, line, step.command.body) ||
        ReadOfDesk(verb, line, step.command.body)) {
      return;
    }
    line.Fail("'" + verb +
              "' is none of policy, agent, presence, remove, place, cancel, abandon, accept, "
              "decline, reply, done, pause, resume, update, take, assign, transfer, schedule, "
              "order, work, estimate, explain, preview, review, rate, tick, checkpoint, restore");
  }

  bool ReadOfAgent(const std::string& verb, ScenarioLine& line, Step& step) {
    CommandBody& body = step.command.body;
    if (verb == "agent") {
      body = ReadAgent(line);
    } else if (verb == "remove") {
      body = RemoveAgent{Agent(line)};
    } else if (verb == "presence") {
      const AgentName agent = Agent(line);
      const auto presence = line.ToEnum<Presence>(line.Word("the presence"));
      body = SetPresence{agent, presence, Instant(line.TakeDuration("shift-ends", kForever))};
    } else if (verb == "accept") {
      const OfferId offer = Offer(line, step);
      body = AcceptOffer{offer, Agent(line)};
    } else if (verb == "decline") {
      const OfferId offer = Offer(line, step);
      const AgentName agent = Agent(line);
      body = DeclineOffer{offer, agent, line.TakeEnum("reason", DeclineReason::kOther)};
    } else if (verb == "work") {
      body = ShowWork{Agent(line)};
    } else {
      return false;
    }
    return true;
  }

  bool ReadOfInquiry(const std::string& verb, ScenarioLine& line, CommandBody& body) {
    if (verb == "place") {
      body = ReadPlace(line);
    } else if (verb == "update") {
      body = ReadUpdate(line);
    } else if (verb == "cancel") {
      const InquiryId inquiry = Inquiry(line);
      body = CancelInquiry{inquiry, line.TakeEnum("reason", CancelReason::kOther)};
    } else if (verb == "abandon") {
      body = AbandonInquiry{Inquiry(line)};
    } else if (verb == "estimate") {
      body = EstimateWait{Inquiry(line)};
    } else if (verb == "explain") {
      body = ExplainInquiry{Inquiry(line)};
    } else if (verb == "review") {
      body = ReadReview(line);
    } else if (verb == "rate") {
      const InquiryId inquiry = Inquiry(line);
      body = RateInquiry{inquiry,
                         static_cast<std::uint8_t>(line.ToNumber(line.Word("the rating"), kMost8))};
    } else if (verb == "schedule") {
      const InquiryId inquiry = Inquiry(line);
      body = ScheduleInquiry{inquiry, Instant(line.ToDuration(line.Word("the time")))};
    } else {
      return ReadWork(verb, line, body);
    }
    return true;
  }

  // What an agent does with an inquiry.
  bool ReadWork(const std::string& verb, ScenarioLine& line, CommandBody& body) {
    constexpr std::string_view kVerbs[] = {"reply",  "done",   "take",    "pause",
                                           "resume", "assign", "transfer"};
    if (std::find(std::begin(kVerbs), std::end(kVerbs), verb) == std::end(kVerbs)) return false;
    const InquiryId inquiry = Inquiry(line);
    const AgentName agent = Agent(line);
    if (verb == "reply") {
      RecordReply reply{inquiry, agent, line.TakeName<ChannelName>("channel"), {}};
      reply.conversation = Take<ConversationId>(line, "conversation");
      body = reply;
    } else if (verb == "done") {
      body = FinishInquiry{inquiry, agent};
    } else if (verb == "take") {
      body = TakeInquiry{inquiry, agent};
    } else if (verb == "pause") {
      body = PauseInquiry{inquiry, agent, Instant(line.TakeDuration("until", kForever))};
    } else if (verb == "resume") {
      body = ResumeInquiry{inquiry, agent};
    } else if (verb == "assign") {
      body = AssignInquiry{inquiry, agent, line.TakeName<AgentName>("by")};
    } else {
      body = TransferInquiry{inquiry, agent, line.TakeName<QueueName>("queue"),
                             line.TakeName<AgentName>("to")};
    }
    return true;
  }

  bool ReadOfDesk(const std::string& verb, ScenarioLine& line, CommandBody& body) {
    if (verb == "tick") {
      body = Tick();
    } else if (verb == "checkpoint") {
      body = Checkpoint();
    } else if (verb == "order") {
      const OrderId order = Make<OrderId>(line.Word("the order"));
      body = UpdateOrder{order, line.WordName<OrderStatusName>("the status")};
    } else if (verb == "policy" || verb == "preview") {
      const std::string name = line.Word("the policy's name");
      if (policies_.count(name) == 0) line.Fail("there is no policy block '" + name + "' above");
      if (verb == "policy") {
        body = ApplyPolicy{policies_[name], line.TakeFlags({"keep"})[0]};
      } else {
        body = PreviewPolicy{policies_[name]};
      }
    } else {
      return false;
    }
    return true;
  }

  ReviewInquiry ReadReview(ScenarioLine& line) {
    const InquiryId inquiry = Inquiry(line);
    const AgentName agent = Agent(line);
    ReviewInquiry review{inquiry, agent, line.TakeName<AgentName>("by"), {}};
    for (const auto& [criterion, mark] : line.TakePairs("marks", kMost8)) {
      review.marks.push_back(
          {line.ToName<CriterionName>(criterion), static_cast<std::uint8_t>(mark)});
    }
    return review;
  }

  PlaceInquiry ReadPlace(ScenarioLine& line) {
    PlaceInquiry place;
    place.inquiry = Inquiry(line);
    place.conversation = Take<ConversationId>(line, "conversation");
    place.customer = Take<CustomerId>(line, "customer");
    place.message = Take<MessageId>(line, "message");
    place.features.channel = line.ToName<ChannelName>(line.Take("channel").value_or("chat"));
    place.features.language = line.TakeName<LanguageName>("language");
    place.features.topic = line.TakeName<TopicName>("topic");
    place.features.sentiment = line.TakeEnum("sentiment", Sentiment::kUnknown);
    place.features.tier = line.TakeName<TierName>("tier");
    place.features.order = Take<OrderId>(line, "order");
    place.features.order_status = line.TakeName<OrderStatusName>("order-status");
    place.features.on_site = line.TakeYesNo("on-site").value_or(false);
    place.features.value = Value(line).value_or(0);
    place.queue = line.TakeName<QueueName>("queue");
    place.priority = Priority(line);
    place.arrived_at = Instant(line.TakeDuration("arrived", kForever));
    place.preferred = line.TakeNames<AgentName>("preferred");
    place.prefer_for = line.TakeDuration("prefer-for", Duration(0));
    place.exclude = line.TakeExclusions("exclude");
    place.starts_at = Instant(line.TakeDuration("starts", Duration(0)));
    return place;
  }

  UpdateInquiry ReadUpdate(ScenarioLine& line) {
    UpdateInquiry update;
    update.inquiry = Inquiry(line);
    update.priority = Priority(line);
    if (const auto sentiment = line.Take("sentiment")) {
      update.sentiment = line.ToEnum<Sentiment>(*sentiment);
    }
    update.on_site = line.TakeYesNo("on-site");
    update.value = Value(line);
    update.exclude = line.TakeExclusions("exclude");
    return update;
  }

  RegisterAgent ReadAgent(ScenarioLine& line) {
    RegisterAgent agent;
    agent.agent = Agent(line);
    agent.skills = line.TakeNeeds("skills");
    agent.units = line.TakeNumber32("capacity", 1);
    const std::uint64_t most_of_limit = std::numeric_limits<std::uint32_t>::max();
    for (const auto& [channel, most] : line.TakePairs("limit", most_of_limit)) {
      agent.limits.push_back({line.ToName<ChannelName>(channel), static_cast<std::uint32_t>(most)});
    }
    agent.attributes = line.TakeAttributes("attributes");
    const auto flags = line.TakeFlags({"may-take", "supervisor", "bot"});
    agent.may_take = flags[0];
    agent.supervisor = flags[1];
    agent.bot = flags[2];
    return agent;
  }

  void ReadExpect(ScenarioLine& line) {
    if (steps().empty()) return line.Fail("nothing was done yet that could be expected of");
    if (steps().back().restore) return line.Fail("restore decides nothing");
    Expectation expected;
    expected.line = line.number();
    expected.text.kind = line.Word("the decision");
    const std::vector<std::string> fields = FieldsOf(expected.text.kind);
    if (fields.empty()) return line.Fail("there is no decision '" + expected.text.kind + "'");
    if (result_.scenario.ignored.count(expected.text.kind) > 0) {
      return line.Fail("'" + expected.text.kind + "' is ignored in this file");
    }
    while (const auto word = line.NextWord()) expected.text.subject.push_back(*word);
    expected.text.fields = line.TakeRest();
    for (const auto& [name, value] : expected.text.fields) {
      if (std::find(fields.begin(), fields.end(), name) == fields.end()) {
        line.Fail("'" + expected.text.kind + "' has no '" + name + "'");
      }
    }
    steps().back().expects.push_back(std::move(expected));
  }

  InquiryId Inquiry(ScenarioLine& line) { return Make<InquiryId>(line.Word("the inquiry")); }
  AgentName Agent(ScenarioLine& line) { return line.WordName<AgentName>("the agent"); }

  std::optional<std::uint8_t> Priority(ScenarioLine& line) {
    const auto text = line.Take("priority");
    if (!text) return std::nullopt;
    return static_cast<std::uint8_t>(
        line.ToNumber(*text, std::numeric_limits<std::uint8_t>::max()));
  }
  // Of money; a minus may stand before it.
  std::optional<std::int64_t> Value(ScenarioLine& line) {
    const auto text = line.Take("value");
    if (!text) return std::nullopt;
    const bool negative = text->starts_with('-');
    // Unsigned, since the lowest number has no positive twin.
    const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const std::uint64_t number = line.ToNumber(text->substr(negative), most + (negative ? 1 : 0));
    return static_cast<std::int64_t>(negative ? 0 - number : number);
  }

  // `i1`: its last offer to the agent; `offer=7`: that one.
  OfferId Offer(ScenarioLine& line, Step& step) {
    if (const auto number = line.Take("offer")) return OfferId{line.ToNumber(*number, kMost64)};
    step.offer_of = Inquiry(line);
    return OfferId();
  }

  template <class IdType>
  IdType Make(const std::string& label) {
    return label == "-" ? IdType() : result_.scenario.labels.Make<IdType>(label);
  }
  template <class IdType>
  IdType Take(ScenarioLine& line, const char* name) {
    return Make<IdType>(line.Take(name).value_or("-"));
  }
  std::vector<Step>& steps() { return result_.scenario.steps; }

  std::string_view text_;
  ReadResult result_;
  std::map<std::string, Policy> policies_;
  std::optional<Policy> block_;  // the policy block that is being read
  std::string block_name_;
  int block_line_ = 0;
};

}  // namespace

ReadResult ReadScenario(const std::string& file, std::string_view text) {
  return Reader(file, text).Read();
}

}  // namespace usher::kit
