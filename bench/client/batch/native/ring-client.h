#pragma once
#include "client.h"

/** A client whose rows JavaScript reads from a ring: producer and consumer. */
class RingClient : public Client {
 public:
  Ring ring;
  /** JavaScript wants an event when rows are there. */
  std::atomic<bool> armed{false};
  void readable() { bridge_->postText(Event::readable, 0, ""); }

 protected:
  RingClient(rd_kafka_type_t type, Napi::Object settings, std::shared_ptr<Bridge> bridge, uint32_t rows, int doubles,
             int ints, int bytes)
      : Client(type, settings, std::move(bridge)), ring(rows, doubles, ints, bytes) {}

  void publish(uint32_t rows) {
    ring.publish(rows);
    if (armed.exchange(false)) readable();
  }
  void wake() override {
    ring.interrupt();
    if (queue_ != nullptr) rd_kafka_queue_yield(queue_);
  }

  /** Where `run` takes what librdkafka has; none where it polls. */
  rd_kafka_queue_t* queue_ = nullptr;
};
