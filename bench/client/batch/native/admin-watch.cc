// What a guest keeps an eye on: replicas of the whole cluster, and how far a group of somebody else's is behind.
#include <algorithm>

#include "admin.h"

Outcome Admin::clusterHealth(int timeoutMs) {
  return inSlices(timeoutMs, [&](int ms) {
    const rd_kafka_metadata_t* found = nullptr;
    const auto error = rd_kafka_metadata(rk_, 1, nullptr, &found, std::max(1, ms));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Outcome::failed(error);
    int partitions = 0, underReplicated = 0, offline = 0;
    for (int t = 0; t < found->topic_cnt; t++) {
      for (int i = 0; i < found->topics[t].partition_cnt; i++) {
        const auto& partition = found->topics[t].partitions[i];
        partitions++;
        if (partition.leader < 0) offline++;
        else if (partition.isr_cnt < partition.replica_cnt) underReplicated++;
      }
    }
    rd_kafka_metadata_destroy(found);
    Outcome outcome;
    outcome.value = [partitions, underReplicated, offline](napi_env env) -> napi_value {
      Napi::Object health = Napi::Object::New(env);
      health.Set("partitions", partitions);
      health.Set("underReplicated", underReplicated);
      health.Set("offline", offline);
      return health;
    };
    return outcome;
  });
}

Outcome Admin::groupLag(const std::string& group, int timeoutMs) {
  rd_kafka_topic_partition_list_t* committed = nullptr;
  auto* wanted = rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), nullptr);
  Outcome outcome = ask(
      RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeoutMs,
      [&](auto* options, auto* queue) { rd_kafka_ListConsumerGroupOffsets(rk_, &wanted, 1, options, queue); },
      [&](rd_kafka_event_t* event) {
        size_t count;
        const auto** groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
            rd_kafka_event_ListConsumerGroupOffsets_result(event), &count);
        if (count == 0) return Outcome::failed(RD_KAFKA_RESP_ERR__FAIL, "no answer about the group");
        const rd_kafka_error_t* error = rd_kafka_group_result_error(groups[0]);
        if (error != nullptr) return Outcome::failed(rd_kafka_error_code(error), rd_kafka_error_string(error));
        const auto* told = rd_kafka_group_result_partitions(groups[0]);
        committed = rd_kafka_topic_partition_list_new(told == nullptr ? 0 : told->cnt);
        for (int i = 0; told != nullptr && i < told->cnt; i++) {
          const auto& one = told->elems[i];
          if (one.offset >= 0) rd_kafka_topic_partition_list_add(committed, one.topic, one.partition)->offset = one.offset;
        }
        return Outcome{};
      });
  rd_kafka_ListConsumerGroupOffsets_destroy(wanted);
  if (outcome.error == RD_KAFKA_RESP_ERR_NO_ERROR && committed->cnt > 0) outcome = lagBehind(committed, timeoutMs);
  else if (outcome.error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    // A group that has committed nothing, or that is not there, is behind by nothing that can be told.
    outcome.value = [](napi_env env) -> napi_value { return Napi::Value(Napi::Env(env).Null()); };
  }
  if (committed != nullptr) rd_kafka_topic_partition_list_destroy(committed);
  return outcome;
}

Outcome Admin::lagBehind(const rd_kafka_topic_partition_list_t* committed, int timeoutMs) {
  auto* ends = rd_kafka_topic_partition_list_copy(committed);
  for (int i = 0; i < ends->cnt; i++) ends->elems[i].offset = RD_KAFKA_OFFSET_SPEC_LATEST;
  const Outcome outcome = ask(
      RD_KAFKA_ADMIN_OP_LISTOFFSETS, timeoutMs,
      [&](auto* options, auto* queue) { rd_kafka_ListOffsets(rk_, ends, options, queue); },
      [&](rd_kafka_event_t* event) {
        double lag = 0;
        size_t count;
        const auto** infos = rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event), &count);
        for (size_t i = 0; i < count; i++) {
          const auto* end = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
          const auto* from = rd_kafka_topic_partition_list_find(
              const_cast<rd_kafka_topic_partition_list_t*>(committed), end->topic, end->partition);
          if (end->err != RD_KAFKA_RESP_ERR_NO_ERROR || end->offset < 0 || from == nullptr) continue;
          lag += static_cast<double>(std::max<int64_t>(0, end->offset - from->offset));
        }
        Outcome told;
        told.value = [lag](napi_env env) -> napi_value { return Napi::Number::New(env, lag); };
        return told;
      });
  rd_kafka_topic_partition_list_destroy(ends);
  return outcome;
}
