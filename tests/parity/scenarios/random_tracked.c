#include "random.h"
#include "scenario.h"

SCENARIO(random_tracked) {
  static const random_options_t options = {
      .first = 1,
      .last = 12,
      .toggle = false,
      .hooks = {TRACE_ALL & ~(unsigned)TRACE_DESTROY, TRACE_DESTROY}};
  random_run(&options);
}
