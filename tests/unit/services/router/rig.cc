#include "unit/services/router/rig.h"

#include <gtest/gtest.h>

#include <sstream>
#include <unordered_map>
#include <utility>

#include "core/hash.h"
#include "engine/engine.h"
#include "journal/decision_filter.h"
#include "journal/topics.h"
#include "policy/compile.h"

namespace usher::router {

Rig::Rig(std::uint64_t seed, std::int32_t partitions) {
  options.tick_pause = 100ms;
  log_ = std::make_unique<log::SimLog>(
      log::SimLogOptions{.seed = seed, .clock = [this] { return now_; }});
  for (const log::TopicSpec& spec : journal::Topics(partitions)) {
    EXPECT_TRUE(log_->CreateTopic(spec).ok());
  }
  commands_ = *journal::OpenCommandLog(*log_);
  writer_ = std::make_unique<journal::CommandWriter>(commands_, *log_->OpenAppender());
}

Rig::~Rig() {
  processes_.clear();
  writer_.reset();
}

void Rig::Start(const std::string& name) {
  auto process = std::make_unique<Process>();
  Options mine = options;
  mine.member_id = name;
  auto router = Router::Bind(mine, commands_, *log_, process->metrics, process->health);
  ASSERT_TRUE(router.ok()) << router.status();
  process->router = *std::move(router);
  processes_[name] = std::move(process);
}

double Rig::Metric(const std::string& name, const std::string& metric) {
  std::istringstream text(process(name).metrics.Text());
  std::string line;
  while (std::getline(text, line)) {
    if (line.rfind(metric + " ", 0) == 0) return std::stod(line.substr(metric.size() + 1));
  }
  ADD_FAILURE() << "no metric " << metric;
  return -1;
}

absl::Status Rig::Step(const std::string& name) {
  for (Stepper* stepper : process(name).router->steppers()) {
    if (absl::Status status = stepper->Step(now_, 0s); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void Rig::StepAll() {
  for (auto& [name, process] : processes_) {
    const absl::Status status = Step(name);
    ASSERT_TRUE(status.ok()) << name << ": " << status;
  }
}

void Rig::Settle() {
  for (int i = 0; i < 100; ++i) {
    StepAll();
    Pass(100ms);
  }
  // What was appended in the last of these steps is read and decided as well.
  for (int i = 0; i < 5; ++i) StepAll();
}

void Rig::Put(const std::string& desk, CommandBody body) {
  wire::CommandRecord record;
  record.desk = DeskName::Of(desk);
  record.command.body = std::move(body);
  if (std::holds_alternative<ApplyPolicy>(record.command.body)) record.policy_yaml = "a: policy";
  PutRecord(record);
}

void Rig::PutPolicy(const std::string& desk, const std::string& yaml) {
  policy::CompileResult result = policy::Compile(yaml, now_);
  ASSERT_TRUE(result.compiled) << policy::ToString(result.problems.front());
  wire::CommandRecord record;
  record.desk = DeskName::Of(desk);
  record.command.body = ApplyPolicy{std::move(result.compiled->policy)};
  record.policy_yaml = yaml;
  PutRecord(record);
}

void Rig::PutRecord(const wire::CommandRecord& record) {
  ASSERT_TRUE(writer_->Append(record, [](const auto&) {}).ok());
  ASSERT_TRUE(writer_->Flush(1s).ok());
  ASSERT_TRUE(writer_->Poll().ok());
}

void Rig::PutBytes(std::int32_t partition, std::string bytes) {
  auto appender = *log_->OpenAppender();
  ASSERT_TRUE(
      appender->Append({{journal::kCommands, partition}, "", std::move(bytes), {}}, 1).ok());
  ASSERT_TRUE(appender->Flush(1s).ok());
}

void Rig::PutSnapshotBytes(std::int32_t partition, std::string key, std::string bytes) {
  auto appender = *log_->OpenAppender();
  ASSERT_TRUE(
      appender->Append({{journal::kSnapshots, partition}, std::move(key), std::move(bytes), {}}, 1)
          .ok());
  ASSERT_TRUE(appender->Flush(1s).ok());
}

std::vector<log::Record> Rig::All(const std::string& topic, std::int32_t partition) {
  return *log_->ReadRange({topic, partition}, 0, 1'000'000);
}

std::vector<wire::DecisionRecord> Rig::Expected() {
  std::vector<wire::DecisionRecord> expected;
  for (std::int32_t p = 0; p < commands_.partitions; ++p) {
    std::unordered_map<DeskName, engine::Engine> engines;
    Stamp previous;
    for (const log::Record& record : All(journal::kCommands, p)) {
      const auto decoded = wire::DecodeCommand(record.value);
      if (!decoded.ok() || std::holds_alternative<wire::LogHeader>(*decoded)) continue;
      auto command = std::get<wire::CommandRecord>(*decoded);
      if (journal::PartitionOf(command.desk, commands_.partitions) != p) continue;
      command.command.at = record.at;
      DecisionList decisions;
      engine::Engine& engine = engines.try_emplace(command.desk, options.limits).first->second;
      if (command.renewal) {
        Policy in_force = engine.Save().policy;
        const Policy& renewed = std::get<ApplyPolicy>(command.command.body).policy;
        in_force.calendars = renewed.calendars;
        if (!(in_force == renewed)) continue;
      }
      engine.Apply(command.command, decisions);
      for (std::size_t i = 0; i < decisions.size(); ++i) {
        const Stamp stamp{commands_.log_ids[static_cast<std::size_t>(p)], p, record.offset,
                          static_cast<std::uint32_t>(i)};
        expected.push_back({stamp, previous, command.desk, record.at, decisions[i]});
        previous = stamp;
      }
    }
  }
  return expected;
}

std::vector<wire::DecisionRecord> Rig::Decided() {
  std::vector<wire::DecisionRecord> decided;
  copies_ = 0;
  for (std::int32_t p = 0; p < commands_.partitions; ++p) {
    journal::DecisionFilter filter;
    std::map<std::pair<std::int64_t, std::uint32_t>, wire::DecisionRecord> first;
    for (const log::Record& record : All(journal::kDecisions, p)) {
      auto decision = wire::DecodeDecision(record.value);
      EXPECT_TRUE(decision.ok()) << decision.status();
      if (!decision.ok()) continue;
      const auto place = std::pair{decision->stamp.offset, decision->stamp.index};
      switch (filter.Take(decision->stamp, decision->previous)) {
        case journal::Verdict::kNew:
          first[place] = *decision;
          decided.push_back(*std::move(decision));
          break;
        case journal::Verdict::kRepeated:
          ++copies_;
          EXPECT_EQ(first[place].decision, decision->decision) << "a copy that differs";
          EXPECT_EQ(first[place].previous, decision->previous) << "a copy that differs";
          break;
        default:
          ADD_FAILURE() << "a gap or an alien stamp at " << record.offset;
      }
    }
  }
  return decided;
}

void Rig::Judge() {
  const std::vector<wire::DecisionRecord> expected = Expected();
  const std::vector<wire::DecisionRecord> decided = Decided();
  ASSERT_EQ(decided.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(decided[i].stamp, expected[i].stamp) << "decision " << i;
    ASSERT_EQ(decided[i].previous, expected[i].previous) << "decision " << i;
    ASSERT_EQ(decided[i].desk, expected[i].desk) << "decision " << i;
    ASSERT_EQ(decided[i].command_at, expected[i].command_at) << "decision " << i;
    ASSERT_EQ(decided[i].decision, expected[i].decision) << "decision " << i;
  }
}

Policy ShopPolicy() {
  Policy policy;
  policy.version = "shop-1";
  policy.channels = {{ChannelName::Of("chat"), 1}, {ChannelName::Of("email"), 2}};
  SlaClass soon;
  soon.name = SlaName::Of("soon");
  soon.first_response = 30s;
  soon.warn_permilles = {500};
  policy.sla_classes = {soon};
  Queue ask;
  ask.name = QueueName::Of("ask");
  ask.requirement.needs = {{SkillName::Of("help"), 10}};
  ask.sla = SlaName::Of("soon");
  ask.offer_window = 5s;
  ask.wrap_up = 3s;
  Queue take = ask;
  take.name = QueueName::Of("take");
  take.requirement.needs = {};
  take.auto_accept = true;
  policy.queues = {ask, take};
  Route mail;
  mail.name = RouteName::Of("mail");
  mail.channels = {ChannelName::Of("email")};
  mail.queue = take.name;
  Route otherwise;
  otherwise.name = RouteName::Of("otherwise");
  otherwise.queue = ask.name;
  policy.routes = {mail, otherwise};
  policy.decline_cooldown = 10s;
  return policy;
}

std::uint64_t History::Below(std::uint64_t bound) {
  state_ += 0x9e3779b97f4a7c15ULL;
  return Mix64(state_) % bound;
}

AgentName History::AnAgent() { return AgentName::Of("agent-" + std::to_string(Below(4))); }

CommandBody History::Next() {
  switch (made_++) {
    case 0:
      return ApplyPolicy{ShopPolicy()};
    case 1:
      return RegisterAgent{AgentName::Of("agent-0"), {{SkillName::Of("help"), 50}}, 3, {}};
    case 2:
      return SetPresence{AgentName::Of("agent-0"), Presence::kAvailable};
    default:
      break;
  }
  switch (Below(12)) {
    case 0:
      return RegisterAgent{AnAgent(), {{SkillName::Of("help"), 50}}, 3, {}};
    case 1:
      return SetPresence{AnAgent(), Below(4) == 0 ? Presence::kAway : Presence::kAvailable};
    case 2:
      return AcceptOffer{OfferId{1 + Below(30)}, AnAgent()};
    case 3:
      return DeclineOffer{OfferId{1 + Below(30)}, AnAgent(), DeclineReason::kBusy};
    case 4:
      return RecordReply{AnInquiry(), AnAgent()};
    case 5:
      return FinishInquiry{AnInquiry(), AnAgent()};
    case 6:
      return AbandonInquiry{AnInquiry()};
    case 7:
      return ShowWork{AnAgent()};
    default: {
      PlaceInquiry place;
      place.inquiry = AnInquiry();
      place.features.channel = ChannelName::Of(Below(3) == 0 ? "email" : "chat");
      if (Below(3) == 0) place.priority = static_cast<std::uint8_t>(Below(10));
      return place;
    }
  }
}

}  // namespace usher::router
