#pragma once
#include "options.h"
#include "ring-client.h"

/**
 * A member of a share group (KIP-932): polls a batch, shows its rows, and acknowledges each as JavaScript says in the
 * verdict column when it has released them all; then it polls the next one. The handle is its thread's alone, as
 * librdkafka wants it.
 */
class ShareConsumer : public RingClient {
 public:
  ShareConsumer(Napi::Object settings, Napi::Object options, std::shared_ptr<Bridge> bridge);

  Outcome connect(const std::vector<std::string>& topics, bool paused);
  /** Paused: a member that takes no record. */
  void pause(bool paused);
  void tokenFailed(const std::string& reason) override {
    rd_kafka_share_oauthbearer_set_token_failure(share_, reason.c_str());
  }

 protected:
  void configure(rd_kafka_conf_t* conf) override;
  bool create(rd_kafka_conf_t* conf, char* why, size_t size) override;
  bool exists() const override { return share_ != nullptr; }
  void run() override;
  void wake() override;
  void destroy(bool leave) override;
  void release(bool leave) override;
  rd_kafka_error_t* enableTokens() override { return rd_kafka_share_sasl_background_callbacks_enable(share_); }
  rd_kafka_resp_err_t takeToken(const std::string& token, int64_t expiresAtMs, const std::string& principal, char* why,
                                size_t size) override {
    return rd_kafka_share_oauthbearer_set_token(share_, token.c_str(), expiresAtMs, principal.c_str(), nullptr, 0, why,
                                                size);
  }

 private:
  /** Waits until JavaScript has released what is in the ring; false where the client ends before. */
  bool handled();
  void take(rd_kafka_messages_t* batch);
  void write(rd_kafka_message_t* message, uint32_t at, double atUs);
  void acknowledge(rd_kafka_messages_t* batch, size_t from, size_t to, uint32_t row);

  rd_kafka_share_t* share_ = nullptr;
  Stamp stamp_;
  bool explicit_;
  std::atomic<bool> paused_{true};
};
