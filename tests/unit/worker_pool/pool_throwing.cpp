#include "pool_throwing.h"

#include "asyncscope/worker_pool.hpp"
#include <atomic>
#include <pthread.h>
#include <stdexcept>

namespace {

std::atomic<int> alive{0};

struct counted {
  counted() {
    alive++;
  }
  ~counted() {
    alive--;
  }
};

int throw_error(worker_task_t *) {
  counted object;
  throw std::runtime_error("out of range");
}

int throw_number(worker_task_t *) {
  counted object;
  throw 42;
}

int exit_thread(worker_task_t *) {
  counted object;
  pthread_exit(nullptr);
}

} // namespace

int throwing_work(worker_task_t *task) {
  return asyncscope::worker_task_work<throw_error>(task);
}

int throwing_number_work(worker_task_t *task) {
  return asyncscope::worker_task_work<throw_number>(task);
}

int exiting_work(worker_task_t *task) {
  return asyncscope::worker_task_work<exit_thread>(task);
}

int returning_work(worker_task_t *) {
  return asyncscope::worker_task_guard([] { return 7; });
}

int throwing_alive() {
  return alive;
}
