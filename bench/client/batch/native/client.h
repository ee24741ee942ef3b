#pragma once
#include <condition_variable>
#include <deque>
#include <thread>

#include "bridge.h"
#include "clocks.h"
#include "columns.h"
#include "ring.h"
#include "traffic.h"

/** What an operation ended with, on the operations' thread; `value` is made on JavaScript's. */
struct Outcome {
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string message;
  std::function<napi_value(napi_env)> value;
  /** librdkafka says that the same call may succeed later, such as while a coordinator loads. */
  bool retriable = false;
  static Outcome failed(rd_kafka_resp_err_t error, std::string message = "") {
    return {error, message.empty() ? rd_kafka_err2str(error) : std::move(message), nullptr, false};
  }
  static Outcome of(rd_kafka_error_t* error) {
    if (error == nullptr) return {};
    Outcome outcome = failed(rd_kafka_error_code(error), rd_kafka_error_string(error));
    outcome.retriable = rd_kafka_error_is_retriable(error) != 0;
    rd_kafka_error_destroy(error);
    return outcome;
  }
};

/**
 * A librdkafka client with its two threads: one takes what librdkafka has for us (`run`), one carries out operations
 * that block (`submit`). Ends by `close`, or at once where its environment ends: process exit, worker terminated.
 */
class Client : public std::enable_shared_from_this<Client> {
 public:
  using Task = std::function<Outcome()>;
  Client(rd_kafka_type_t type, Napi::Object settings, std::shared_ptr<Bridge> bridge);
  virtual ~Client();

  /** Creates librdkafka's handle and starts the threads. Throws what librdkafka refuses. */
  void start(Napi::Env env);
  /** A promise of the task's value. */
  Napi::Value submit(Napi::Env env, Task task);
  /** Threads and handle are gone when the promise resolves; the loop goes on meanwhile. `closed` runs in it just before. */
  Napi::Value close(Napi::Env env, bool leave, std::function<void()> closed);
  /** The same, blocking and without leaving a group: the environment is ending. */
  void abandon();
  /** CPU time of the client's threads, librdkafka's among them, µs. */
  double cpuUs() { return clocks_.totalUs(); }
  const Traffic& traffic() const { return traffic_; }
  bool open() const { return !stopping_ && exists(); }

  /** A token for SASL/OAUTHBEARER until it ends, or why there is none. Throws what librdkafka refuses. */
  void setToken(Napi::Env env, const std::string& token, double expiresAtMs, const std::string& principal);
  virtual void tokenFailed(const std::string& reason) { rd_kafka_oauthbearer_set_token_failure(rk_, reason.c_str()); }

  /** Waits for leaders of all partitions, in slices, so that a close does not wait for the whole time. */
  Outcome awaitLeaders(const std::string& topic, int timeoutMs);

 protected:
  /** A blocking call is cut into pieces of at most this: a terminated worker waits for one of them. */
  static constexpr int SLICE_MS = 500;
  virtual void configure(rd_kafka_conf_t* conf) = 0;
  /** Makes librdkafka's handle, which takes the settings; false with the reason in `why`. */
  virtual bool create(rd_kafka_conf_t* conf, char* why, size_t size);
  virtual bool exists() const { return rk_ != nullptr; }
  /** SASL callbacks on a thread of librdkafka's: a client that is not polled yet needs its token, too. */
  virtual rd_kafka_error_t* enableTokens() { return rd_kafka_sasl_background_callbacks_enable(rk_); }
  /** The handle itself, last of all. */
  virtual void release(bool leave);
  virtual void ready() {}
  virtual void run() = 0;
  /** Ends what `run` may be waiting for. */
  virtual void wake() = 0;
  /** Everything but the handle itself, in the order that librdkafka wants. `leave` false: as a killed process. */
  virtual void destroy(bool leave) = 0;
  /** Calls `once` with slices of the timeout while it times out or may be tried again: librdkafka resumes it. */
  Outcome inSlices(int timeoutMs, const std::function<Outcome(int sliceMs)>& once, int longestMs = SLICE_MS);
  void handleEvent(rd_kafka_event_t* event);

  virtual rd_kafka_resp_err_t takeToken(const std::string& token, int64_t expiresAtMs, const std::string& principal,
                                        char* why, size_t size) {
    return rd_kafka_oauthbearer_set_token(rk_, token.c_str(), expiresAtMs, principal.c_str(), nullptr, 0, why, size);
  }

  rd_kafka_t* rk_ = nullptr;
  std::atomic<bool> stopping_{false};
  std::shared_ptr<Bridge> bridge_;

 private:
  struct Operation {
    Task task;
    napi_deferred deferred;
    std::function<void()> before;
  };
  Napi::Value enqueue(Napi::Env env, Operation operation);
  void operate();
  void end(bool leave);

  rd_kafka_type_t type_;
  rd_kafka_conf_t* conf_;
  /** JavaScript provides tokens: the setting that says so is ours, and librdkafka's have no such name. */
  bool asksForTokens_ = false;
  ThreadClocks clocks_;
  Traffic traffic_;
  std::thread poller_, operator_;
  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<Operation> operations_;
  bool abandoned_ = false;
};
