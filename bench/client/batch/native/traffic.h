#pragma once
#include <rdkafka.h>

#include <atomic>
#include <cstdint>

/**
 * Bytes and requests on a client's connections, counted as they go: librdkafka's own counts are the same and are told
 * once an interval of its statistics, for which the end of a load would have to wait.
 */
class Traffic {
 public:
  std::atomic<uint64_t> sentBytes{0}, receivedBytes{0}, produceRequests{0};

  void watch(rd_kafka_conf_t* conf) { rd_kafka_conf_interceptor_add_on_new(conf, "ksweep", onNew, this); }

 private:
  /** Length and correlation id of a response, which its size leaves out. */
  static constexpr size_t RESPONSE_HEADER_BYTES = 8;
  static constexpr int16_t PRODUCE = 0;
  /** A response that is handed on to another thread is told a second time there. */
  static inline thread_local bool isBrokerThread_ = false;

  static rd_kafka_resp_err_t onNew(rd_kafka_t* rk, const rd_kafka_conf_t*, void* self, char*, size_t) {
    rd_kafka_interceptor_add_on_thread_start(rk, "ksweep", onStart, self);
    rd_kafka_interceptor_add_on_request_sent(rk, "ksweep", onSent, self);
    return rd_kafka_interceptor_add_on_response_received(rk, "ksweep", onReceived, self);
  }
  static rd_kafka_resp_err_t onStart(rd_kafka_t*, rd_kafka_thread_type_t type, const char*, void*) {
    isBrokerThread_ = type == RD_KAFKA_THREAD_BROKER;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  static rd_kafka_resp_err_t onSent(rd_kafka_t*, int, const char*, int32_t, int16_t key, int16_t, int32_t, size_t size,
                                    void* self) {
    auto* own = static_cast<Traffic*>(self);
    own->sentBytes += size;
    if (key == PRODUCE) own->produceRequests++;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  static rd_kafka_resp_err_t onReceived(rd_kafka_t*, int, const char*, int32_t, int16_t, int16_t, int32_t, size_t size,
                                        int64_t, rd_kafka_resp_err_t, void* self) {
    if (isBrokerThread_ && size > 0) static_cast<Traffic*>(self)->receivedBytes += size + RESPONSE_HEADER_BYTES;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }
};
