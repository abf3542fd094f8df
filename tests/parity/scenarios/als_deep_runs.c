#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;

static void recurse(void *arg) {
  int depth = *(const int *)arg, deeper = depth + 1;
  char text[32];
  snprintf(text, sizeof(text), "at %d", depth);
  if (depth % 100 == 0) {
    trace_store(text, storage);
  }
  if (depth < 1000) {
    run_with(storage, depth % 2 == 0 ? "even" : "odd", recurse, &deeper);
  }
  snprintf(text, sizeof(text), "back at %d", depth);
  if (depth % 100 == 0) {
    trace_store(text, storage);
  }
}

SCENARIO(als_deep_runs) {
  int depth = 0;
  storage = make_storage();
  recurse(&depth);
}
