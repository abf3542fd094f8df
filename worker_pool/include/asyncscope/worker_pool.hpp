/* Work that may throw: what comes out of it ends the task and its thread as
 * worker_task_abort() does, with what() as the message. Without this wrapper
 * an exception out of a work function ends the program. */
#ifndef ASYNCSCOPE_WORKER_POOL_HPP
#define ASYNCSCOPE_WORKER_POOL_HPP

#include "asyncscope/worker_pool.h"
#include <cstdio>
#include <exception>

namespace asyncscope {

/* Answers what `function()` returns. Thread: a pool's, inside a work function.
 * The end of a thread (pthread_exit(), cancellation) passes through. */
template <typename Function> int worker_task_guard(Function &&function) {
  char message[WORKER_TASK_MESSAGE_BYTES] = "exception of unknown type";
  try {
    return function();
  } catch (const std::exception &exception) {
    std::snprintf(message, sizeof(message), "%s", exception.what());
  } catch (...) {
    if (std::current_exception() == nullptr)
      throw; /* no exception of C++: the end of the thread */
  }
  worker_task_abort(message);
}

/* A worker_task_work_cb around `work`:
 *
 *   worker_pool_submit(pool, &task, asyncscope::worker_task_work<parse>, done);
 */
template <int (*work)(worker_task_t *)>
int worker_task_work(worker_task_t *task) {
  return worker_task_guard([task] { return work(task); });
}

} // namespace asyncscope

#endif
