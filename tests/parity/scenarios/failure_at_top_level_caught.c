#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <stdio.h>

static void fails(void *arg) {
  (void)arg;
  async_fail("out of run");
}

SCENARIO(failure_at_top_level_caught) {
  char message[ASYNC_FAILURE_BYTES], text[ASYNC_FAILURE_BYTES + 16];
  async_local_storage_t *storage = make_storage();
  run_with(storage, "failing", fails, NULL);
  if (async_catch(message)) {
    snprintf(text, sizeof(text), "caught %s", message);
    trace_store(text, storage);
  }
}
