#include "scenario.h"

static void nothing(async_immediate_t *immediate) {
  (void)immediate;
}

static void last(async_immediate_t *immediate) {
  (void)immediate;
  show_active("in its callback");
}

static void silent(void *arg) {
  (void)arg;
}

SCENARIO(active_immediates) {
  for (int i = 0; i < 3; i++) {
    set_immediate(nothing);
  }
  show_active("three");
  async_immediate_t *fourth = set_immediate(last);
  async_immediate_unref(fourth);
  show_active("the fourth unref");
  async_immediate_ref(fourth);
  next_tick(silent, NULL);
  queue_microtask(silent, NULL);
  show_active("the fourth ref, a tick and a microtask");
}
