#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;

static void fails(void *arg) {
  (void)arg;
  async_fail("out of run");
}

static void on_immediate(async_immediate_t *immediate) {
  char message[ASYNC_FAILURE_BYTES], text[ASYNC_FAILURE_BYTES + 16];
  (void)immediate;
  run_with(storage, "failing", fails, NULL);
  if (async_catch(message)) {
    snprintf(text, sizeof(text), "caught %s", message);
    trace_store(text, storage);
  }
}

SCENARIO(als_run_fails) {
  storage = make_storage();
  set_immediate(on_immediate);
}
