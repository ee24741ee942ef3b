// The batch client's addon: moves columns between JavaScript and librdkafka, and decides nothing.
#include "admin.h"
#include "consumer.h"
#include "producer.h"
#include "share-consumer.h"

namespace {
/** A client as JavaScript holds it. It stays until it was closed, and ends with its environment where it was not. */
template <typename Self, typename Core>
class Handle : public Napi::ObjectWrap<Self> {
 public:
  explicit Handle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Self>(info) {}

  Napi::Value close(const Napi::CallbackInfo& info) {
    const bool leave = info.Length() == 0 || info[0].IsUndefined() || info[0].ToBoolean();
    return core_->close(info.Env(), leave, [this] { forget(); });
  }

  void setToken(const Napi::CallbackInfo& info) {
    core(info.Env()).setToken(info.Env(), text(info[0], "token"), wholeNumber(info[1], "expiresAtMs", 0, 9e15),
                              text(info[2], "principal"));
  }
  void tokenFailed(const Napi::CallbackInfo& info) { core(info.Env()).tokenFailed(text(info[0], "reason")); }

 protected:
  using Methods = std::vector<typename Napi::ObjectWrap<Self>::PropertyDescriptor>;

  /** A class's own methods, and those that every client has. */
  static Methods with(Methods own) {
    own.push_back(Self::InstanceMethod("close", &Self::close));
    own.push_back(Self::InstanceMethod("setToken", &Self::setToken));
    own.push_back(Self::InstanceMethod("tokenFailed", &Self::tokenFailed));
    return own;
  }

  template <typename Make>
  void open(const Napi::CallbackInfo& info, size_t callbackAt, Make make) {
    if (!info[0].IsObject()) typeError(info.Env(), "settings: expected an object");
    if (!info[callbackAt].IsFunction()) typeError(info.Env(), "expected a function for events");
    auto bridge = Bridge::create(info.Env(), info[callbackAt].As<Napi::Function>());
    try {
      core_ = make(bridge);
      core_->start(info.Env());
    } catch (...) {
      core_ = nullptr;
      bridge->release();
      throw;
    }
    env_ = info.Env();
    napi_add_env_cleanup_hook(env_, abandon, core_.get());
    this->Ref();
  }

  /** The open client, or the error of a closed one. */
  Core& core(Napi::Env env) {
    if (core_ == nullptr || !core_->open()) {
      Napi::Error error = Napi::Error::New(env, "the client is closed");
      error.Set("code", Napi::String::New(env, errorName(RD_KAFKA_RESP_ERR__STATE)));
      throw error;
    }
    return *core_;
  }

  /** An operation that may block, as a promise; the core outlives it. */
  template <typename Work>
  Napi::Value submit(const Napi::CallbackInfo& info, Work work) {
    Core& client = core(info.Env());
    return client.submit(info.Env(), [&client, work] { return work(client); });
  }

  std::shared_ptr<Core> core_;

 private:
  static void abandon(void* core) { static_cast<Core*>(core)->abandon(); }
  void forget() {
    if (env_ == nullptr) return;
    napi_remove_env_cleanup_hook(env_, abandon, core_.get());
    env_ = nullptr;
    this->Unref();
  }
  napi_env env_ = nullptr;
};

/** What producers and consumers share: a ring. */
template <typename Self, typename Core>
class RingHandle : public Handle<Self, Core> {
 public:
  using Handle<Self, Core>::Handle;

  /** The ring's memory: ring.ts makes columns of it. */
  Napi::Value memory(const Napi::CallbackInfo& info) {
    Ring& ring = this->core(info.Env()).ring;
    auto* held = new std::shared_ptr<uint8_t>(ring.memory());
    return Napi::ArrayBuffer::New(
        info.Env(), held->get(), ring.size,
        [](Napi::Env, void*, std::shared_ptr<uint8_t>* memory) { delete memory; }, held);
  }
  void wakeWriter(const Napi::CallbackInfo& info) { this->core(info.Env()).ring.wakeWriter(); }
  void waitUntil(const Napi::CallbackInfo& info) {
    if (!info[0].IsNumber()) typeError(info.Env(), "deadlineUs: expected a number");
    // Never longer: a worker that is to be terminated has to come back to JavaScript first.
    this->core(info.Env()).ring.readerWait(info[0].As<Napi::Number>().DoubleValue(), 100'000);
  }
  /** Of the client's threads and of the one that asks, each since it began. */
  Napi::Value cpuUs(const Napi::CallbackInfo& info) {
    const double own = ThreadClocks::readUs(ThreadClocks::ownClock());
    return Napi::Number::New(info.Env(), this->core(info.Env()).cpuUs() + own);
  }
  /** Bytes sent and received, and produce requests, up to now. */
  Napi::Value traffic(const Napi::CallbackInfo& info) {
    const Traffic& traffic = this->core(info.Env()).traffic();
    Napi::Object told = Napi::Object::New(info.Env());
    told.Set("sent", static_cast<double>(traffic.sentBytes));
    told.Set("received", static_cast<double>(traffic.receivedBytes));
    told.Set("produceRequests", static_cast<double>(traffic.produceRequests));
    return told;
  }
  /** One readable event when rows are there. */
  void arm(const Napi::CallbackInfo& info) {
    Core& client = this->core(info.Env());
    client.armed = true;
    client.ring.wakeWriter();
    if (client.ring.head() != client.ring.tail() && client.armed.exchange(false)) client.readable();
  }

 protected:
  using typename Handle<Self, Core>::Methods;

  static Methods withRing(Methods own) {
    own.push_back(Self::InstanceMethod("memory", &Self::memory));
    own.push_back(Self::InstanceMethod("wakeWriter", &Self::wakeWriter));
    own.push_back(Self::InstanceMethod("waitUntil", &Self::waitUntil));
    own.push_back(Self::InstanceMethod("cpuUs", &Self::cpuUs));
    own.push_back(Self::InstanceMethod("traffic", &Self::traffic));
    own.push_back(Self::InstanceMethod("arm", &Self::arm));
    return Self::with(std::move(own));
  }
};

class ProducerHandle : public RingHandle<ProducerHandle, Producer> {
 public:
  explicit ProducerHandle(const Napi::CallbackInfo& info) : RingHandle(info) {
    if (!info[1].IsObject()) typeError(info.Env(), "options: expected an object");
    open(info, 2, [&](auto bridge) {
      return std::make_shared<Producer>(info[0].As<Napi::Object>(), info[1].As<Napi::Object>(), bridge);
    });
  }
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Producer",
        withRing({InstanceMethod("connect", &ProducerHandle::connect),
                  InstanceMethod("produce", &ProducerHandle::produce),
                  InstanceMethod("flush", &ProducerHandle::flush),
                  InstanceMethod("begin", &ProducerHandle::begin),
                  InstanceMethod("commit", &ProducerHandle::commit),
                  InstanceMethod("abort", &ProducerHandle::abort)}));
  }

 private:
  Napi::Value produce(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), core(info.Env()).produce(info));
  }
  Napi::Value connect(const Napi::CallbackInfo& info) {
    return submit(info, [ms = timeoutMs(info[0])](Producer& it) { return it.connect(ms); });
  }
  Napi::Value flush(const Napi::CallbackInfo& info) {
    return submit(info, [ms = timeoutMs(info[0])](Producer& it) { return it.flush(ms); });
  }
  Napi::Value begin(const Napi::CallbackInfo& info) {
    return submit(info, [](Producer& it) { return it.begin(); });
  }
  Napi::Value commit(const Napi::CallbackInfo& info) {
    return submit(info, [ms = timeoutMs(info[0])](Producer& it) { return it.commit(ms); });
  }
  Napi::Value abort(const Napi::CallbackInfo& info) {
    return submit(info, [ms = timeoutMs(info[0])](Producer& it) { return it.abort(ms); });
  }
};

std::vector<std::string> texts(const Napi::Value& value, const char* name) {
  const Napi::Array array = list(value, name);
  std::vector<std::string> found;
  for (uint32_t i = 0; i < array.Length(); i++) found.push_back(text(array.Get(i), name));
  return found;
}

class ConsumerHandle : public RingHandle<ConsumerHandle, Consumer> {
 public:
  explicit ConsumerHandle(const Napi::CallbackInfo& info) : RingHandle(info) {
    if (!info[1].IsObject()) typeError(info.Env(), "options: expected an object");
    open(info, 2, [&](auto bridge) {
      return std::make_shared<Consumer>(info[0].As<Napi::Object>(), info[1].As<Napi::Object>(), bridge);
    });
  }
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Consumer",
        withRing({InstanceMethod("leaders", &ConsumerHandle::leaders),
                  InstanceMethod("connect", &ConsumerHandle::connect),
                  InstanceMethod("pause", &ConsumerHandle::pause)}));
  }

 private:
  Napi::Value leaders(const Napi::CallbackInfo& info) {
    return submit(info, [topics = texts(info[0], "topics"), ms = timeoutMs(info[1])](Consumer& it) {
      return it.leaders(topics, ms);
    });
  }
  Napi::Value connect(const Napi::CallbackInfo& info) {
    return submit(info, [topics = texts(info[0], "topics"), ms = timeoutMs(info[1]),
                         paused = info[2].ToBoolean().Value()](Consumer& it) { return it.connect(topics, ms, paused); });
  }
  void pause(const Napi::CallbackInfo& info) { core(info.Env()).pause(info[0].ToBoolean()); }
};

class ShareConsumerHandle : public RingHandle<ShareConsumerHandle, ShareConsumer> {
 public:
  explicit ShareConsumerHandle(const Napi::CallbackInfo& info) : RingHandle(info) {
    if (!info[1].IsObject()) typeError(info.Env(), "options: expected an object");
    open(info, 2, [&](auto bridge) {
      return std::make_shared<ShareConsumer>(info[0].As<Napi::Object>(), info[1].As<Napi::Object>(), bridge);
    });
  }
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "ShareConsumer",
        withRing({InstanceMethod("connect", &ShareConsumerHandle::connect),
                  InstanceMethod("pause", &ShareConsumerHandle::pause)}));
  }

 private:
  Napi::Value connect(const Napi::CallbackInfo& info) {
    return submit(info, [topics = texts(info[0], "topics"), paused = info[1].ToBoolean().Value()](ShareConsumer& it) {
      return it.connect(topics, paused);
    });
  }
  void pause(const Napi::CallbackInfo& info) { core(info.Env()).pause(info[0].ToBoolean()); }
};

class AdminHandle : public Handle<AdminHandle, Admin> {
 public:
  explicit AdminHandle(const Napi::CallbackInfo& info) : Handle(info) {
    open(info, 1, [&](auto bridge) { return std::make_shared<Admin>(info[0].As<Napi::Object>(), bridge); });
  }
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Admin",
        with({InstanceMethod("metadata", &AdminHandle::metadata),
              InstanceMethod("topicState", &AdminHandle::topicState),
              InstanceMethod("createTopic", &AdminHandle::createTopic),
              InstanceMethod("deleteTopic", &AdminHandle::deleteTopic),
              InstanceMethod("clusterOperations", &AdminHandle::clusterOperations),
              InstanceMethod("topicOperations", &AdminHandle::topicOperations),
              InstanceMethod("listOffsets", &AdminHandle::listOffsets),
              InstanceMethod("commitOffsets", &AdminHandle::commitOffsets),
              InstanceMethod("configureGroup", &AdminHandle::configureGroup),
              InstanceMethod("clusterHealth", &AdminHandle::clusterHealth),
              InstanceMethod("groupLag", &AdminHandle::groupLag),
              InstanceMethod("deleteGroups", &AdminHandle::deleteGroups)}));
  }

 private:
  static int partitionsOf(const Napi::Value& value) {
    return static_cast<int>(wholeNumber(value, "partitions", 1, 1'000'000));
  }
  static std::map<std::string, std::string> configsOf(const Napi::Object& given) {
    const Napi::Array names = given.GetPropertyNames();
    std::map<std::string, std::string> configs;
    for (uint32_t i = 0; i < names.Length(); i++) {
      configs[text(names.Get(i), "configs")] = given.Get(names.Get(i)).ToString().Utf8Value();
    }
    return configs;
  }
  Napi::Value configureGroup(const Napi::CallbackInfo& info) {
    if (!info[1].IsObject()) typeError(info.Env(), "configs: expected an object");
    return submit(info, [name = text(info[0], "name"), configs = configsOf(info[1].As<Napi::Object>()),
                         remove = info[2].ToBoolean().Value(), ms = timeoutMs(info[3])](Admin& it) {
      return it.configureGroup(name, configs, remove, ms);
    });
  }
  Napi::Value clusterHealth(const Napi::CallbackInfo& info) {
    return submit(info, [ms = timeoutMs(info[0])](Admin& it) { return it.clusterHealth(ms); });
  }
  Napi::Value groupLag(const Napi::CallbackInfo& info) {
    return submit(info, [group = text(info[0], "group"), ms = timeoutMs(info[1])](Admin& it) {
      return it.groupLag(group, ms);
    });
  }
  Napi::Value metadata(const Napi::CallbackInfo& info) {
    return submit(info, [ms = timeoutMs(info[0])](Admin& it) { return it.metadata(ms); });
  }
  Napi::Value topicState(const Napi::CallbackInfo& info) {
    return submit(info, [name = text(info[0], "name"), ms = timeoutMs(info[1])](Admin& it) {
      return it.topicState(name, ms);
    });
  }
  Napi::Value createTopic(const Napi::CallbackInfo& info) {
    const int replicas = static_cast<int>(wholeNumber(info[2], "replicationFactor", -1, 32'767));
    if (!info[3].IsObject()) typeError(info.Env(), "configs: expected an object");
    return submit(info, [name = text(info[0], "name"), partitions = partitionsOf(info[1]), replicas,
                         configs = configsOf(info[3].As<Napi::Object>()),
                         ms = timeoutMs(info[4]), validateOnly = info[5].ToBoolean().Value()](Admin& it) {
      return it.createTopic(name, partitions, replicas, configs, validateOnly, ms);
    });
  }
  Napi::Value clusterOperations(const Napi::CallbackInfo& info) {
    return submit(info, [ms = timeoutMs(info[0])](Admin& it) { return it.clusterOperations(ms); });
  }
  Napi::Value topicOperations(const Napi::CallbackInfo& info) {
    return submit(info, [name = text(info[0], "name"), ms = timeoutMs(info[1])](Admin& it) {
      return it.topicOperations(name, ms);
    });
  }
  Napi::Value deleteTopic(const Napi::CallbackInfo& info) {
    return submit(info, [name = text(info[0], "name"), ms = timeoutMs(info[1])](Admin& it) {
      return it.deleteTopic(name, ms);
    });
  }
  Napi::Value listOffsets(const Napi::CallbackInfo& info) {
    return submit(info, [topic = text(info[0], "topic"), partitions = partitionsOf(info[1]),
                         latest = info[2].ToBoolean().Value(), ms = timeoutMs(info[3])](Admin& it) {
      return it.listOffsets(topic, partitions, latest, ms);
    });
  }
  Napi::Value commitOffsets(const Napi::CallbackInfo& info) {
    const Napi::Array given = list(info[2], "offsets");
    std::vector<int64_t> offsets;
    for (uint32_t i = 0; i < given.Length(); i++) {
      offsets.push_back(static_cast<int64_t>(wholeNumber(given.Get(i), "offsets", 0, 9'007'199'254'740'991.0)));
    }
    return submit(info, [group = text(info[0], "group"), topic = text(info[1], "topic"), offsets,
                         ms = timeoutMs(info[3])](Admin& it) { return it.commitOffsets(group, topic, offsets, ms); });
  }
  Napi::Value deleteGroups(const Napi::CallbackInfo& info) {
    return submit(info, [names = texts(info[0], "names"), ms = timeoutMs(info[1])](Admin& it) {
      return it.deleteGroups(names, ms);
    });
  }
};

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("Producer", ProducerHandle::define(env));
  exports.Set("Consumer", ConsumerHandle::define(env));
  exports.Set("ShareConsumer", ShareConsumerHandle::define(env));
  exports.Set("Admin", AdminHandle::define(env));
  exports.Set("librdkafka", rd_kafka_version_str());
  exports.Set("errorName", Napi::Function::New(env, [](const Napi::CallbackInfo& info) -> Napi::Value {
                return Napi::String::New(info.Env(),
                                         errorName(int(wholeNumber(info[0], "code", -2'147'483'648.0, 2'147'483'647.0))));
              }));
  return exports;
}
}  // namespace

NODE_API_MODULE(ksweep_batch, init)
