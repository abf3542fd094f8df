#include "random.h"
#include "scenario.h"

SCENARIO(random_without_resolve) {
  static const random_options_t options = {
      .first = 201,
      .last = 212,
      .toggle = false,
      .hooks = {TRACE_INIT | TRACE_BEFORE | TRACE_AFTER}};
  random_run(&options);
}
