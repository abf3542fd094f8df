#include "random.h"
#include "scenario.h"

SCENARIO(random_toggled_inside) {
  static const random_options_t options = {
      .first = 701,
      .last = 712,
      .toggle = true,
      .inside = true,
      .hooks = {TRACE_INIT | TRACE_BEFORE | TRACE_AFTER | TRACE_DESTROY,
                TRACE_INIT | TRACE_BEFORE | TRACE_AFTER | TRACE_DESTROY},
      .blind = {true, true}};
  random_run(&options);
}
