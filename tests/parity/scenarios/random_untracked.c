#include "random.h"
#include "scenario.h"

SCENARIO(random_untracked) {
  static const random_options_t options = {
      .first = 101, .last = 124, .toggle = false, .hooks = {0}};
  random_run(&options);
}
