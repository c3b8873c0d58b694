#include "store/redis/client.h"

#include <sys/time.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "core/hash.h"
#include "support/status.h"

namespace usher::store {
namespace {

timeval ToTimeval(Duration duration) {
  const auto micros = std::max<std::int64_t>(duration.count(), 1);
  return {static_cast<time_t>(micros / 1'000'000), static_cast<suseconds_t>(micros % 1'000'000)};
}

// Up to a quarter less, so that many clients do not come back at once. Chance needs no seed here:
// it decides nothing but the moment.
Duration WithJitter(Duration duration) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  const auto share = Mix64(static_cast<std::uint64_t>(now)) % 256;
  return duration - duration * static_cast<std::int64_t>(share) / 1024;
}

}  // namespace

absl::Status Unexpected(const redisReply& reply) {
  return absl::UnavailableError(
      absl::StrCat("redis: an answer of type ", reply.type, " that the command does not give"));
}

RedisClient::RedisClient(const RedisOptions& options, const Address& address)
    : options_(options), address_(address), backoff_(options.backoff_min) {}

absl::Status RedisClient::Lost(const std::string& doing) {
  std::string why = "out of memory";
  if (context_ != nullptr) {
    const bool late = context_->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK);
    why = late ? "no answer in time" : context_->errstr;
  }
  // Also after a timeout: a late answer would be taken for that to the next command.
  context_.reset();
  return absl::UnavailableError(absl::StrCat("redis ", options_.address, ": ", doing, ": ", why));
}

absl::Status RedisClient::Connect() {
  const auto now = std::chrono::steady_clock::now();
  if (now < retry_at_) {
    return absl::UnavailableError(
        absl::StrCat("redis ", options_.address, ": not connected, the next attempt is soon"));
  }
  const timeval timeout = ToTimeval(options_.connect_timeout);
  context_.reset(address_.unix_path.empty()
                     ? redisConnectWithTimeout(address_.host.c_str(), address_.port, timeout)
                     : redisConnectUnixWithTimeout(address_.unix_path.c_str(), timeout));
  absl::Status status;
  if (context_ == nullptr || context_->err != 0) {
    status = Lost("connect");
  } else {
    status = Greet();
  }
  if (status.ok()) {
    backoff_ = options_.backoff_min;
    return status;
  }
  context_.reset();
  retry_at_ = std::chrono::steady_clock::now() + WithJitter(backoff_);
  backoff_ = std::min(backoff_ * 2, options_.backoff_max);
  return status;
}

absl::Status RedisClient::Greet() {
  if (redisSetTimeout(context_.get(), ToTimeval(options_.command_timeout)) != REDIS_OK) {
    return Lost("set the timeout");
  }
  if (address_.unix_path.empty() && redisEnableKeepAlive(context_.get()) != REDIS_OK) {
    return Lost("keep alive");
  }
  if (!options_.password.empty()) {
    Words words{"AUTH"};
    if (!options_.user.empty()) words.push_back(options_.user);
    words.push_back(options_.password);
    USHER_RETURN_IF_ERROR(Send(words).status());
  }
  if (options_.database != 0) {
    const std::string database = std::to_string(options_.database);
    USHER_RETURN_IF_ERROR(Send({"SELECT", database}).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<Reply> RedisClient::Send(const Words& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  texts.reserve(words.size());
  sizes.reserve(words.size());
  for (const std::string_view word : words) {
    texts.push_back(word.empty() ? "" : word.data());
    sizes.push_back(word.size());
  }
  errno = 0;
  Reply reply(static_cast<redisReply*>(redisCommandArgv(
      context_.get(), static_cast<int>(words.size()), texts.data(), sizes.data())));
  if (reply == nullptr) return Lost(std::string(words[0]));
  if (reply->type != REDIS_REPLY_ERROR) return reply;
  const std::string said = Bytes(*reply);
  const std::string text = absl::StrCat("redis ", options_.address, ": ", said);
  if (said.starts_with("NOSCRIPT")) return absl::NotFoundError(text);
  if (said.find("WRONGTYPE") != std::string::npos) return absl::FailedPreconditionError(text);
  return absl::UnavailableError(text);
}

absl::StatusOr<Reply> RedisClient::Run(const Words& words) {
  if (context_ == nullptr) USHER_RETURN_IF_ERROR(Connect());
  return Send(words);
}

absl::StatusOr<std::int64_t> RedisClient::RunScript(const std::string& text, std::string& sha,
                                                    const Words& words) {
  absl::StatusOr<Reply> reply = absl::NotFoundError("not loaded");
  Words all{"EVALSHA", sha};
  all.insert(all.end(), words.begin(), words.end());
  if (!sha.empty()) reply = Run(all);
  if (absl::IsNotFound(reply.status())) {
    USHER_TRY(const Reply loaded, Run({"SCRIPT", "LOAD", text}));
    if (loaded->type != REDIS_REPLY_STRING) return Unexpected(*loaded);
    sha = Bytes(*loaded);
    all[1] = sha;
    reply = Run(all);
  }
  if (absl::IsNotFound(reply.status())) {
    return absl::UnavailableError(std::string(reply.status().message()));
  }
  USHER_RETURN_IF_ERROR(reply.status());
  if ((*reply)->type != REDIS_REPLY_INTEGER) return Unexpected(**reply);
  return (*reply)->integer;
}

}  // namespace usher::store
