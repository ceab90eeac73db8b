#include "runtime.h"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace crosscheck {
namespace {

/** How often a waiting thread polls for work before it sleeps. Kernels follow each other within microseconds. */
constexpr int LOOKS_BEFORE_SLEEP = 2000;

/** The helper threads of one calling thread. */
class Pool {
 public:
  /** If the system starts fewer threads than requested, those that started do the work. */
  explicit Pool(int helpers) {
    try {
      for (int i = 0; i < helpers; i++) threads_.emplace_back([this] { help(); });
    } catch (const std::system_error&) {
    }
  }

  ~Pool() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ending_ = true;
      round_.fetch_add(1);
    }
    wake_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  int helpers() const { return static_cast<int>(threads_.size()); }

  void run(int count, void (*task)(void*, int), void* context) {
    task_ = task;
    context_ = context;
    count_ = count;
    next_.store(0);
    busy_.store(helpers());
    {
      std::lock_guard<std::mutex> lock(mutex_);
      round_.fetch_add(1);
    }
    wake_.notify_all();
    work();
    while (busy_.load() > 0) std::this_thread::yield();
  }

 private:
  void work() {
    for (int i = next_.fetch_add(1); i < count_; i = next_.fetch_add(1)) task_(context_, i);
  }

  void help() {
    for (unsigned seen = 0;;) {
      for (int looks = 0; looks < LOOKS_BEFORE_SLEEP && round_.load() == seen; looks++) std::this_thread::yield();
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [&] { return round_.load() != seen; });
        seen = round_.load();
        if (ending_) return;
      }
      work();
      busy_.fetch_sub(1);
    }
  }

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<unsigned> round_{0};
  std::atomic<int> next_{0};
  std::atomic<int> busy_{0};
  bool ending_ = false;
  void (*task_)(void*, int) = nullptr;
  void* context_ = nullptr;
  int count_ = 0;
};

/** Scratch memory of a thread, freed when the thread ends. */
class Scratch {
 public:
  ~Scratch() {
    for (auto& block : blocks_) std::free(block.address);
  }

  float* at(int slot, size_t floats) {
    if (blocks_.size() <= static_cast<size_t>(slot)) blocks_.resize(slot + 1);
    Block& block = blocks_[slot];
    if (block.floats >= floats) return block.address;
    std::free(block.address);
    const size_t rounded = (floats + 15) / 16 * 16;
    block.address = static_cast<float*>(std::aligned_alloc(64, rounded * sizeof(float)));
    block.floats = block.address ? rounded : 0;
    if (!block.address) throw std::bad_alloc();
    return block.address;
  }

 private:
  struct Block {
    float* address = nullptr;
    size_t floats = 0;
  };
  std::vector<Block> blocks_;
};

thread_local Pool* pool = nullptr;
thread_local Scratch memory;

/** Ends the helper threads together with their calling thread. */
struct PoolOwner {
  ~PoolOwner() { delete pool; }
};
thread_local PoolOwner owner;

}  // namespace

void setThreads(int count) {
  (void)&owner;
  delete pool;
  pool = nullptr;
  if (count > 1) pool = new Pool(count - 1);
}

int threads() { return pool ? pool->helpers() + 1 : 1; }

void parallel(int count, void (*task)(void*, int), void* context) {
  if (!pool || count < 2) {
    for (int i = 0; i < count; i++) task(context, i);
    return;
  }
  pool->run(count, task, context);
}

float* scratch(int slot, size_t floats) { return memory.at(slot, floats); }

}  // namespace crosscheck
