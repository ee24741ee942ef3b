#pragma once
#include "columns.h"

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
