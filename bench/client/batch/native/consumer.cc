#include "consumer.h"

#include <algorithm>

#include "received-row.h"

namespace {
constexpr int POLL_MS = 100;
constexpr uint32_t BATCH = 1024;
/** Polling goes on this long after the loop last asked: an idle handler trips max.poll.interval.ms as in Java. */
constexpr double ALIVE_US = 50'000;

Consumer* consumerOf(void* opaque) { return static_cast<Consumer*>(static_cast<Client*>(opaque)); }
}  // namespace

Consumer::Consumer(Napi::Object settings, Napi::Object options, std::shared_ptr<Bridge> bridge)
    : RingClient(RD_KAFKA_CONSUMER, settings, std::move(bridge), ringRows(options), 3, 2, STAMP_BYTES + 1),
      stamp_(stampPlace(options)),
      storesOffsets_(!settings.Has("enable.auto.commit") ||
                     settings.Get("enable.auto.commit").ToString().Utf8Value() != "false"),
      topicOf_(ring.rows) {}

void Consumer::configure(rd_kafka_conf_t* conf) {
  spent_.watch(conf);
  // Offsets are stored when the loop has released a row, not when it was read ahead of the loop.
  rd_kafka_conf_set(conf, "enable.auto.offset.store", "false", nullptr, 0);
  rd_kafka_conf_set_rebalance_cb(conf, [](rd_kafka_t*, rd_kafka_resp_err_t event,
                                          rd_kafka_topic_partition_list_t* partitions, void* opaque) {
    consumerOf(opaque)->rebalance(event, partitions);
  });
  rd_kafka_conf_set_error_cb(conf, [](rd_kafka_t*, int error, const char* reason, void* opaque) {
    consumerOf(opaque)->bridge_->postText(Event::error, error, reason);
  });
  rd_kafka_conf_set_stats_cb(conf, [](rd_kafka_t*, char* json, size_t length, void* opaque) {
    consumerOf(opaque)->bridge_->postText(Event::statistics, 0, std::string(json, length));
    return 0;
  });
}

void Consumer::ready() {
  rd_kafka_poll_set_consumer(rk_);
  queue_ = rd_kafka_queue_get_consumer(rk_);
}

Outcome Consumer::leaders(const std::vector<std::string>& topics, int timeoutMs) {
  Outcome outcome;
  for (const std::string& topic : topics) {
    if (outcome.error == RD_KAFKA_RESP_ERR_NO_ERROR) outcome = awaitLeaders(topic, timeoutMs);
  }
  return outcome;
}

Outcome Consumer::connect(const std::vector<std::string>& topics, int timeoutMs, bool paused) {
  paused_ = paused;
  Outcome outcome = leaders(topics, timeoutMs);
  if (outcome.error != RD_KAFKA_RESP_ERR_NO_ERROR) return outcome;
  auto* wanted = rd_kafka_topic_partition_list_new(static_cast<int>(topics.size()));
  for (const std::string& topic : topics) rd_kafka_topic_partition_list_add(wanted, topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto error = rd_kafka_subscribe(rk_, wanted);
  rd_kafka_topic_partition_list_destroy(wanted);
  return error == RD_KAFKA_RESP_ERR_NO_ERROR ? outcome : Outcome::failed(error);
}

/** Whether the loop has shown life: it waits for rows, or has read or released some a moment ago. */
bool Consumer::wanted() {
  const uint32_t asked = ring.asked();
  const double now = nowUs();
  if (asked != asked_ || ring.readerBlocked() || armed || paused_) {
    asked_ = asked;
    askedAtUs_ = now;
    return true;
  }
  return now - askedAtUs_ < ALIVE_US;
}

void Consumer::run() {
  std::vector<rd_kafka_message_t*> messages(BATCH);
  bool flowing = false;
  while (!stopping_) {
    storeReleased();
    const uint32_t room = ring.room();
    if (room == 0 || !wanted()) {
      ring.writerWait([&] { return stopping_ || (ring.room() > 0 && ring.asked() != asked_) || armed || paused_; },
                      POLL_MS);
      continue;
    }
    // One record is waited for, then what is ready is taken: a wait for a full batch would hold the first ones back.
    const ssize_t count = flowing ? rd_kafka_consume_batch_queue(queue_, 0, messages.data(), std::min(room, BATCH))
                                  : rd_kafka_consume_batch_queue(queue_, POLL_MS, messages.data(), 1);
    flowing = count > 0;
    if (count <= 0) continue;
    const double atUs = nowUs();
    uint32_t rows = 0;
    size_t bytes = 0;
    for (ssize_t i = 0; i < count; i++) {
      if (write(messages[i], (ring.head() + rows) & ring.mask, atUs)) rows++;
      bytes += messages[i]->len;
    }
    if (rows > 0) publish(rows);
    spent_.add(messages.data(), static_cast<size_t>(count), bytes);
  }
}

bool Consumer::write(rd_kafka_message_t* message, uint32_t at, double atUs) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      bridge_->postText(Event::error, message->err, rd_kafka_message_errstr(message));
    }
    return false;
  }
  writeRow(ring, at, message, stamp_, atUs);
  topicOf_[at] = topicIndex(message->rkt);
  return true;
}

uint16_t Consumer::topicIndex(const rd_kafka_topic_t* topic) {
  if (topic == lastTopic_) return lastIndex_;
  const std::string name = rd_kafka_topic_name(topic);
  const auto found = std::find(topics_.begin(), topics_.end(), name);
  lastIndex_ = static_cast<uint16_t>(found - topics_.begin());
  if (found == topics_.end()) topics_.push_back(name);
  lastTopic_ = topic;
  return lastIndex_;
}

void Consumer::storeReleased() {
  const uint32_t tail = ring.tail();
  if (tail == stored_) return;
  if (storesOffsets_) {
    auto* list = rd_kafka_topic_partition_list_new(16);
    rd_kafka_topic_partition_t* last = nullptr;
    uint16_t lastTopic = 0;
    for (uint32_t row = stored_; row != tail; row++) {
      const uint32_t at = row & ring.mask;
      const int32_t partition = ring.ints(0)[at];
      // Records of one partition come one after another.
      if (last == nullptr || last->partition != partition || lastTopic != topicOf_[at]) {
        lastTopic = topicOf_[at];
        const char* topic = topics_[lastTopic].c_str();
        last = rd_kafka_topic_partition_list_find(list, topic, partition);
        if (last == nullptr) last = rd_kafka_topic_partition_list_add(list, topic, partition);
      }
      last->offset = static_cast<int64_t>(ring.doubles(0)[at]) + 1;
    }
    // A partition that is no longer ours is refused, rightly.
    rd_kafka_offsets_store(rk_, list);
    rd_kafka_topic_partition_list_destroy(list);
  }
  stored_ = tail;
}

void Consumer::rebalance(rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* partitions) {
  const bool cooperative = std::string(rd_kafka_rebalance_protocol(rk_)) == "COOPERATIVE";
  rd_kafka_error_t* error = nullptr;
  rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    if (cooperative) error = rd_kafka_incremental_assign(rk_, partitions);
    else code = rd_kafka_assign(rk_, partitions);
    if (paused_) rd_kafka_pause_partitions(rk_, partitions);
  } else {
    // As in Java, what was read is handled before partitions are given up; where they are lost already, nothing helps.
    while (!stopping_ && !rd_kafka_assignment_lost(rk_) && ring.head() != ring.tail()) {
      ring.writerWait([&] { return stopping_ || ring.head() == ring.tail(); }, POLL_MS);
    }
    storeReleased();
    if (cooperative) error = rd_kafka_incremental_unassign(rk_, partitions);
    else code = rd_kafka_assign(rk_, nullptr);
  }
  if (error != nullptr) {
    code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
  }
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) bridge_->postText(Event::error, code, "rebalance");
  tellAssignment(event);
}

void Consumer::tellAssignment(rd_kafka_resp_err_t event) {
  std::vector<int32_t> owned;
  rd_kafka_topic_partition_list_t* list = nullptr;
  // Who leaves owns nothing any more. Asked then, librdkafka may never answer: its group is gone when all is given up.
  if (!stopping_ && rd_kafka_assignment(rk_, &list) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    for (int i = 0; i < list->cnt; i++) owned.push_back(list->elems[i].partition);
    rd_kafka_topic_partition_list_destroy(list);
  }
  const int assigned = event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS ? 1 : 0;
  bridge_->post([assigned, owned = std::move(owned)](napi_env env, napi_value callback) {
    napi_value arguments[3];
    napi_create_int32(env, static_cast<int>(Event::assignment), &arguments[0]);
    napi_create_int32(env, assigned, &arguments[1]);
    napi_create_array_with_length(env, owned.size(), &arguments[2]);
    for (size_t i = 0; i < owned.size(); i++) {
      napi_value partition;
      napi_create_int32(env, owned[i], &partition);
      napi_set_element(env, arguments[2], static_cast<uint32_t>(i), partition);
    }
    Bridge::call(env, callback, arguments, 3);
  });
}

void Consumer::pause(bool paused) {
  paused_ = paused;
  rd_kafka_topic_partition_list_t* list = nullptr;
  if (rd_kafka_assignment(rk_, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  if (paused) rd_kafka_pause_partitions(rk_, list);
  else rd_kafka_resume_partitions(rk_, list);
  rd_kafka_topic_partition_list_destroy(list);
  ring.wakeWriter();
}

void Consumer::destroy(bool leave) {
  spent_.free();
  rd_kafka_queue_destroy(queue_);
  if (!leave) return;
  storeReleased();
  rd_kafka_consumer_close(rk_);
}
