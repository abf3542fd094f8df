#include "asyncscope/async_fail.h"
#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;

static void *on_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  trace_store("then", storage);
  return NULL;
}

static void *throws(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  async_fail("rejected");
  return NULL;
}

static void *on_catch(async_promise_t *derived, void *value, void *arg) {
  char text[64];
  (void)derived, (void)arg;
  snprintf(text, sizeof(text), "caught %s", (const char *)value);
  trace_store(text, storage);
  return NULL;
}

static void in_run(void *arg) {
  (void)arg;
  async_promise_t *then = promise_then(promise_resolved(NULL), on_then, NULL);
  promise_catch(promise_then(then, throws, NULL), on_catch, NULL);
}

SCENARIO(als_promises) {
  storage = make_storage();
  run_with(storage, "run", in_run, NULL);
  trace_store("outside", storage);
}
