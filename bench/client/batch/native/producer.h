#pragma once
#include "options.h"
#include "ring-client.h"

struct Row {
  int32_t slot, error, partition;
  double offset;
};

/** Bytes of one row; none where `data` is null. */
struct Run {
  const uint8_t* data = nullptr;
  size_t length = 0;
};

/** Columns in, delivery reports out. */
class Producer : public RingClient {
 public:
  Producer(Napi::Object settings, Napi::Object options, std::shared_ptr<Bridge> bridge);
  ~Producer() override;

  /** Takes rows in order; how many before the queue was full. */
  uint32_t produce(const Napi::CallbackInfo& info);
  Outcome connect(int timeoutMs);
  Outcome flush(int timeoutMs);
  Outcome begin() { return Outcome::of(rd_kafka_begin_transaction(rk_)); }
  Outcome commit(int timeoutMs);
  Outcome abort(int timeoutMs);

 protected:
  void configure(rd_kafka_conf_t* conf) override;
  void ready() override;
  void run() override;
  void destroy(bool leave) override;

 private:
  rd_kafka_resp_err_t one(const uint8_t* value, size_t length, const uint8_t* key, size_t keyLength, const Run& own,
                          const uint8_t* stamp, int32_t partition, void* opaque);
  void report(rd_kafka_event_t* event);
  void write(const Row& row, double atUs);
  void show();
  void reportRefused();
  void freeReported();
  template <typename Work>
  Outcome whileReportsAreFreed(Work work);

  std::string topic_;
  bool each_;
  Stamp stamp_;
  bool transactional_;
  rd_kafka_headers_t* headers_ = nullptr;
  rd_kafka_topic_t* handle_ = nullptr;
  std::vector<uint8_t> scratch_;
  uint32_t unshown_ = 0;
  std::mutex mutex_;
  std::vector<Row> refused_;
  std::vector<rd_kafka_event_t*> reported_;
  std::atomic<int> flushing_{0};
};
