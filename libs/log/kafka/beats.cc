#include "log/kafka/beats.h"

#include <random>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "log/kafka/ends.h"
#include "support/status.h"

namespace usher::log {
namespace {

constexpr int kReadMillis = 20;  // how late a beat may be
constexpr Duration kAskWait = 1s;
constexpr int kLeaveMillis = 1000;  // for the last beat to land

std::uint64_t Anything() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

Properties BeatProducerProperties(const KafkaOptions& options) {
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(options.call_timeout);
  return {{"enable.idempotence", "false"},
          {"acks", "1"},
          {"linger.ms", "0"},
          {"max.in.flight", "1"},
          {"message.timeout.ms", std::to_string(patience.count())}};
}

}  // namespace

KafkaBeats::KafkaBeats(const KafkaOptions& options, Place place, KafkaCounts& counts)
    : options_(options),
      counts_(counts),
      place_(std::move(place)),
      self_(absl::StrCat(place_.member, "/", absl::Hex(Anything(), absl::kZeroPad16))),
      roll_call_(self_, options.beats_missed, options.beats_patience),
      asked_at_(Clock::now().time_since_epoch()) {}

absl::StatusOr<std::unique_ptr<KafkaBeats>> KafkaBeats::Open(const KafkaOptions& options,
                                                             Place place, KafkaCounts& counts) {
  std::unique_ptr<KafkaBeats> made(new KafkaBeats(options, std::move(place), counts));
  const Properties common = CommonProperties(options, options.client_id);
  Properties fetch = FetcherProperties(options);
  fetch["auto.offset.reset"] = "latest";  // beats that are gone tell nothing any more
  USHER_TRY(made->consumer_, KafkaClient::Open(RD_KAFKA_CONSUMER, {common, fetch}, {}, counts));
  const std::string& topic = made->place_.topic;
  // From a place that is known: a beat of our own that is not read here would make us deaf at the
  // start.
  USHER_TRY(const auto ends, Persist(*made->consumer_, options.call_timeout, [&] {
              return AskEnds(*made->consumer_, {{topic, 0}}, kAskWait);
            }));
  if (rd_kafka_consume_start(made->consumer_->Topic(topic), 0, ends.at({topic, 0}).end) != 0) {
    return ToStatus(rd_kafka_last_error(), "read " + topic);
  }
  USHER_TRY(made->producer_,
            KafkaClient::Open(RD_KAFKA_PRODUCER, {common, BeatProducerProperties(options)},
                              {.delivered =
                                   [&beats = *made](const rd_kafka_message_t& message) {
                                     beats.under_way_ = false;
                                     beats.Note(message.err, "write ");
                                   },
                               .rebalance = nullptr},
                              counts));
  made->thread_ = std::thread([&beats = *made] { beats.Run(); });
  return made;
}

KafkaBeats::~KafkaBeats() {
  stopping_ = true;
  if (!thread_.joinable()) return;  // Open() failed
  thread_.join();
  rd_kafka_flush(producer_->rk(), kLeaveMillis);  // one at a time, the last one too
  Send(/*leaving=*/true);
  rd_kafka_flush(producer_->rk(), kLeaveMillis);
  rd_kafka_purge(producer_->rk(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                                      RD_KAFKA_PURGE_F_NON_BLOCKING);
  producer_->Poll();
  rd_kafka_consume_stop(consumer_->Topic(place_.topic), 0);
}

std::optional<std::vector<std::int32_t>> KafkaBeats::TakeChange() {
  asked_at_ = Clock::now().time_since_epoch();
  absl::MutexLock lock(&mutex_);
  if (!std::exchange(changed_, false)) return std::nullopt;
  return share_;
}

absl::Status KafkaBeats::status() const {
  absl::MutexLock lock(&mutex_);
  return refused_;
}

// What is no refusal may pass by itself.
void KafkaBeats::Note(rd_kafka_resp_err_t error, const char* doing) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  counts_.Add("errors_total", 1);
  const absl::Status status = ToStatus(error, doing + place_.topic);
  if (!absl::IsPermissionDenied(status)) return;
  absl::MutexLock lock(&mutex_);
  refused_ = status;
}

void KafkaBeats::Run() {
  while (!stopping_) {
    producer_->Poll();
    const Clock::time_point now = Clock::now();
    const bool awake = now.time_since_epoch() - asked_at_.load() < options_.poll_interval_max;
    if (!under_way_ && awake && now >= beat_at_) {
      beat_at_ = now + options_.beat;
      Send(/*leaving=*/false);
    }
    Read();
  }
}

void KafkaBeats::Send(bool leaving) {
  const std::string value = EncodeBeat(roll_call_.Next(leaving));
  const int produced = rd_kafka_produce(producer_->Topic(place_.topic), 0, RD_KAFKA_MSG_F_COPY,
                                        const_cast<char*>(value.data()), value.size(),
                                        place_.group.data(), place_.group.size(), nullptr);
  if (produced != 0) return;  // the next one is due soon
  under_way_ = true;
}

void KafkaBeats::Read() {
  consumer_->Poll();
  for (int wait = kReadMillis;; wait = 0) {
    const KafkaMessage message(rd_kafka_consume(consumer_->Topic(place_.topic), 0, wait));
    if (message == nullptr) return;
    Note(message->err, "read ");
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) Take(*message);
  }
}

void KafkaBeats::Take(const rd_kafka_message_t& message) {
  if (std::string_view(static_cast<const char*>(message.key), message.key_len) != place_.group)
    return;
  const auto beat = DecodeBeat({static_cast<const char*>(message.payload), message.len});
  if (!beat || !roll_call_.Take(*beat)) return;
  counts_.Add("roll_calls_total", 1);
  std::vector<std::int32_t> share = roll_call_.Share(self_, place_.partitions);
  absl::MutexLock lock(&mutex_);
  changed_ = changed_ || share != share_;
  share_ = std::move(share);
}

}  // namespace usher::log
