#include "promise.h"
#include <stdio.h>

enum { FIRST, SECOND, THIRD, ALONE, COUNT };

static async_local_storage_t *storage;
static async_promise_t *promises[COUNT];

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  char text[64];
  (void)promise, (void)data;
  snprintf(text, sizeof(text), "unhandled %s", (const char *)reason);
  trace_where(text);
  trace_store("unhandled", storage);
}

static void adopt_first(void *arg) {
  (void)arg;
  MUST(async_promise_resolve_with(promises[SECOND], promises[FIRST]));
}

static void adopt_second(void *adopting) {
  MUST(async_promise_resolve_with(adopting, promises[SECOND]));
}

static void *on_caught(async_promise_t *derived, void *reason, void *arg) {
  char text[64];
  (void)derived, (void)arg;
  snprintf(text, sizeof(text), "caught %s", (const char *)reason);
  trace_store(text, storage);
  return NULL;
}

static void ask(void *arg) {
  (void)arg;
  promise_catch(promises[THIRD], on_caught, NULL);
}

static void reject(void *arg) {
  static char reason[] = "reason";
  (void)arg;
  MUST(async_promise_reject(promises[FIRST], reason));
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  run_with(storage, "rejects", reject, NULL);
}

SCENARIO(promise_adoptions_in_a_row) {
  storage = make_storage();
  trace_start_promises();
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  for (int i = 0; i < COUNT; i++)
    promises[i] = promise_make();
  run_with(storage, "adopts first", adopt_first, NULL);
  run_with(storage, "adopts second", adopt_second, promises[THIRD]);
  run_with(storage, "asks", ask, NULL);
  adopt_second(promises[ALONE]);
  set_immediate(on_immediate);
}
