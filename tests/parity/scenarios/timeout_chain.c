#include "scenario.h"

static void third(async_timeout_t *timer) {
  (void)timer;
  trace_where("third");
}

static void second(async_timeout_t *timer) {
  (void)timer;
  set_timeout(third, 20);
}

static void first(async_timeout_t *timer) {
  (void)timer;
  set_timeout(second, 20);
}

SCENARIO(timeout_chain) {
  trace_start();
  set_timeout(first, 20);
}
