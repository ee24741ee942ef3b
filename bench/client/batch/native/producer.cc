#include "producer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "options.h"

namespace {
constexpr int POLL_MS = 100;
/** Reports are freed by the poll thread where nobody has produced for this long. */
constexpr int IDLE_MS = 10;

void* opaqueOf(int32_t slot) { return reinterpret_cast<void*>(static_cast<intptr_t>(slot) + 1); }
int32_t slotOf(const void* opaque) { return static_cast<int32_t>(reinterpret_cast<intptr_t>(opaque) - 1); }

/** Calls with each header of a run (driver.ts says how it is laid out); false where the run is not whole headers. */
template <typename Each>
bool eachHeader(const uint8_t* run, size_t length, Each each) {
  for (size_t at = 0; at < length;) {
    if (length - at < 8) return false;
    uint32_t nameLength;
    int32_t valueLength;
    std::memcpy(&nameLength, run + at, 4);
    std::memcpy(&valueLength, run + at + 4, 4);
    at += 8;
    const uint64_t valueBytes = valueLength < 0 ? 0 : uint64_t(valueLength);
    if (valueLength < -1 || uint64_t{nameLength} + valueBytes > length - at) return false;
    const uint8_t* name = run + at;
    const uint8_t* value = valueLength < 0 ? nullptr : name + nameLength;
    each(reinterpret_cast<const char*>(name), size_t(nameLength), value, size_t(valueBytes));
    at += nameLength + valueBytes;
  }
  return true;
}
}  // namespace

Producer::Producer(Napi::Object settings, Napi::Object options, std::shared_ptr<Bridge> bridge)
    : RingClient(RD_KAFKA_PRODUCER, settings, std::move(bridge), ringRows(options), 2, 3, 0),
      topic_(text(options.Get("topic"), "topic")),
      each_(text(options.Get("reports"), "reports") == "each"),
      stamp_(stampPlace(options)),
      transactional_(settings.Has("transactional.id")) {
  const Napi::Array headers = list(options.Get("headers"), "headers");
  if (headers.Length() == 0 && stamp_ != Stamp::header) return;
  headers_ = rd_kafka_headers_new(headers.Length() + 1);
  for (uint32_t i = 0; i < headers.Length(); i++) {
    const Napi::Value entry = headers.Get(i);
    if (!entry.IsObject()) typeError(settings.Env(), "headers: expected objects of name and value");
    const std::string name = text(entry.As<Napi::Object>().Get("name"), "headers: name");
    const auto value =
        column<uint8_t>(entry.As<Napi::Object>().Get("value"), napi_uint8_array, "headers: value", true);
    rd_kafka_header_add(headers_, name.c_str(), name.size(), value.data, static_cast<ssize_t>(value.length));
  }
}

Producer::~Producer() {
  if (headers_ != nullptr) rd_kafka_headers_destroy(headers_);
}

void Producer::configure(rd_kafka_conf_t* conf) {
  rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS);
  if (!each_) rd_kafka_conf_set(conf, "delivery.report.only.error", "true", nullptr, 0);
}

void Producer::ready() {
  handle_ = rd_kafka_topic_new(rk_, topic_.c_str(), nullptr);
  queue_ = rd_kafka_queue_get_main(rk_);
}

uint32_t Producer::produce(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto pool = column<uint8_t>(info[0], napi_uint8_array, "pool");
  const auto offsets = column<uint32_t>(info[1], napi_uint32_array, "offsets");
  const auto lengths = column<int32_t>(info[2], napi_int32_array, "lengths");
  const auto keyPool = column<uint8_t>(info[3], napi_uint8_array, "keys.pool", true);
  const auto keyOffsets = column<uint32_t>(info[4], napi_uint32_array, "keys.offsets", !keyPool);
  const auto keyLengths = column<int32_t>(info[5], napi_int32_array, "keys.lengths", !keyPool);
  const auto stamps = column<uint8_t>(info[6], napi_uint8_array, "stamps", stamp_ == Stamp::none);
  const auto partitions = column<int32_t>(info[7], napi_int32_array, "partitions", true);
  const auto slots = column<int32_t>(info[8], napi_int32_array, "slots", !each_);
  const auto from = static_cast<size_t>(wholeNumber(info[9], "from", 0, 4'294'967'295.0));
  const auto count = static_cast<size_t>(wholeNumber(info[10], "count", 0, 4'294'967'295.0));
  const auto headerPool = column<uint8_t>(info[11], napi_uint8_array, "headers.pool", true);
  const auto headerOffsets = column<uint32_t>(info[12], napi_uint32_array, "headers.offsets", !headerPool);
  const auto headerLengths = column<int32_t>(info[13], napi_int32_array, "headers.lengths", !headerPool);
  const size_t end = from + count;
  if (end > offsets.length || end > lengths.length || (keyPool && (end > keyOffsets.length || end > keyLengths.length)) ||
      (headerPool && (end > headerOffsets.length || end > headerLengths.length)) ||
      (partitions && end > partitions.length) || (slots && end > slots.length) ||
      (stamp_ != Stamp::none && end > stamps.length / STAMP_BYTES)) {
    rangeError(env, "from + count: past the end of a column");
  }
  const auto outside = [](int32_t length, uint32_t offset, size_t size) {
    return length < -1 || (length > 0 && uint64_t{offset} + uint64_t(length) > size);
  };
  // All rows before the first is taken: a call is refused as a whole or not at all.
  int32_t longest = 0;
  for (size_t row = from; row < end; row++) {
    if (outside(lengths.data[row], offsets.data[row], pool.length)) rangeError(env, "offsets, lengths: outside the pool");
    if (stamp_ == Stamp::payload && lengths.data[row] >= 0 && lengths.data[row] < int32_t{STAMP_BYTES}) {
      rangeError(env, "lengths: no room for the stamp");
    }
    if (keyPool && outside(keyLengths.data[row], keyOffsets.data[row], keyPool.length)) {
      rangeError(env, "keys: outside their pool");
    }
    if (headerPool) {
      const int32_t length = headerLengths.data[row];
      if (outside(length, headerOffsets.data[row], headerPool.length)) rangeError(env, "headers: outside their pool");
      if (length > 0 && !eachHeader(headerPool.data + headerOffsets.data[row], size_t(length), [](auto...) {})) {
        rangeError(env, "headers: not whole headers");
      }
    }
    if (partitions && partitions.data[row] < -1) rangeError(env, "partitions: expected -1 or a partition");
    if (slots && slots.data[row] < 0) rangeError(env, "slots: expected numbers from 0");
    longest = std::max(longest, lengths.data[row]);
  }
  if (stamp_ == Stamp::payload && scratch_.size() < size_t(longest)) scratch_.resize(longest);

  // On this thread, where they were allocated: the allocator's caches of both threads stay warm.
  freeReported();
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (refused_.size() >= ring.rows) return 0;
  }
  for (size_t row = from; row < end; row++) {
    const int32_t length = lengths.data[row];
    const uint8_t* value = length < 0 ? nullptr : length == 0 ? pool.data : pool.data + offsets.data[row];
    const uint8_t* key = nullptr;
    size_t keyLength = 0;
    if (keyPool && keyLengths.data[row] >= 0) {
      keyLength = size_t(keyLengths.data[row]);
      key = keyLength == 0 ? keyPool.data : keyPool.data + keyOffsets.data[row];
    }
    const uint8_t* stamp = stamp_ == Stamp::none ? nullptr : stamps.data + row * STAMP_BYTES;
    if (stamp_ == Stamp::payload && value != nullptr) {
      // Not in the pool, which other threads may be reading.
      std::memcpy(scratch_.data(), stamp, STAMP_BYTES);
      std::memcpy(scratch_.data() + STAMP_BYTES, value + STAMP_BYTES, size_t(length) - STAMP_BYTES);
      value = scratch_.data();
    }
    const int32_t partition = partitions ? partitions.data[row] : RD_KAFKA_PARTITION_UA;
    const int32_t slot = slots ? slots.data[row] : -1;
    const bool own = headerPool && headerLengths.data[row] > 0;
    const Run headers = own ? Run{headerPool.data + headerOffsets.data[row], size_t(headerLengths.data[row])} : Run{};
    const auto error =
        one(value, length < 0 ? 0 : size_t(length), key, keyLength, headers, stamp, partition, opaqueOf(slot));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) return static_cast<uint32_t>(row - from);
    if (error == RD_KAFKA_RESP_ERR__FATAL || error == RD_KAFKA_RESP_ERR__STATE) {
      // What was taken is told first; the next call meets the same error.
      if (row > from) return static_cast<uint32_t>(row - from);
      Napi::Error thrown = Napi::Error::New(env, rd_kafka_err2str(error));
      thrown.Set("code", Napi::String::New(env, errorName(error)));
      throw thrown;
    }
    // The record's own failure: a row like any report.
    {
      std::lock_guard<std::mutex> lock(mutex_);
      refused_.push_back({slot, error, partition, -1});
    }
    rd_kafka_queue_yield(queue_);
  }
  return static_cast<uint32_t>(count);
}

rd_kafka_resp_err_t Producer::one(const uint8_t* value, size_t length, const uint8_t* key, size_t keyLength,
                                  const Run& own, const uint8_t* stamp, int32_t partition, void* opaque) {
  if (headers_ == nullptr && own.data == nullptr) {
    const int status = rd_kafka_produce(handle_, partition, RD_KAFKA_MSG_F_COPY, const_cast<uint8_t*>(value), length,
                                        key, keyLength, opaque);
    return status == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error();
  }
  rd_kafka_headers_t* headers = headers_ == nullptr ? rd_kafka_headers_new(4) : rd_kafka_headers_copy(headers_);
  eachHeader(own.data, own.length, [&](const char* name, size_t nameLength, const uint8_t* bytes, size_t byteLength) {
    rd_kafka_header_add(headers, name, static_cast<ssize_t>(nameLength), bytes, static_cast<ssize_t>(byteLength));
  });
  if (stamp_ == Stamp::header) rd_kafka_header_add(headers, "ksweep", 6, stamp, STAMP_BYTES);
  const auto error = rd_kafka_producev(
      rk_, RD_KAFKA_V_RKT(handle_), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_VALUE(const_cast<uint8_t*>(value), length), RD_KAFKA_V_KEY(key, keyLength),
      RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return error;
}

void Producer::run() {
  while (!stopping_) {
    bool waiting;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      waiting = !reported_.empty();
    }
    rd_kafka_event_t* event = rd_kafka_queue_poll(queue_, waiting ? IDLE_MS : POLL_MS);
    reportRefused();
    if (event == nullptr) {
      freeReported();
    } else if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR) {
      report(event);
    } else {
      handleEvent(event);
      rd_kafka_event_destroy(event);
    }
  }
}

void Producer::report(rd_kafka_event_t* event) {
  const double atUs = nowUs();
  while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event)) {
    write({slotOf(message->_private), message->err, message->partition, double(message->offset)}, atUs);
  }
  show();
  if (!each_ || flushing_ > 0) {
    rd_kafka_event_destroy(event);
    return;
  }
  std::lock_guard<std::mutex> lock(mutex_);
  reported_.push_back(event);
}

void Producer::write(const Row& row, double atUs) {
  while (ring.room() == unshown_) {
    show();
    if (stopping_) return;
    ring.writerWait([&] { return stopping_ || ring.room() > 0; }, POLL_MS);
  }
  const uint32_t at = (ring.head() + unshown_) & ring.mask;
  ring.doubles(0)[at] = row.offset < 0 ? -1 : row.offset;
  ring.doubles(1)[at] = atUs;
  ring.ints(0)[at] = row.slot;
  ring.ints(1)[at] = row.error;
  ring.ints(2)[at] = row.partition;
  unshown_++;
}

void Producer::show() {
  if (unshown_ == 0) return;
  publish(std::exchange(unshown_, 0));
}

void Producer::reportRefused() {
  std::vector<Row> refused;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    refused.swap(refused_);
  }
  const double atUs = nowUs();
  for (const Row& row : refused) write(row, atUs);
  show();
}

void Producer::freeReported() {
  std::vector<rd_kafka_event_t*> reported;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    reported.swap(reported_);
  }
  for (rd_kafka_event_t* event : reported) rd_kafka_event_destroy(event);
}

/** librdkafka counts a record as queued until its report is freed, so waiting for none needs them freed at once. */
template <typename Work>
Outcome Producer::whileReportsAreFreed(Work work) {
  flushing_++;
  freeReported();
  Outcome outcome = work();
  flushing_--;
  return outcome;
}

Outcome Producer::connect(int timeoutMs) {
  Outcome outcome = awaitLeaders(topic_, timeoutMs);
  if (outcome.error != RD_KAFKA_RESP_ERR_NO_ERROR || !transactional_) return outcome;
  return inSlices(timeoutMs, [&](int ms) { return Outcome::of(rd_kafka_init_transactions(rk_, ms)); });
}

Outcome Producer::flush(int timeoutMs) {
  Outcome outcome = whileReportsAreFreed([&] {
    return inSlices(timeoutMs, [&](int ms) {
      const auto error = rd_kafka_flush(rk_, ms);
      return error == RD_KAFKA_RESP_ERR_NO_ERROR ? Outcome{} : Outcome::failed(error);
    });
  });
  const bool empty = outcome.error == RD_KAFKA_RESP_ERR_NO_ERROR;
  Outcome told;
  told.value = [empty](napi_env env) {
    napi_value value;
    napi_get_boolean(env, empty, &value);
    return value;
  };
  return told;
}

Outcome Producer::commit(int timeoutMs) {
  return whileReportsAreFreed([&] {
    return inSlices(timeoutMs, [&](int ms) { return Outcome::of(rd_kafka_commit_transaction(rk_, ms)); });
  });
}

Outcome Producer::abort(int timeoutMs) {
  return whileReportsAreFreed([&] {
    return inSlices(timeoutMs, [&](int ms) { return Outcome::of(rd_kafka_abort_transaction(rk_, ms)); });
  });
}

void Producer::destroy(bool) {
  rd_kafka_purge(rk_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  freeReported();
  rd_kafka_queue_destroy(queue_);
  rd_kafka_topic_destroy(handle_);
}
