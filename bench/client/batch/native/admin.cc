#include "admin.h"

#include <algorithm>

namespace {
constexpr int POLL_MS = 100;

struct Broker {
  int id;
  std::string address;
};
struct Topic {
  std::string name;
  int partitions, replicas;
};

napi_value objectOf(napi_env env, const std::vector<Broker>& brokers, const std::vector<Topic>& topics) {
  Napi::Object found = Napi::Object::New(env);
  Napi::Array brokerList = Napi::Array::New(env, brokers.size());
  for (uint32_t i = 0; i < brokers.size(); i++) {
    Napi::Object broker = Napi::Object::New(env);
    broker.Set("id", brokers[i].id);
    broker.Set("address", brokers[i].address);
    brokerList.Set(i, broker);
  }
  Napi::Array topicList = Napi::Array::New(env, topics.size());
  for (uint32_t i = 0; i < topics.size(); i++) {
    Napi::Object topic = Napi::Object::New(env);
    topic.Set("name", topics[i].name);
    topic.Set("partitions", topics[i].partitions);
    topic.Set("replicationFactor", topics[i].replicas);
    topicList.Set(i, topic);
  }
  found.Set("brokers", brokerList);
  found.Set("topics", topicList);
  return found;
}

/** While a group's coordinator is being made or moved, the same request may succeed a moment later. */
Outcome patient(Outcome outcome) {
  outcome.retriable = outcome.error == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS ||
                      outcome.error == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
                      outcome.error == RD_KAFKA_RESP_ERR_NOT_COORDINATOR;
  return outcome;
}

/** The first refusal among the answers about topics. */
Outcome firstTopicError(const rd_kafka_topic_result_t** results, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const auto error = rd_kafka_topic_result_error(results[i]);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const char* reason = rd_kafka_topic_result_error_string(results[i]);
    return Outcome::failed(error, reason == nullptr ? "" : reason);
  }
  return {};
}

Outcome firstGroupError(const rd_kafka_group_result_t** results, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const rd_kafka_error_t* error = rd_kafka_group_result_error(results[i]);
    if (error != nullptr) return Outcome::failed(rd_kafka_error_code(error), rd_kafka_error_string(error));
    const auto* partitions = rd_kafka_group_result_partitions(results[i]);
    for (int k = 0; partitions != nullptr && k < partitions->cnt; k++) {
      if (partitions->elems[k].err != RD_KAFKA_RESP_ERR_NO_ERROR) return Outcome::failed(partitions->elems[k].err);
    }
  }
  return {};
}
/** Asks for what the principal may do as well. */
void withOperations(rd_kafka_AdminOptions_t* options) {
  rd_kafka_error_t* refused = rd_kafka_AdminOptions_set_include_authorized_operations(options, 1);
  if (refused != nullptr) rd_kafka_error_destroy(refused);
}

/** Kafka's codes of the operations that are allowed; null where the broker does not tell. */
Outcome operationsOf(const rd_kafka_AclOperation_t* found, size_t count) {
  const std::vector<int> codes(found, found == nullptr ? found : found + count);
  Outcome outcome;
  outcome.value = [codes, told = found != nullptr](napi_env env) -> napi_value {
    if (!told) return Napi::Env(env).Null();
    Napi::Array list = Napi::Array::New(env, codes.size());
    for (uint32_t i = 0; i < codes.size(); i++) list.Set(i, codes[i]);
    return list;
  };
  return outcome;
}
}  // namespace

void Admin::configure(rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS);
}

void Admin::run() {
  while (!stopping_) {
    rd_kafka_event_t* event = rd_kafka_queue_poll(queue_, POLL_MS);
    if (event == nullptr) continue;
    handleEvent(event);
    rd_kafka_event_destroy(event);
  }
}

Outcome Admin::metadata(int timeoutMs) {
  return inSlices(timeoutMs, [&](int ms) {
    const rd_kafka_metadata_t* found = nullptr;
    const auto error = rd_kafka_metadata(rk_, 1, nullptr, &found, std::max(1, ms));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      // No connection yet is reported so at the end of a slice; the next one may have one.
      const bool unconnected = error == RD_KAFKA_RESP_ERR__TRANSPORT;
      return Outcome::failed(unconnected ? RD_KAFKA_RESP_ERR__TIMED_OUT : error);
    }
    std::vector<Broker> brokers;
    std::vector<Topic> topics;
    for (int i = 0; i < found->broker_cnt; i++) {
      const auto& broker = found->brokers[i];
      brokers.push_back({broker.id, std::string(broker.host) + ":" + std::to_string(broker.port)});
    }
    for (int i = 0; i < found->topic_cnt; i++) {
      const auto& topic = found->topics[i];
      topics.push_back({topic.topic, topic.partition_cnt, topic.partition_cnt > 0 ? topic.partitions[0].replica_cnt : 0});
    }
    rd_kafka_metadata_destroy(found);
    Outcome outcome;
    outcome.value = [brokers, topics](napi_env env) { return objectOf(env, brokers, topics); };
    return outcome;
  });
}

Outcome Admin::topicState(const std::string& name, int timeoutMs) {
  rd_kafka_topic_t* handle = rd_kafka_topic_new(rk_, name.c_str(), nullptr);
  const Outcome outcome = inSlices(timeoutMs, [&](int ms) {
    const rd_kafka_metadata_t* found = nullptr;
    const auto error = rd_kafka_metadata(rk_, 0, handle, &found, std::max(1, ms));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Outcome::failed(error);
    std::vector<int> leaders, inSync;
    for (int t = 0; t < found->topic_cnt; t++) {
      const auto& topic = found->topics[t];
      for (int i = 0; i < topic.partition_cnt; i++) {
        const auto& partition = topic.partitions[i];
        const size_t id = static_cast<size_t>(partition.id);
        if (id >= leaders.size()) {
          leaders.resize(id + 1, -1);
          inSync.resize(id + 1, 0);
        }
        leaders[id] = partition.leader;
        inSync[id] = partition.isr_cnt;
      }
    }
    rd_kafka_metadata_destroy(found);
    Outcome one;
    one.value = [leaders, inSync](napi_env env) -> napi_value {
      const auto listOf = [env](const std::vector<int>& values) {
        Napi::Array list = Napi::Array::New(env, values.size());
        for (uint32_t i = 0; i < values.size(); i++) list.Set(i, values[i]);
        return list;
      };
      Napi::Object state = Napi::Object::New(env);
      state.Set("leaders", listOf(leaders));
      state.Set("inSync", listOf(inSync));
      return state;
    };
    return one;
  });
  rd_kafka_topic_destroy(handle);
  return outcome;
}

Outcome Admin::ask(rd_kafka_admin_op_t operation, int timeoutMs,
                   const std::function<void(rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>& send,
                   const std::function<Outcome(rd_kafka_event_t*)>& read) {
  char why[256];
  rd_kafka_queue_t* answers = rd_kafka_queue_new(rk_);
  rd_kafka_AdminOptions_t* options = rd_kafka_AdminOptions_new(rk_, operation);
  rd_kafka_AdminOptions_set_request_timeout(options, std::max(1, timeoutMs), why, sizeof why);
  if (operation == RD_KAFKA_ADMIN_OP_CREATETOPICS || operation == RD_KAFKA_ADMIN_OP_DELETETOPICS) {
    rd_kafka_AdminOptions_set_operation_timeout(options, std::max(1, timeoutMs), why, sizeof why);
  }
  send(options, answers);
  rd_kafka_AdminOptions_destroy(options);
  // librdkafka answers after its own timeout at the latest.
  rd_kafka_event_t* event = nullptr;
  while (event == nullptr && !stopping_) event = rd_kafka_queue_poll(answers, POLL_MS);
  Outcome outcome = event == nullptr ? Outcome::failed(RD_KAFKA_RESP_ERR__STATE, "the client was closed")
                    : rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR
                        ? Outcome::failed(rd_kafka_event_error(event), rd_kafka_event_error_string(event))
                        : read(event);
  if (event != nullptr) rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(answers);
  return outcome;
}

Outcome Admin::createTopic(const std::string& name, int partitions, int replicas,
                           const std::map<std::string, std::string>& configs, bool validateOnly, int timeoutMs) {
  char why[512];
  rd_kafka_NewTopic_t* topic = rd_kafka_NewTopic_new(name.c_str(), partitions, replicas, why, sizeof why);
  if (topic == nullptr) return Outcome::failed(RD_KAFKA_RESP_ERR__INVALID_ARG, why);
  for (const auto& [key, value] : configs) rd_kafka_NewTopic_set_config(topic, key.c_str(), value.c_str());
  Outcome outcome = ask(
      RD_KAFKA_ADMIN_OP_CREATETOPICS, timeoutMs,
      [&](auto* options, auto* queue) {
        rd_kafka_AdminOptions_set_validate_only(options, validateOnly ? 1 : 0, why, sizeof why);
        rd_kafka_CreateTopics(rk_, &topic, 1, options, queue);
      },
      [](rd_kafka_event_t* event) {
        size_t count;
        const auto** results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
        return firstTopicError(results, count);
      });
  rd_kafka_NewTopic_destroy(topic);
  return outcome;
}

Outcome Admin::clusterOperations(int timeoutMs) {
  return ask(
      RD_KAFKA_ADMIN_OP_DESCRIBECLUSTER, timeoutMs,
      [&](auto* options, auto* queue) {
        withOperations(options);
        rd_kafka_DescribeCluster(rk_, options, queue);
      },
      [](rd_kafka_event_t* event) {
        size_t count = 0;
        const auto* found =
            rd_kafka_DescribeCluster_result_authorized_operations(rd_kafka_event_DescribeCluster_result(event), &count);
        return operationsOf(found, count);
      });
}

Outcome Admin::topicOperations(const std::string& name, int timeoutMs) {
  const char* names[] = {name.c_str()};
  auto* topics = rd_kafka_TopicCollection_of_topic_names(names, 1);
  const Outcome outcome = ask(
      RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, timeoutMs,
      [&](auto* options, auto* queue) {
        withOperations(options);
        rd_kafka_DescribeTopics(rk_, topics, options, queue);
      },
      [](rd_kafka_event_t* event) {
        size_t topicCount = 0, count = 0;
        const auto** found =
            rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(event), &topicCount);
        if (topicCount == 0) return Outcome::failed(RD_KAFKA_RESP_ERR__FAIL, "no answer about the topic");
        const rd_kafka_error_t* error = rd_kafka_TopicDescription_error(found[0]);
        if (error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) {
          return Outcome::failed(rd_kafka_error_code(error), rd_kafka_error_string(error));
        }
        const auto* operations = rd_kafka_TopicDescription_authorized_operations(found[0], &count);
        return operationsOf(operations, count);
      });
  rd_kafka_TopicCollection_destroy(topics);
  return outcome;
}

Outcome Admin::deleteTopic(const std::string& name, int timeoutMs) {
  rd_kafka_DeleteTopic_t* topic = rd_kafka_DeleteTopic_new(name.c_str());
  Outcome outcome = ask(
      RD_KAFKA_ADMIN_OP_DELETETOPICS, timeoutMs,
      [&](auto* options, auto* queue) { rd_kafka_DeleteTopics(rk_, &topic, 1, options, queue); },
      [](rd_kafka_event_t* event) {
        size_t count;
        const auto** results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count);
        return firstTopicError(results, count);
      });
  rd_kafka_DeleteTopic_destroy(topic);
  return outcome;
}

Outcome Admin::listOffsets(const std::string& topic, int partitions, bool latest, int timeoutMs) {
  auto* wanted = rd_kafka_topic_partition_list_new(partitions);
  for (int partition = 0; partition < partitions; partition++) {
    rd_kafka_topic_partition_list_add(wanted, topic.c_str(), partition)->offset =
        latest ? RD_KAFKA_OFFSET_SPEC_LATEST : RD_KAFKA_OFFSET_SPEC_EARLIEST;
  }
  Outcome outcome = ask(
      RD_KAFKA_ADMIN_OP_LISTOFFSETS, timeoutMs,
      [&](auto* options, auto* queue) { rd_kafka_ListOffsets(rk_, wanted, options, queue); },
      [&](rd_kafka_event_t* event) {
        std::vector<double> offsets(partitions, -1.0);
        size_t count;
        const auto** infos = rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event), &count);
        for (size_t i = 0; i < count; i++) {
          const auto* found = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
          // One that did not answer in time has no error and librdkafka's "invalid" offset, -1001.
          const bool told = found->err == RD_KAFKA_RESP_ERR_NO_ERROR && found->offset >= 0;
          if (told && found->partition < partitions) offsets[found->partition] = static_cast<double>(found->offset);
        }
        Outcome told;
        told.value = [offsets](napi_env env) -> napi_value {
          Napi::Array array = Napi::Array::New(env, offsets.size());
          for (uint32_t i = 0; i < offsets.size(); i++) array.Set(i, offsets[i]);
          return array;
        };
        return told;
      });
  rd_kafka_topic_partition_list_destroy(wanted);
  return outcome;
}

Outcome Admin::commitOffsets(const std::string& group, const std::string& topic, const std::vector<int64_t>& offsets,
                             int timeoutMs) {
  auto* list = rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size()));
  for (size_t partition = 0; partition < offsets.size(); partition++) {
    rd_kafka_topic_partition_list_add(list, topic.c_str(), static_cast<int32_t>(partition))->offset = offsets[partition];
  }
  auto* alter = rd_kafka_AlterConsumerGroupOffsets_new(group.c_str(), list);
  rd_kafka_topic_partition_list_destroy(list);
  const auto once = [&](int ms) {
    return patient(ask(
        RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS, ms,
        [&](auto* options, auto* queue) { rd_kafka_AlterConsumerGroupOffsets(rk_, &alter, 1, options, queue); },
        [](rd_kafka_event_t* event) {
          size_t count;
          const auto** groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
              rd_kafka_event_AlterConsumerGroupOffsets_result(event), &count);
          return firstGroupError(groups, count);
        }));
  };
  Outcome outcome = inSlices(timeoutMs, once, timeoutMs);
  rd_kafka_AlterConsumerGroupOffsets_destroy(alter);
  return outcome;
}

Outcome Admin::configureGroup(const std::string& name, const std::map<std::string, std::string>& configs,
                              bool remove, int timeoutMs) {
  const auto operation = remove ? RD_KAFKA_ALTER_CONFIG_OP_TYPE_DELETE : RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET;
  auto* group = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_GROUP, name.c_str());
  Outcome outcome;
  for (const auto& [key, value] : configs) {
    if (outcome.error != RD_KAFKA_RESP_ERR_NO_ERROR) break;
    outcome = Outcome::of(rd_kafka_ConfigResource_add_incremental_config(
        group, key.c_str(), operation, remove ? nullptr : value.c_str()));
  }
  if (outcome.error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    outcome = ask(
        RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS, timeoutMs,
        [&](auto* options, auto* queue) { rd_kafka_IncrementalAlterConfigs(rk_, &group, 1, options, queue); },
        [](rd_kafka_event_t* event) {
          size_t count;
          const auto** results = rd_kafka_IncrementalAlterConfigs_result_resources(
              rd_kafka_event_IncrementalAlterConfigs_result(event), &count);
          for (size_t i = 0; i < count; i++) {
            const auto error = rd_kafka_ConfigResource_error(results[i]);
            const char* message = rd_kafka_ConfigResource_error_string(results[i]);
            if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Outcome::failed(error, message == nullptr ? "" : message);
          }
          return Outcome{};
        });
  }
  rd_kafka_ConfigResource_destroy(group);
  return outcome;
}

Outcome Admin::deleteGroups(const std::vector<std::string>& names, int timeoutMs) {
  std::vector<rd_kafka_DeleteGroup_t*> groups;
  for (const std::string& name : names) groups.push_back(rd_kafka_DeleteGroup_new(name.c_str()));
  const auto once = [&](int ms) {
    return patient(ask(
        RD_KAFKA_ADMIN_OP_DELETEGROUPS, ms,
        [&](auto* options, auto* queue) { rd_kafka_DeleteGroups(rk_, groups.data(), groups.size(), options, queue); },
        [](rd_kafka_event_t* event) {
          size_t count;
          const auto** results = rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event), &count);
          return firstGroupError(results, count);
        }));
  };
  Outcome outcome = inSlices(timeoutMs, once, timeoutMs);
  rd_kafka_DeleteGroup_destroy_array(groups.data(), groups.size());
  return outcome;
}
