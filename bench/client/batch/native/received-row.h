#pragma once
#include <rdkafka.h>

#include <cstring>

#include "options.h"
#include "ring.h"

/** A record's stamp, STAMP_BYTES bytes of it; null where it has none. */
inline const void* stampIn(rd_kafka_message_t* message, Stamp place) {
  const void* stamp = nullptr;
  size_t size = 0;
  rd_kafka_headers_t* headers;
  if (place == Stamp::payload && message->len >= STAMP_BYTES) {
    stamp = message->payload;
    size = STAMP_BYTES;
  } else if (place == Stamp::header && rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    rd_kafka_header_get_last(headers, "ksweep", &stamp, &size);
  }
  return size == STAMP_BYTES ? stamp : nullptr;
}

/** A received record as a row: columns and stamp, as ring.ts names them. Without a whole stamp the row is marked as unstamped. */
inline void writeRow(Ring& ring, uint32_t at, rd_kafka_message_t* message, Stamp place, double atUs) {
  rd_kafka_timestamp_type_t kind;
  ring.doubles(0)[at] = static_cast<double>(message->offset);
  ring.doubles(1)[at] = static_cast<double>(rd_kafka_message_timestamp(message, &kind));
  ring.doubles(2)[at] = atUs;
  ring.ints(0)[at] = message->partition;
  ring.ints(1)[at] = static_cast<int32_t>(message->len);
  const void* stamp = stampIn(message, place);
  if (stamp != nullptr) std::memcpy(ring.bytes() + size_t(at) * STAMP_BYTES, stamp, STAMP_BYTES);
  ring.bytes()[size_t(ring.rows) * STAMP_BYTES + at] = stamp != nullptr ? 1 : 0;
}
