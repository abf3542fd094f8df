/* What tracking costs on this machine, by doing it: a clock in every hook would
 * cost more than what it measures. Of several batches the best counts, which
 * nothing has disturbed. */
#include "debug.h"

#include "asyncscope/async_env.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_resource.h"

enum { BATCH = 64, BATCHES = 8 };

enum { INIT, SCOPE, DESTROY, EVENTS };

static int init_all(async_resource_t *resources) {
  const async_resource_options_t options = {.flags = ASYNC_RESOURCE_INTERNAL};
  for (size_t i = 0; i < BATCH; i++) {
    int error = async_resource_init(&resources[i], "CALIBRATION", &options);
    if (error != 0) {
      while (i > 0)
        async_resource_finish(&resources[--i]);
      return error;
    }
  }
  return 0;
}

static void run_all(async_resource_t *resources) {
  for (size_t i = 0; i < BATCH; i++)
    if (async_resource_enter(&resources[i]) == 0)
      async_resource_leave(&resources[i]);
}

static void finish_all(async_resource_t *resources) {
  for (size_t i = 0; i < BATCH; i++)
    async_resource_finish(&resources[i]);
  async_env_flush();
}

static int run_batch(uint64_t ret_ns[EVENTS]) {
  async_resource_t resources[BATCH];
  uint64_t begun_ns = async_inspect_now_ns();
  int error = init_all(resources);
  if (error != 0)
    return error;
  uint64_t made_ns = async_inspect_now_ns();
  run_all(resources);
  uint64_t run_ns = async_inspect_now_ns();
  finish_all(resources);
  ret_ns[INIT] = (made_ns - begun_ns) / BATCH;
  ret_ns[SCOPE] = (run_ns - made_ns) / BATCH;
  ret_ns[DESTROY] = (async_inspect_now_ns() - run_ns) / BATCH;
  return 0;
}

/* At least one: 0 says that it was not measured. */
static void keep(_Atomic uint64_t *best_ns, uint64_t ns) {
  uint64_t before_ns = atomic_load(best_ns);
  if (before_ns == 0 || ns < before_ns)
    atomic_store(best_ns, ns == 0 ? 1 : ns);
}

int asyncscope_debug_measure_cost(asyncscope_debug_t *debug) {
  uint64_t ns[EVENTS];
  int error = 0;
  for (size_t i = 0; i < BATCHES && error == 0; i++) {
    error = run_batch(ns);
    if (error != 0)
      break;
    keep(&debug->cost.init_ns, ns[INIT]);
    keep(&debug->cost.scope_ns, ns[SCOPE]);
    keep(&debug->cost.destroy_ns, ns[DESTROY]);
  }
  return error;
}
