#pragma once
#include <rdkafka.h>

#include <mutex>
#include <utility>
#include <vector>

/**
 * Messages that have been read. A broker's thread of librdkafka allocates them, and where another thread frees them both
 * wait for one lock of the allocator, at millions of messages a second for a quarter of their time. So the brokers'
 * threads free them, whenever a request has gone out and its answer is yet to come.
 */
class SpentMessages {
 public:
  ~SpentMessages() { free(); }

  void watch(rd_kafka_conf_t* conf) { rd_kafka_conf_interceptor_add_on_new(conf, "ksweep", onNew, this); }

  /** Takes messages over, and frees them at once where as many wait already as may. */
  void add(rd_kafka_message_t* const* messages, size_t count, size_t bytes) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (waiting_.size() + count <= MOST && bytes_ + bytes <= MOST_BYTES) {
        waiting_.insert(waiting_.end(), messages, messages + count);
        bytes_ += bytes;
        return;
      }
    }
    for (size_t i = 0; i < count; i++) rd_kafka_message_destroy(messages[i]);
  }

  void free() {
    std::vector<rd_kafka_message_t*> taken;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      std::swap(taken, waiting_);
      bytes_ = 0;
    }
    for (rd_kafka_message_t* message : taken) rd_kafka_message_destroy(message);
  }

 private:
  /** More than one answer of a broker holds at 100 B a record. */
  static constexpr size_t MOST = 1 << 17;
  static constexpr size_t MOST_BYTES = 32 << 20;

  static rd_kafka_resp_err_t onNew(rd_kafka_t* rk, const rd_kafka_conf_t*, void* self, char*, size_t) {
    return rd_kafka_interceptor_add_on_request_sent(rk, "ksweep", onSent, self);
  }
  static rd_kafka_resp_err_t onSent(rd_kafka_t*, int, const char*, int32_t, int16_t, int16_t, int32_t, size_t,
                                    void* self) {
    static_cast<SpentMessages*>(self)->free();
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  std::mutex mutex_;
  std::vector<rd_kafka_message_t*> waiting_;
  size_t bytes_ = 0;
};
