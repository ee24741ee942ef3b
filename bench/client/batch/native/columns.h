#pragma once
#include <napi.h>

#include <cmath>
#include <string>

/** Arguments from JavaScript, checked: what does not fit is a TypeError or RangeError and never undefined behaviour. */
template <typename T>
struct Column {
  T* data = nullptr;
  size_t length = 0;
  explicit operator bool() const { return data != nullptr; }
};

[[noreturn]] inline void typeError(Napi::Env env, const std::string& text) { throw Napi::TypeError::New(env, text); }
[[noreturn]] inline void rangeError(Napi::Env env, const std::string& text) { throw Napi::RangeError::New(env, text); }

template <typename T>
Column<T> column(const Napi::Value& value, napi_typedarray_type type, const char* name, bool optional = false) {
  const Napi::Env env = value.Env();
  if (optional && (value.IsNull() || value.IsUndefined())) return {};
  napi_typedarray_type found;
  size_t length;
  void* data;
  // Not Napi::TypedArray: this also takes views of a SharedArrayBuffer, which threads share a corpus by.
  if (!value.IsTypedArray() ||
      napi_get_typedarray_info(env, value, &found, &length, &data, nullptr, nullptr) != napi_ok || found != type) {
    typeError(env, std::string(name) + ": expected a typed array of the column's type");
  }
  static T nothing[1] = {};
  return {length == 0 ? nothing : static_cast<T*>(data), length};
}

inline double wholeNumber(const Napi::Value& value, const char* name, double lowest, double highest) {
  const Napi::Env env = value.Env();
  if (!value.IsNumber()) typeError(env, std::string(name) + ": expected a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= lowest && number <= highest) || number != std::floor(number)) {
    rangeError(env, std::string(name) + ": expected a whole number from " + std::to_string(int64_t(lowest)) + " to " +
                        std::to_string(int64_t(highest)));
  }
  return number;
}

inline int timeoutMs(const Napi::Value& value) {
  return static_cast<int>(wholeNumber(value, "timeoutMs", 0, 2'147'483'647));
}

inline std::string text(const Napi::Value& value, const char* name) {
  if (!value.IsString()) typeError(value.Env(), std::string(name) + ": expected a string");
  return value.As<Napi::String>().Utf8Value();
}

inline Napi::Array list(const Napi::Value& value, const char* name) {
  if (!value.IsArray()) typeError(value.Env(), std::string(name) + ": expected an array");
  return value.As<Napi::Array>();
}
