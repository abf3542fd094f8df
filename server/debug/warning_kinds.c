/* All kinds of warnings. A new one is a row here, and its `look` in a file of
 * its own where it is more than a few lines. */
#include "warnings.h"

#include <stddef.h>

/* How long the resource has been in its callback; 0 where it is in none. A
 * task runs on a worker, whose own resource is looked at. */
static uint64_t in_callback_us(const debug_warnings_t *warnings,
                               const debug_resource_t *resource) {
  const debug_thread_t *thread = &warnings->capture->threads[resource->thread];
  return resource->state == DEBUG_RUNNING && !resource->task
             ? asyncscope__debug_elapsed_us(resource->since_ns,
                                            thread->captured_ns)
             : 0;
}

static async_env_kind_t kind_of(const debug_warnings_t *warnings,
                                const debug_resource_t *resource) {
  return warnings->capture->threads[resource->thread].info.kind;
}

static void look_for_blocked(debug_warnings_t *warnings,
                             const debug_warning_kind_t *kind,
                             const debug_resource_t *resource) {
  uint64_t us = in_callback_us(warnings, resource);
  if (us > 0 && us >= asyncscope__debug_threshold_us(warnings->capture, kind) &&
      kind_of(warnings, resource) == ASYNC_ENV_LOOP)
    asyncscope__debug_warn(warnings, kind, resource, us);
}

#define THRESHOLD(member, us) \
  offsetof(asyncscope_debug_thresholds_t, member), (us)

const debug_warning_kind_t asyncscope__debug_warning_kinds[] = {
    {"loop-blocked", "error",
     "an event loop has been in one callback for too long: nothing else of it "
     "can go on",
     "give the work to a thread pool, or do it in parts",
     THRESHOLD(loop_blocked_us, 100000), look_for_blocked},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};
