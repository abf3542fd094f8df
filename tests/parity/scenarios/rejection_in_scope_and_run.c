#include "promise.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_promise_t *promise;

static void show(const char *text, const char *value) {
  char line[64];
  snprintf(line, sizeof(line), "%s%s%s", text, value == NULL ? "" : " ",
           value == NULL ? "" : value);
  trace_where(line);
  trace_store(line, storage);
}

static void on_tick(void *reason) {
  show("tick of", reason);
}

static void *on_then(async_promise_t *derived, void *value, void *reason) {
  (void)derived, (void)value;
  show("then of", reason);
  return NULL;
}

static void on_unhandled(async_promise_t *rejected, void *reason, void *data) {
  (void)rejected, (void)data;
  show("unhandled", reason);
  enter_with(storage, "entered in the handler");
  next_tick(on_tick, reason);
  promise_then(promise_resolved(NULL), on_then, reason);
}

static void reject(void *reason) {
  MUST(async_promise_reject(promise, reason));
}

static void reject_in_scope(void *reason) {
  run_in(make_resource("INSIDE"), reject, reason);
}

static void reject_one(void *reason) {
  promise_rejected(reason);
}

static void *on_late(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)arg;
  show("late", reason);
  return NULL;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  promise_catch(promise, on_late, NULL);
  show("asked", NULL);
}

SCENARIO(rejection_in_scope_and_run) {
  static char first[] = "first", second[] = "second";
  storage = make_storage();
  trace_start_promises();
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  promise = promise_make();
  run_with(storage, "run", reject_in_scope, first);
  run_with(storage, "run", reject_one, second);
  show("rejected", NULL);
  set_immediate(on_immediate);
}
