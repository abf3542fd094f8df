#include "scenario.h"

/* Node has to be told not to check; here each call says no, and a scope that
 * was not entered is not left. */
SCENARIO(calls_without_an_id) {
  async_resource_t none = {.data = NULL};
  bool refused = async_resource_init(&none, NULL, NULL) != 0;
  refused = async_resource_enter(&none) != 0 && refused;
  refused = async_resource_emit_destroy(&none) != 0 && refused;
  async_resource_finish(&none);
  if (refused) {
    trace_print("still here");
  }
}
