#include "random.h"
#include "scenario.h"

SCENARIO(random_toggled) {
  static const random_options_t options = {
      .first = 301,
      .last = 324,
      .toggle = true,
      .hooks = {TRACE_ALL & ~(unsigned)TRACE_DESTROY,
                TRACE_INIT | TRACE_BEFORE | TRACE_AFTER}};
  random_run(&options);
}
