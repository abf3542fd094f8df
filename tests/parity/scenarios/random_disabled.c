#include "random.h"
#include "scenario.h"

SCENARIO(random_disabled) {
  static const random_options_t options = {
      .first = 401,
      .last = 412,
      .disable = true,
      .hooks = {TRACE_ALL & ~(unsigned)TRACE_DESTROY, TRACE_DESTROY}};
  random_run(&options);
}
