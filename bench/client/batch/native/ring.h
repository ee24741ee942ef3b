#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>

inline double nowUs() {
  using namespace std::chrono;
  return static_cast<double>(duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count()) / 1000.0;
}

constexpr size_t STAMP_BYTES = 24;

/**
 * A single-producer single-consumer ring of rows as columns. A thread of the addon writes them; JavaScript reads them
 * and moves the tail itself, so reading costs no call. The memory is the ring's own and outlives both sides.
 * Order in memory, which ring.ts repeats: 256 bytes of control words, then float64, int32 and byte columns.
 */
class Ring {
 public:
  Ring(uint32_t rows, int doubles, int ints, int bytes)
      : rows(rows), mask(rows - 1), size(256 + size_t(rows) * (doubles * 8 + ints * 4 + bytes)) {
    // A cache line of its own for each control word: the two sides would slow each other down.
    memory_.reset(static_cast<uint8_t*>(std::aligned_alloc(64, (size + 63) / 64 * 64)), std::free);
    if (!memory_) throw std::bad_alloc();
    std::fill_n(memory_.get(), size, uint8_t{0});
    doubles_ = reinterpret_cast<double*>(memory_.get() + 256);
    ints_ = reinterpret_cast<int32_t*>(doubles_ + size_t(rows) * doubles);
    bytes_ = reinterpret_cast<uint8_t*>(ints_ + size_t(rows) * ints);
    for (size_t word = 0; word < 4; word++) new (memory_.get() + word * 64) std::atomic<uint32_t>(0);
  }

  const uint32_t rows;
  const uint32_t mask;
  const size_t size;
  const std::shared_ptr<uint8_t>& memory() const { return memory_; }
  double* doubles(int column) { return doubles_ + size_t(rows) * column; }
  int32_t* ints(int column) { return ints_ + size_t(rows) * column; }
  uint8_t* bytes() { return bytes_; }

  uint32_t head() const { return word(0).load(); }
  uint32_t tail() const { return word(1).load(); }
  uint32_t asked() const { return word(3).load(); }
  uint32_t room() const { return rows - (head() - tail()); }

  /** Shows rows to JavaScript. Only the writing thread calls it. */
  void publish(uint32_t count) {
    word(0).store(head() + count);
    if (readerBlocked_.load()) notify(readable_);
  }

  /** The writer's wait for room or a question; `ready` is asked again after the flag is up, so no wake-up is missed. */
  template <typename Ready>
  void writerWait(Ready ready, int maxMs) {
    std::unique_lock<std::mutex> lock(mutex_);
    word(2).store(1);
    if (!ready()) released_.wait_for(lock, std::chrono::milliseconds(maxMs));
    word(2).store(0);
  }
  void wakeWriter() { notify(released_); }

  /** Blocks the JavaScript thread until rows are there or the time has come; spurious returns are allowed. */
  void readerWait(double deadlineUs, double maxUs) {
    if (head() != tail()) return;
    const double leftUs = std::min(deadlineUs - nowUs(), maxUs);
    if (!(leftUs > 0)) return;
    const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(int64_t(leftUs * 1000));
    std::unique_lock<std::mutex> lock(mutex_);
    readerBlocked_.store(true);
    readable_.wait_until(lock, until, [&] { return word(0).load() != tail() || interrupted_; });
    readerBlocked_.store(false);
  }
  bool readerBlocked() const { return readerBlocked_.load(); }
  void interrupt() {
    interrupted_ = true;
    notify(readable_);
    notify(released_);
  }

 private:
  std::atomic<uint32_t>& word(int index) const {
    return *reinterpret_cast<std::atomic<uint32_t>*>(memory_.get() + index * 64);
  }
  void notify(std::condition_variable& condition) {
    std::lock_guard<std::mutex> lock(mutex_);
    condition.notify_all();
  }

  std::shared_ptr<uint8_t> memory_;
  double* doubles_;
  int32_t* ints_;
  uint8_t* bytes_;
  std::mutex mutex_;
  std::condition_variable readable_, released_;
  std::atomic<bool> readerBlocked_{false}, interrupted_{false};
};
