#include "scenario.h"
#include <stdio.h>

static void recurse(int depth);

static void in_scope(void *arg) {
  int depth = *(const int *)arg;
  char text[32];
  snprintf(text, sizeof(text), "in %d", depth);
  if (depth % 100 == 0) {
    trace_where(text);
  }
  if (depth < 1000) {
    recurse(depth + 1);
  }
  snprintf(text, sizeof(text), "out %d", depth);
  if (depth % 100 == 0) {
    trace_where(text);
  }
}

static void recurse(int depth) {
  run_in(make_triggered("R", 2000 + depth), in_scope, &depth);
}

SCENARIO(deep_scopes_in_and_out) {
  recurse(1);
  trace_where("end");
}
