#include "scenario.h"

static trace_hook_t hooks[5];

static void inside(void *arg) {
  (void)arg;
  trace_where("inside");
}

SCENARIO(hook_with_missing_callbacks) {
  static const char *const words[] = {"init", "before", "after", "destroy",
                                      "resolve"};
  for (unsigned i = 0; i < 5; i++) {
    trace_hook_make(&hooks[i], words[i], 1U << i);
    trace_hook_enable(&hooks[i]);
  }
  async_resource_t *resource = make_resource("R");
  run_in(resource, inside, NULL);
  MUST(async_resource_emit_destroy(resource));
}
