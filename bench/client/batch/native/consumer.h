#pragma once
#include "options.h"
#include "ring-client.h"
#include "spent.h"

/** Records in: their columns and stamps, never their payloads. */
class Consumer : public RingClient {
 public:
  Consumer(Napi::Object settings, Napi::Object options, std::shared_ptr<Bridge> bridge);

  /** Waits until all partitions have leaders. */
  Outcome leaders(const std::vector<std::string>& topics, int timeoutMs);
  /** The same, and joins the group. */
  Outcome connect(const std::vector<std::string>& topics, int timeoutMs, bool paused);
  /** Paused: owns its partitions and gets no record. */
  void pause(bool paused);

 protected:
  void configure(rd_kafka_conf_t* conf) override;
  void ready() override;
  void run() override;
  void destroy(bool leave) override;

 private:
  bool wanted();
  bool write(rd_kafka_message_t* message, uint32_t at, double atUs);
  void rebalance(rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* partitions);
  void tellAssignment(rd_kafka_resp_err_t event);
  void storeReleased();
  uint16_t topicIndex(const rd_kafka_topic_t* topic);

  SpentMessages spent_;
  Stamp stamp_;
  bool storesOffsets_;
  std::atomic<bool> paused_{false};
  uint32_t asked_ = 0;
  double askedAtUs_ = 0;
  /** Rows before this one have had their offsets stored. */
  uint32_t stored_ = 0;
  std::vector<std::string> topics_;
  const rd_kafka_topic_t* lastTopic_ = nullptr;
  uint16_t lastIndex_ = 0;
  std::vector<uint16_t> topicOf_;
};
