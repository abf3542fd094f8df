/* A failure that is not to disturb what comes after it. */
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/async_queue.h"
#include <string.h>

static void fail_again(void *arg) {
  char message[ASYNC_FAILURE_BYTES];
  memcpy(message, arg, sizeof(message));
  async_free(arg);
  async_fail("%s", message);
}

/* The tick has not failed itself: those behind it do not wait. */
static void be_uncaught(void *arg) {
  fail_again(arg);
  async_failure_uncaught();
}

static bool defer(async_callback_cb cb) {
  char message[ASYNC_FAILURE_BYTES];
  if (!async_catch(message))
    return false;
  char *copy = async_malloc(sizeof(message));
  if (copy != NULL)
    memcpy(copy, message, sizeof(message));
  if (copy == NULL || async_next_tick(cb, copy) != 0) {
    async_free(copy);
    async_fail("%s", message);
  }
  return true;
}

bool async_failure_defer(void) {
  return defer(fail_again);
}

bool async_failure_defer_uncaught(void) {
  return defer(be_uncaught);
}
