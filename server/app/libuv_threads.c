/* Whether there can be so many is found out by threads that do nothing, all at
 * once; what they took is free again when libuv's are made. */
#include "libuv_threads.h"

#include "asyncscope/async_allocator.h"
#include <stdlib.h>
#include <uv.h>

/* Both are libuv's. */
#define DEFAULT_COUNT 4
#define COUNT_MAX     1024

/* Read as libuv reads it. */
static unsigned wanted_count(void) {
  const char *text = getenv("UV_THREADPOOL_SIZE");
  unsigned count =
      text == NULL ? DEFAULT_COUNT : (unsigned)strtol(text, NULL, 10);

  if (count == 0)
    return 1;
  return count < COUNT_MAX ? count : COUNT_MAX;
}

static void pass(void *gate) {
  uv_mutex_lock(gate);
  uv_mutex_unlock(gate);
}

static int try_threads(uv_thread_t *threads, unsigned count, uv_mutex_t *gate) {
  unsigned made = 0;
  int error = 0;

  uv_mutex_lock(gate);
  while (made < count && error == 0) {
    error = uv_thread_create(&threads[made], pass, gate);
    made += error == 0;
  }
  uv_mutex_unlock(gate);
  while (made > 0)
    uv_thread_join(&threads[--made]);
  return error;
}

static int check_count(unsigned count) {
  uv_thread_t *threads = async_calloc(count, sizeof(*threads));
  uv_mutex_t gate;
  int error = threads == NULL ? UV_ENOMEM : uv_mutex_init(&gate);

  if (error == 0) {
    error = try_threads(threads, count, &gate);
    uv_mutex_destroy(&gate);
  }
  async_free(threads);
  return error;
}

static void do_nothing(uv_work_t *req) {
  (void)req;
}

/* With the first task come all threads. */
static int make_libuvs(void) {
  uv_work_t req;
  uv_loop_t loop;
  int error = uv_loop_init(&loop);

  if (error != 0)
    return error;
  error = uv_queue_work(&loop, &req, do_nothing, NULL);
  uv_run(&loop, UV_RUN_DEFAULT);
  uv_loop_close(&loop);
  return error;
}

int app_libuv_threads_start(void) {
  int error = check_count(wanted_count());

  return error == 0 ? make_libuvs() : error;
}
