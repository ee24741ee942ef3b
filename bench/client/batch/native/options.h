#pragma once
#include <rdkafka.h>

#include "columns.h"
#include "ring.h"

enum class Stamp { none, payload, header };

inline Stamp stampPlace(const Napi::Object& options) {
  const std::string stamp = text(options.Get("stamp"), "stamp");
  if (stamp == "payload") return Stamp::payload;
  if (stamp == "header") return Stamp::header;
  if (stamp == "none") return Stamp::none;
  rangeError(options.Env(), "stamp: expected payload, header or none");
}

inline uint32_t ringRows(const Napi::Object& options) {
  const auto rows = static_cast<uint32_t>(wholeNumber(options.Get("ringRows"), "ringRows", 1, 1 << 26));
  if ((rows & (rows - 1)) != 0) rangeError(options.Env(), "ringRows: expected a power of two");
  return rows;
}

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
