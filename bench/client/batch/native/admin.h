#pragma once
#include <map>

#include "client.h"

/** The requests of ksweep's admin side, each a call that blocks on the operations' thread. */
class Admin : public Client {
 public:
  Admin(Napi::Object settings, std::shared_ptr<Bridge> bridge)
      : Client(RD_KAFKA_PRODUCER, settings, std::move(bridge)) {}

  /** Brokers and topics of the cluster. */
  Outcome metadata(int timeoutMs);
  /** Of one topic by partition: its leader, -1 without one, and how many of its replicas are in sync. */
  Outcome topicState(const std::string& name, int timeoutMs);
  Outcome createTopic(const std::string& name, int partitions, int replicas,
                      const std::map<std::string, std::string>& configs, bool validateOnly, int timeoutMs);
  /** Codes of what the principal may do with the cluster, and with one topic. */
  Outcome clusterOperations(int timeoutMs);
  Outcome topicOperations(const std::string& name, int timeoutMs);
  Outcome deleteTopic(const std::string& name, int timeoutMs);
  /** By partition; -1 where one did not answer. */
  Outcome listOffsets(const std::string& topic, int partitions, bool latest, int timeoutMs);
  Outcome commitOffsets(const std::string& group, const std::string& topic, const std::vector<int64_t>& offsets,
                        int timeoutMs);
  /** Dynamic configs of a group, such as share.auto.offset.reset; or, to `remove`, away with those named. */
  Outcome configureGroup(const std::string& name, const std::map<std::string, std::string>& configs, bool remove,
                         int timeoutMs);
  /** Partitions of all topics: how many there are, lack replicas in sync, and have no leader. */
  Outcome clusterHealth(int timeoutMs);
  /** Records that a group is behind, over all that it has committed; null where it has committed nothing. */
  Outcome groupLag(const std::string& group, int timeoutMs);
  Outcome deleteGroups(const std::vector<std::string>& names, int timeoutMs);

 protected:
  void configure(rd_kafka_conf_t* conf) override;
  void ready() override { queue_ = rd_kafka_queue_get_main(rk_); }
  void run() override;
  void wake() override { rd_kafka_queue_yield(queue_); }
  void destroy(bool) override { rd_kafka_queue_destroy(queue_); }

 private:
  /** Sends a request and hands its answer to `read`. */
  Outcome ask(rd_kafka_admin_op_t operation, int timeoutMs,
              const std::function<void(rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>& send,
              const std::function<Outcome(rd_kafka_event_t*)>& read);
  Outcome lagBehind(const rd_kafka_topic_partition_list_t* committed, int timeoutMs);
  rd_kafka_queue_t* queue_ = nullptr;
};
