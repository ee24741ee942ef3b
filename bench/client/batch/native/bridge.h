#pragma once
#include <napi.h>
#include <rdkafka.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

/** librdkafka's name of an error as ksweep writes it: ERR__MSG_TIMED_OUT. */
inline std::string errorName(int code) {
  return std::string("ERR_") + rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(code));
}

/** What JavaScript is told: the numbers are those of events.ts. */
enum class Event { readable = 0, error = 1, statistics = 2, log = 3, assignment = 4, token = 5 };

/**
 * From the addon's threads into one event loop: a thread-safe function with at most one call queued, which takes all
 * that was posted. Plain N-API, because a worker that is being terminated refuses calls, and that is no error here.
 */
class Bridge {
 public:
  using Post = std::function<void(napi_env env, napi_value callback)>;

  static std::shared_ptr<Bridge> create(Napi::Env env, Napi::Function callback) {
    auto bridge = std::make_shared<Bridge>();
    auto* held = new std::shared_ptr<Bridge>(bridge);
    const napi_status status = napi_create_threadsafe_function(
        env, callback, nullptr, Napi::String::New(env, "ksweep batch client"), 0, 1, held,
        [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<Bridge>*>(data); }, held, deliver,
        &bridge->function_);
    if (status != napi_ok) {
      delete held;
      throw Napi::Error::New(env, "the client's thread-safe function can't be made");
    }
    return bridge;
  }

  void post(Post post) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (released_) return;
    posts_.push_back(std::move(post));
    if (posts_.size() == 1) napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
  }

  /** Where a logger or failing broker talks faster than the loop listens, the rest is left out. */
  void postText(Event event, int number, std::string text) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (posts_.size() > 1000) return;
    }
    post([event, number, text = std::move(text)](napi_env env, napi_value callback) {
      napi_value arguments[3];
      napi_create_int32(env, static_cast<int>(event), &arguments[0]);
      napi_create_int32(env, number, &arguments[1]);
      napi_create_string_utf8(env, text.data(), text.size(), &arguments[2]);
      call(env, callback, arguments, 3);
    });
  }

  /** Nothing is delivered after this; from the loop's thread, when the client's threads have ended. */
  void release() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (released_) return;
      released_ = true;
    }
    napi_release_threadsafe_function(function_, napi_tsfn_release);
  }

  static void call(napi_env env, napi_value callback, const napi_value* arguments, size_t count) {
    napi_value global, thrown;
    if (napi_get_global(env, &global) != napi_ok) return;
    if (napi_call_function(env, global, callback, count, arguments, nullptr) != napi_pending_exception) return;
    // A handler that throws is an uncaught exception like any other callback's.
    if (napi_get_and_clear_last_exception(env, &thrown) == napi_ok) napi_fatal_exception(env, thrown);
  }

 private:
  static void deliver(napi_env env, napi_value callback, void* context, void*) {
    if (env == nullptr) return;
    auto bridge = *static_cast<std::shared_ptr<Bridge>*>(context);
    std::vector<Post> posts;
    {
      std::lock_guard<std::mutex> lock(bridge->mutex_);
      posts.swap(bridge->posts_);
    }
    for (auto& post : posts) {
      napi_handle_scope scope;
      if (napi_open_handle_scope(env, &scope) != napi_ok) return;
      post(env, callback);
      napi_close_handle_scope(env, scope);
    }
  }

  std::mutex mutex_;
  std::vector<Post> posts_;
  bool released_ = false;
  napi_threadsafe_function function_ = nullptr;
};
