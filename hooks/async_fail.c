#include "asyncscope/async_fail.h"

#include "async_worker_inside.h"
#include "env.h"
#include "error.h"
#include "fatal.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A failure has nowhere to go from a hook, from a thread without an environment
 * and from the handler itself. */
static bool is_fatal(const async_env_t *env) {
  return env == NULL || env->hooks.running > 0 || env->failure.handling;
}

/* What nobody can take ends the program, or the worker whose thread this is. */
static void end(const async_env_t *env, const char *message) {
  if (env == NULL || env->worker == NULL || env->failure.abort)
    asyncscope__fatal_failure(message);
  else
    asyncscope__worker_failed(env->worker, message);
}

/* Nobody hears of a failure at top level when no loop runs after it: it is not
 * to be lost. An exit handler must not exit. */
static void settle_at_exit(void) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || !env->failure.pending || env->stack.depth > 0)
    return;
  env->failure.exiting = true;
  asyncscope__failure_uncaught(env);
}

/* For the process: there are few places, and no environment gives one back. */
static void watch_exit(void) {
  atexit(settle_at_exit);
}

/* Outside of every callback: the loop is to turn, and the exit to look. */
static void leave_at_top_level(async_env_t *env) {
  static uv_once_t watched = UV_ONCE_INIT;
  uv_once(&watched, watch_exit);
  asyncscope__loop_wake(env);
}

void async_fail(const char *format, ...) {
  async_env_t *env = asyncscope__env;
  char message[ASYNC_FAILURE_BYTES];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof(message), format, arguments);
  va_end(arguments);
  if (env != NULL)
    env->failure.async_id = asyncscope__execution_id(env);
  if (is_fatal(env)) {
    end(env, message);
    return;
  }
  memcpy(env->failure.message, message, sizeof(message));
  env->failure.pending = true;
  if (env->callbacks_open == 0)
    leave_at_top_level(env);
}

const char *async_failure(void) {
  async_env_t *env = asyncscope__env;
  return ASYNCSCOPE__UNLIKELY(env != NULL && env->failure.pending)
             ? env->failure.message
             : NULL;
}

bool async_catch(char ret_message[ASYNC_FAILURE_BYTES]) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || !env->failure.pending)
    return false;
  if (ret_message != NULL)
    memcpy(ret_message, env->failure.message, ASYNC_FAILURE_BYTES);
  env->failure.pending = false;
  return true;
}

int async_set_uncaught_exception_handler(async_uncaught_exception_cb handler,
                                         void *data) {
  if (asyncscope__env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  asyncscope__env->failure.handler = handler;
  asyncscope__env->failure.data = data;
  return 0;
}

int async_set_abort_on_uncaught_exception(bool abort) {
  if (asyncscope__env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  asyncscope__env->failure.abort = abort;
  return 0;
}

/* Also when the end of the thread passes through. */
static void end_handling(asyncscope__failure_t **failure) {
  (*failure)->handling = false;
}

static void call_handler(asyncscope__failure_t *failure, const char *message) {
  __attribute__((cleanup(end_handling))) asyncscope__failure_t *handled =
      failure;
  handled->handling = true;
  handled->handler(message, handled->data);
}

void asyncscope__failure_uncaught(async_env_t *env) {
  asyncscope__failure_t *failure = &env->failure;
  char message[ASYNC_FAILURE_BYTES];
  async_catch(message);
  if (failure->handler == NULL) {
    end(env, message);
    return;
  }
  call_handler(failure, message);
}

bool async_failure_uncaught(void) {
  async_env_t *env = asyncscope__env;
  if (ASYNCSCOPE__LIKELY(env == NULL || !env->failure.pending))
    return false;
  asyncscope__failure_uncaught(env);
  return true;
}

/* The top level has had no before: that it has an after is Node's way. */
void asyncscope__failure_settle_at_top(async_env_t *env) {
  if (!env->failure.pending || env->stack.depth > 0)
    return;
  asyncscope__failure_uncaught(env);
  if (env->hooks.wanted.after > 0)
    asyncscope__emit_after(&env->hooks, ASYNC_ID_ROOT, false);
}
