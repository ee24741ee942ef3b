#include "share-consumer.h"

#include <algorithm>

#include "received-row.h"

namespace {
constexpr int POLL_MS = 100;
}  // namespace

ShareConsumer::ShareConsumer(Napi::Object settings, Napi::Object options, std::shared_ptr<Bridge> bridge)
    : RingClient(RD_KAFKA_CONSUMER, settings, std::move(bridge), ringRows(options), 3, 3, STAMP_BYTES + 2),
      stamp_(stampPlace(options)),
      explicit_(settings.Has("share.acknowledgement.mode") &&
                settings.Get("share.acknowledgement.mode").ToString().Utf8Value() == "explicit") {}

void ShareConsumer::configure(rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_error_cb(conf, [](rd_kafka_t*, int error, const char* reason, void* opaque) {
    static_cast<ShareConsumer*>(static_cast<Client*>(opaque))->bridge_->postText(Event::error, error, reason);
  });
  rd_kafka_conf_set_stats_cb(conf, [](rd_kafka_t*, char* json, size_t length, void* opaque) {
    static_cast<ShareConsumer*>(static_cast<Client*>(opaque))
        ->bridge_->postText(Event::statistics, 0, std::string(json, length));
    return 0;
  });
}

bool ShareConsumer::create(rd_kafka_conf_t* conf, char* why, size_t size) {
  share_ = rd_kafka_share_consumer_new(conf, why, size);
  return share_ != nullptr;
}

Outcome ShareConsumer::connect(const std::vector<std::string>& topics, bool paused) {
  auto* wanted = rd_kafka_topic_partition_list_new(static_cast<int>(topics.size()));
  for (const std::string& topic : topics) {
    rd_kafka_topic_partition_list_add(wanted, topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  const auto error = rd_kafka_share_subscribe(share_, wanted);
  rd_kafka_topic_partition_list_destroy(wanted);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Outcome::failed(error);
  pause(paused);
  return {};
}

void ShareConsumer::pause(bool paused) {
  paused_ = paused;
  ring.wakeWriter();
}

void ShareConsumer::wake() {
  ring.interrupt();
}

bool ShareConsumer::handled() {
  while (!stopping_ && ring.head() != ring.tail()) {
    ring.writerWait([&] { return stopping_ || ring.head() == ring.tail(); }, POLL_MS);
  }
  return !stopping_;
}

void ShareConsumer::run() {
  while (!stopping_) {
    if (paused_) {
      ring.writerWait([&] { return stopping_ || !paused_; }, POLL_MS);
      continue;
    }
    rd_kafka_messages_t* batch = nullptr;
    rd_kafka_error_t* error = rd_kafka_share_poll(share_, POLL_MS, &batch);
    if (error != nullptr) {
      const Outcome outcome = Outcome::of(error);
      bridge_->postText(Event::error, outcome.error, outcome.message);
      ring.writerWait([&] { return stopping_.load(); }, POLL_MS);
      continue;
    }
    take(batch);
    rd_kafka_messages_destroy(batch);
  }
}

void ShareConsumer::take(rd_kafka_messages_t* batch) {
  const double atUs = nowUs();
  const size_t count = rd_kafka_messages_count(batch);
  for (size_t from = 0; from < count;) {
    const uint32_t first = ring.head();
    const size_t to = std::min(count, from + ring.room());
    uint32_t rows = 0;
    for (size_t i = from; i < to; i++) {
      rd_kafka_message_t* message = rd_kafka_messages_get(batch, i);
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        bridge_->postText(Event::error, message->err, rd_kafka_message_errstr(message));
        continue;
      }
      write(message, (first + rows++) & ring.mask, atUs);
    }
    if (rows > 0) publish(rows);
    // What was not handled when the client ends is not acknowledged: it goes to another member.
    if (!handled()) return;
    acknowledge(batch, from, to, first);
    from = to;
  }
}

void ShareConsumer::write(rd_kafka_message_t* message, uint32_t at, double atUs) {
  writeRow(ring, at, message, stamp_, atUs);
  ring.ints(2)[at] = rd_kafka_message_delivery_count(message);
  ring.bytes()[size_t(ring.rows) * (STAMP_BYTES + 1) + at] = RD_KAFKA_SHARE_ACKNOWLEDGE_TYPE_ACCEPT;
}

void ShareConsumer::acknowledge(rd_kafka_messages_t* batch, size_t from, size_t to, uint32_t row) {
  // Without it the next poll accepts all of them.
  if (!explicit_) return;
  const uint8_t* verdicts = ring.bytes() + size_t(ring.rows) * (STAMP_BYTES + 1);
  for (size_t i = from; i < to; i++) {
    rd_kafka_message_t* message = rd_kafka_messages_get(batch, i);
    // One with an error has been judged by librdkafka.
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const auto error = rd_kafka_share_acknowledge_type(
        share_, message, static_cast<rd_kafka_share_AcknowledgeType_t>(verdicts[row++ & ring.mask]));
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      bridge_->postText(Event::error, error, rd_kafka_err2str(error));
    }
  }
}

void ShareConsumer::destroy(bool leave) {
  if (!leave) return;
  const Outcome outcome = Outcome::of(rd_kafka_share_consumer_close(share_));
  if (outcome.error != RD_KAFKA_RESP_ERR_NO_ERROR) bridge_->postText(Event::error, outcome.error, outcome.message);
}

void ShareConsumer::release(bool leave) {
  rd_kafka_share_destroy_flags(share_, leave ? 0 : RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  share_ = nullptr;
}
