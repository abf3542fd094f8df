/* What the C++ header is for: a work function that throws fails its own task,
 * with what() as the message, and the pool goes on. */
#include <asyncscope/async_env.h>
#include <asyncscope/worker_pool.hpp>
#include <cstdio>
#include <cstring>
#include <stdexcept>

static int thrown, returned;

static int throwing(worker_task_t *) {
  throw std::runtime_error("the exception");
}

static int returning(worker_task_t *) {
  return 0;
}

static void on_thrown(worker_task_t *task, int status) {
  const char *message = worker_task_error(task);
  thrown += status == UV_EIO && message != nullptr &&
            std::strcmp(message, "the exception") == 0;
}

static void on_returned(worker_task_t *, int status) {
  returned += status == 0;
}

int main() {
  worker_pool_t *pool;
  static worker_task_t first, second;
  if (async_env_attach(uv_default_loop()) != 0 ||
      worker_pool_create(nullptr, &pool) != 0)
    return 1;
  int error = worker_pool_submit(
      pool, &first, asyncscope::worker_task_work<throwing>, on_thrown);
  if (error == 0)
    error = worker_pool_submit(
        pool, &second, asyncscope::worker_task_work<returning>, on_returned);
  worker_pool_close(pool, true, nullptr, nullptr);
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  async_env_detach();
  if (error == 0 && thrown == 1 && returned == 1)
    std::puts("thrown and caught");
  return error != 0 || thrown != 1 || returned != 1;
}
