#pragma once
#include <rdkafka.h>
#include <time.h>

#include <mutex>
#include <vector>

#ifdef __APPLE__
#include <mach/mach.h>
#include <pthread.h>
#else
#include <pthread.h>
#endif

/** CPU time of one client: of its own threads and of librdkafka's, each from when it started. */
class ThreadClocks {
 public:
#ifdef __APPLE__
  using Clock = mach_port_t;
  static Clock ownClock() { return pthread_mach_thread_np(pthread_self()); }
  static double readUs(Clock clock) {
    thread_basic_info_data_t info;
    mach_msg_type_number_t count = THREAD_BASIC_INFO_COUNT;
    if (thread_info(clock, THREAD_BASIC_INFO, reinterpret_cast<thread_info_t>(&info), &count) != KERN_SUCCESS) return 0;
    return (info.user_time.seconds + info.system_time.seconds) * 1e6 + info.user_time.microseconds +
           info.system_time.microseconds;
  }
#else
  using Clock = clockid_t;
  static Clock ownClock() {
    Clock clock = CLOCK_THREAD_CPUTIME_ID;
    pthread_getcpuclockid(pthread_self(), &clock);
    return clock;
  }
  static double readUs(Clock clock) {
    timespec time;
    return clock_gettime(clock, &time) == 0 ? time.tv_sec * 1e6 + time.tv_nsec / 1e3 : 0;
  }
#endif

  /** Called in a thread as it starts. */
  void enter() {
    std::lock_guard<std::mutex> lock(mutex_);
    running_.push_back(ownClock());
  }
  /** Called in it as it ends: its clock can't be read any more. */
  void leave() {
    const Clock own = ownClock();
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto at = running_.begin(); at != running_.end(); ++at) {
      if (*at != own) continue;
      endedUs_ += readUs(own);
      running_.erase(at);
      return;
    }
  }
  double totalUs() {
    std::lock_guard<std::mutex> lock(mutex_);
    double sum = endedUs_;
    for (const Clock clock : running_) sum += readUs(clock);
    return sum;
  }

  /** Has librdkafka tell of its threads. */
  void watch(rd_kafka_conf_t* conf) { rd_kafka_conf_interceptor_add_on_new(conf, "ksweep", onNew, this); }

 private:
  static rd_kafka_resp_err_t onNew(rd_kafka_t* rk, const rd_kafka_conf_t*, void* self, char*, size_t) {
    rd_kafka_interceptor_add_on_thread_start(rk, "ksweep", onStart, self);
    return rd_kafka_interceptor_add_on_thread_exit(rk, "ksweep", onExit, self);
  }
  static rd_kafka_resp_err_t onStart(rd_kafka_t*, rd_kafka_thread_type_t, const char*, void* self) {
    static_cast<ThreadClocks*>(self)->enter();
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  static rd_kafka_resp_err_t onExit(rd_kafka_t*, rd_kafka_thread_type_t, const char*, void* self) {
    static_cast<ThreadClocks*>(self)->leave();
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  std::mutex mutex_;
  std::vector<Clock> running_;
  double endedUs_ = 0;
};
