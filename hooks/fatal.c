#include "fatal.h"

#include "chain.h"
#include "env.h"
#include <execinfo.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FRAMES_MAX 64

void asyncscope__fatal_corrupted(async_id_t actual, async_id_t expected) {
  fprintf(stderr,
          "Error: async hook stack has become corrupted (actual: %" PRId64
          ", expected: %" PRId64 ")\n",
          actual, expected);
  if (asyncscope__env != NULL) {
    asyncscope__chain_print("actual, the scope that is current", actual);
    asyncscope__chain_print("expected, the scope that was to be left",
                            expected);
  }
  fflush(NULL);
  if (asyncscope__env != NULL && asyncscope__env->failure.abort)
    abort();
  _exit(1);
}

static void print_stack_trace(void) {
  void *addresses[FRAMES_MAX];
  int count = backtrace(addresses, FRAMES_MAX);
  backtrace_symbols_fd(addresses, count, STDERR_FILENO);
}

/* A failed microtask's scope is left before anybody is asked. */
static async_id_t culprit(const async_env_t *env) {
  async_id_t running = asyncscope__execution_id(env);
  return running == ASYNC_ID_NONE ? env->failure.async_id : running;
}

void asyncscope__fatal_failure(const char *message) {
  async_env_t *env = asyncscope__env;
  fprintf(stderr, "Error: %s\n", message);
  fflush(stderr);
  print_stack_trace();
  if (env != NULL)
    asyncscope__chain_print("caused by", culprit(env));
  if (env != NULL && env->failure.abort)
    abort();
  if (env == NULL || !env->failure.exiting)
    exit(1);
  fflush(NULL);
  _exit(1);
}
