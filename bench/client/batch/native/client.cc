#include "client.h"

#include <algorithm>

namespace {
constexpr auto TOKENS_BY = "ksweep.oauth.provider";

[[noreturn]] void refuse(Napi::Env env, rd_kafka_resp_err_t code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, errorName(code)));
  throw error;
}
}  // namespace

Client::Client(rd_kafka_type_t type, Napi::Object settings, std::shared_ptr<Bridge> bridge)
    : bridge_(std::move(bridge)), type_(type), conf_(rd_kafka_conf_new()) {
  const Napi::Env env = settings.Env();
  char why[512];
  try {
    const Napi::Array names = settings.GetPropertyNames();
    for (uint32_t i = 0; i < names.Length(); i++) {
      const std::string name = text(names.Get(i), "settings");
      const std::string value = settings.Get(name).ToString();
      if (name == TOKENS_BY) {
        asksForTokens_ = true;
        continue;
      }
      if (rd_kafka_conf_set(conf_, name.c_str(), value.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK) {
        refuse(env, RD_KAFKA_RESP_ERR__INVALID_ARG, why);
      }
    }
  } catch (...) {
    rd_kafka_conf_destroy(conf_);
    throw;
  }
}

Client::~Client() {
  if (conf_ != nullptr) rd_kafka_conf_destroy(conf_);
}

void Client::start(Napi::Env env) {
  char why[512];
  rd_kafka_conf_set_opaque(conf_, this);
  rd_kafka_conf_set_log_cb(conf_, [](const rd_kafka_t* rk, int level, const char* facility, const char* line) {
    auto* self = static_cast<Client*>(rd_kafka_opaque(rk));
    if (self != nullptr) self->bridge_->postText(Event::log, level, std::string(facility) + ": " + line);
  });
  configure(conf_);
  clocks_.watch(conf_);
  traffic_.watch(conf_);
  if (asksForTokens_) {
    rd_kafka_conf_enable_sasl_queue(conf_, 1);
    rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf_, [](rd_kafka_t*, const char*, void* opaque) {
      static_cast<Client*>(opaque)->bridge_->postText(Event::token, 0, "");
    });
  }
  if (!create(conf_, why, sizeof why)) refuse(env, rd_kafka_last_error(), why);
  conf_ = nullptr;
  if (asksForTokens_) {
    rd_kafka_error_t* error = enableTokens();
    if (error != nullptr) rd_kafka_error_destroy(error);
  }
  ready();
  poller_ = std::thread([this] {
    clocks_.enter();
    run();
    clocks_.leave();
  });
  operator_ = std::thread([this] {
    clocks_.enter();
    operate();
    clocks_.leave();
  });
}

void Client::setToken(Napi::Env env, const std::string& token, double expiresAtMs, const std::string& principal) {
  char why[512];
  const auto error = takeToken(token, static_cast<int64_t>(expiresAtMs), principal, why, sizeof why);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  tokenFailed(why);
  refuse(env, error, why);
}

Napi::Value Client::submit(Napi::Env env, Task task) {
  if (!open()) refuse(env, RD_KAFKA_RESP_ERR__STATE, "the client is closed");
  return enqueue(env, {std::move(task), nullptr, nullptr});
}

Napi::Value Client::close(Napi::Env env, bool leave, std::function<void()> closed) {
  if (!open()) refuse(env, RD_KAFKA_RESP_ERR__STATE, "the client is closed");
  stopping_ = true;
  wake();
  return enqueue(env, {[this, leave] {
                         end(leave);
                         return Outcome{};
                       },
                       nullptr, std::move(closed)});
}

Napi::Value Client::enqueue(Napi::Env env, Operation operation) {
  napi_value promise;
  if (napi_create_promise(env, &operation.deferred, &promise) != napi_ok) throw Napi::Error::New(env);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    operations_.push_back(std::move(operation));
  }
  wanted_.notify_one();
  return Napi::Value(env, promise);
}

void Client::operate() {
  for (;;) {
    Operation operation;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wanted_.wait(lock, [&] { return abandoned_ || !operations_.empty(); });
      if (abandoned_) return;
      operation = std::move(operations_.front());
      operations_.pop_front();
    }
    Outcome outcome = operation.task();
    const bool last = !exists();
    // The post keeps the client, whose thread this is, until the loop has joined it.
    bridge_->post([self = shared_from_this(), operation = std::move(operation), outcome = std::move(outcome),
                   last](napi_env env, napi_value) {
      if (last) {
        self->operator_.join();
        self->bridge_->release();
      }
      if (operation.before) operation.before();
      napi_value value;
      if (outcome.error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (outcome.value) value = outcome.value(env);
        else napi_get_undefined(env, &value);
        napi_resolve_deferred(env, operation.deferred, value);
        return;
      }
      napi_value code, message;
      const std::string name = errorName(outcome.error);
      napi_create_string_utf8(env, name.data(), name.size(), &code);
      napi_create_string_utf8(env, outcome.message.data(), outcome.message.size(), &message);
      napi_create_error(env, code, message, &value);
      napi_reject_deferred(env, operation.deferred, value);
    });
    if (last) return;
  }
}

void Client::end(bool leave) {
  if (poller_.joinable()) poller_.join();
  if (!exists()) return;
  destroy(leave);
  release(leave);
}

bool Client::create(rd_kafka_conf_t* conf, char* why, size_t size) {
  rk_ = rd_kafka_new(type_, conf, why, size);
  return rk_ != nullptr;
}

void Client::release(bool leave) {
  rd_kafka_destroy_flags(rk_, leave ? 0 : RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  rk_ = nullptr;
}

void Client::abandon() {
  // A close that is under way has woken everybody, and may be taking the queues away just now.
  const bool closing = stopping_.exchange(true);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    abandoned_ = true;
  }
  wanted_.notify_all();
  if (!closing) wake();
  if (operator_.joinable()) operator_.join();
  end(false);
}

Outcome Client::inSlices(int timeoutMs, const std::function<Outcome(int)>& once, int longestMs) {
  const double deadlineUs = nowUs() + timeoutMs * 1000.0;
  for (;;) {
    const int leftMs = static_cast<int>(std::max(0.0, (deadlineUs - nowUs()) / 1000));
    Outcome outcome = once(std::min(leftMs, longestMs));
    const bool timedOut = outcome.error == RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (!timedOut && !outcome.retriable) return outcome;
    if (nowUs() >= deadlineUs) return outcome;
    if (stopping_) return Outcome::failed(RD_KAFKA_RESP_ERR__STATE, "the client was closed");
    if (!timedOut) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

Outcome Client::awaitLeaders(const std::string& topic, int timeoutMs) {
  const double deadlineUs = nowUs() + timeoutMs * 1000.0;
  rd_kafka_topic_t* handle = rd_kafka_topic_new(rk_, topic.c_str(), nullptr);
  Outcome outcome;
  for (;;) {
    const rd_kafka_metadata_t* found = nullptr;
    const int sliceMs = std::max(1, std::min(SLICE_MS, static_cast<int>((deadlineUs - nowUs()) / 1000)));
    const auto error = rd_kafka_metadata(rk_, 0, handle, &found, sliceMs);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      const bool one = found->topic_cnt == 1 && found->topics[0].partition_cnt > 0;
      const auto* partitions = one ? found->topics[0].partitions : nullptr;
      const bool led = one && std::all_of(partitions, partitions + found->topics[0].partition_cnt,
                                          [](const auto& partition) { return partition.leader >= 0; });
      rd_kafka_metadata_destroy(found);
      if (led) outcome = {};
      else outcome = Outcome::failed(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
                                     "topic " + topic + " has partitions without a leader");
    } else {
      outcome = Outcome::failed(error);
    }
    if (outcome.error == RD_KAFKA_RESP_ERR_NO_ERROR || nowUs() > deadlineUs) break;
    if (stopping_) {
      outcome = Outcome::failed(RD_KAFKA_RESP_ERR__STATE, "the client was closed");
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  rd_kafka_topic_destroy(handle);
  return outcome;
}

void Client::handleEvent(rd_kafka_event_t* event) {
  switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_ERROR:
      bridge_->postText(Event::error, rd_kafka_event_error(event), rd_kafka_event_error_string(event));
      break;
    case RD_KAFKA_EVENT_STATS:
      bridge_->postText(Event::statistics, 0, rd_kafka_event_stats(event));
      break;
    default:
      break;
  }
}
