#include "random.h"
#include "scenario.h"

SCENARIO(random_settled_by_hand) {
  static const random_options_t options = {
      .first = 1,
      .last = 12,
      .held = true,
      .hooks = {TRACE_BEFORE | TRACE_AFTER | TRACE_RESOLVE}};
  random_run(&options);
}
