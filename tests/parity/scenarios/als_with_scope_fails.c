#include "asyncscope/async_fail.h"
#include "asyncscope/async_local_storage_scope.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;

static void block(void) {
  static char store[] = "of the block";
  ASYNC_LOCAL_STORAGE_SCOPE(scope);
  MUST(async_local_storage_with_scope(storage, store, &scope));
  trace_store("inside", storage);
  async_fail("out of the block");
}

static void on_immediate(async_immediate_t *immediate) {
  char message[ASYNC_FAILURE_BYTES], text[ASYNC_FAILURE_BYTES + 16];
  (void)immediate;
  block();
  if (async_catch(message)) {
    snprintf(text, sizeof(text), "caught %s", message);
    trace_store(text, storage);
  }
}

SCENARIO(als_with_scope_fails) {
  storage = make_storage();
  set_immediate(on_immediate);
}
