#include "asyncscope/async_fail.h"
#include "promise.h"
#include <stdio.h>

static async_local_storage_t *storage;

static void say(void *reason) {
  trace_print("tick of %s", (const char *)reason);
}

static void show(const char *what, const char *whose) {
  char text[64];
  snprintf(text, sizeof(text), "%s %s", what, whose);
  trace_store(text, storage);
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  show("uncaught", message);
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  (void)promise, (void)data;
  show("unhandled", reason);
  next_tick(say, reason);
  async_fail("by %s", (const char *)reason);
}

static void reject(void *reason) {
  promise_rejected(reason);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_store("immediate", storage);
}

SCENARIO(rejection_handler_fails) {
  static char first[] = "first", second[] = "second";
  storage = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
  run_with(storage, first, reject, first);
  run_with(storage, second, reject, second);
  set_immediate(on_immediate);
}
