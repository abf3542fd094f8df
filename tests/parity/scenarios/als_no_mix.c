#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *first, *second;

static void both(const char *where) {
  char text[64];
  snprintf(text, sizeof(text), "first in %s", where);
  trace_store(text, first);
  snprintf(text, sizeof(text), "second in %s", where);
  trace_store(text, second);
}

static int in_exit(void *arg) {
  (void)arg;
  both("exit");
  return 0;
}

static void in_timer(async_timeout_t *timer) {
  (void)timer;
  both("timer");
}

static void in_second(void *arg) {
  (void)arg;
  both("both");
  MUST(async_local_storage_exit(first, in_exit, NULL));
  set_timeout(in_timer, 1);
}

static void in_first(void *arg) {
  (void)arg;
  run_with(second, "s", in_second, NULL);
}

static void in_other(void *arg) {
  (void)arg;
  both("other");
}

static void first_tree(async_timeout_t *timer) {
  (void)timer;
  run_with(first, "f", in_first, NULL);
}

static void second_tree(async_timeout_t *timer) {
  (void)timer;
  run_with(first, "other", in_other, NULL);
}

SCENARIO(als_no_mix) {
  first = make_storage();
  second = make_storage();
  set_timeout(first_tree, 1);
  set_timeout(second_tree, 300);
}
