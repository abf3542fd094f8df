#include "random.h"
#include "scenario.h"

SCENARIO(random_blind) {
  static const random_options_t options = {
      .first = 601,
      .last = 612,
      .toggle = true,
      .hooks = {TRACE_ALL & ~(unsigned)TRACE_DESTROY,
                TRACE_INIT | TRACE_BEFORE | TRACE_AFTER},
      .blind = {false, true}};
  random_run(&options);
}
