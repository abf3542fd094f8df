#include "fatal.h"

#include "env.h"
#include <execinfo.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHAIN_MAX  32
#define FRAMES_MAX 64

typedef struct found_s {
  const char *type;
  const async_site_t *site;
  async_ref_t trigger;
} found_t;

static bool find_live(async_env_t *env, async_id_t async_id, found_t *ret) {
  uint32_t cursor = 0;
  async_resource_info_t info;
  while (async_inspect_resources(env, &cursor, &info, 1) == 1) {
    if (info.async_id != async_id)
      continue;
    *ret = (found_t){info.type, info.site, info.trigger};
    return true;
  }
  return false;
}

static bool find_ancestor(async_env_t *env, async_id_t async_id, found_t *ret) {
  uint32_t cursor = 0;
  async_ancestor_info_t info;
  while (async_inspect_ancestors(env, &cursor, &info, 1) == 1) {
    if (info.async_id != async_id)
      continue;
    *ret = (found_t){info.type, info.site, info.trigger};
    return true;
  }
  return false;
}

static void print_known(async_id_t async_id, const found_t *found) {
  fprintf(stderr, "    %s(%" PRId64 ")", found->type, async_id);
  if (found->site != NULL)
    fprintf(stderr, " at %s:%" PRIu32 " %s", found->site->file,
            found->site->line, found->site->function);
  fputc('\n', stderr);
}

/* Follows the triggers of this thread, at most CHAIN_MAX of them. */
static void print_chain(const char *what, async_id_t async_id) {
  async_env_t *env = asyncscope__env;
  fprintf(stderr, "  %s:\n", what);
  for (int i = 0; i < CHAIN_MAX && async_id > ASYNC_ID_ROOT; i++) {
    found_t found;
    if (!find_live(env, async_id, &found) &&
        !find_ancestor(env, async_id, &found)) {
      fprintf(stderr, "    (%" PRId64 ") gone\n", async_id);
      return;
    }
    print_known(async_id, &found);
    if (found.trigger.thread != env->thread) {
      fprintf(stderr, "    caused by %" PRIu32 ":%" PRId64 "\n",
              found.trigger.thread, found.trigger.async_id);
      return;
    }
    async_id = found.trigger.async_id;
  }
  if (async_id == ASYNC_ID_ROOT)
    fputs("    root(1)\n", stderr);
}

void asyncscope__fatal_corrupted(async_id_t actual, async_id_t expected) {
  fprintf(stderr,
          "Error: async hook stack has become corrupted (actual: %" PRId64
          ", expected: %" PRId64 ")\n",
          actual, expected);
  if (asyncscope__env != NULL) {
    print_chain("actual, the scope that is current", actual);
    print_chain("expected, the scope that was to be left", expected);
  }
  fflush(NULL);
  _exit(1);
}

static void print_stack_trace(void) {
  void *addresses[FRAMES_MAX];
  int count = backtrace(addresses, FRAMES_MAX);
  backtrace_symbols_fd(addresses, count, STDERR_FILENO);
}

void asyncscope__fatal_failure(const char *message) {
  async_env_t *env = asyncscope__env;
  fprintf(stderr, "Error: %s\n", message);
  fflush(stderr);
  print_stack_trace();
  if (env != NULL)
    print_chain("caused by", async_hooks_execution_async_id());
  if (env != NULL && env->failure.abort)
    abort();
  exit(1);
}
