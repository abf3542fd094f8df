#include "random.h"
#include "scenario.h"

SCENARIO(random_unasked) {
  static const random_options_t options = {
      .first = 501,
      .last = 512,
      .unasked = true,
      .hooks = {TRACE_ALL & ~(unsigned)TRACE_DESTROY, TRACE_DESTROY}};
  random_run(&options);
}
