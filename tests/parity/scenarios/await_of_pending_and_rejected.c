#include "promise.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_promise_t *main_function, *pending, *failing;

static void show(const char *text, const char *value) {
  char line[64];
  snprintf(line, sizeof(line), "%s%s%s", text, value == NULL ? "" : " ",
           value == NULL ? "" : value);
  trace_where(line);
  trace_store(line, storage);
}

static void *on_failed(async_promise_t *derived, void *reason, void *arg) {
  static char out[] = "out of main";
  (void)derived, (void)arg;
  show("caught", reason);
  MUST(async_promise_reject(main_function, out));
  return NULL;
}

static void *on_value(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)arg;
  show("awaited", value);
  enter_with(storage, "entered behind await");
  MUST(async_promise_then(failing, NULL, on_failed, NULL, NULL));
  return NULL;
}

static void *on_main(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)arg;
  show("main", reason);
  return NULL;
}

static void in_run(void *arg) {
  (void)arg;
  main_function = promise_make();
  show("begin", NULL);
  enter_with(storage, "entered in main");
  MUST(async_promise_then(pending, on_value, NULL, NULL, NULL));
  promise_catch(main_function, on_main, NULL);
  show("main called", NULL);
}

static void resolve(void *arg) {
  static char value[] = "value";
  (void)arg;
  MUST(async_promise_resolve(pending, value));
}

static void on_second(async_immediate_t *immediate) {
  static char reason[] = "reason";
  (void)immediate;
  MUST(async_promise_reject(failing, reason));
}

static void on_first(async_immediate_t *immediate) {
  (void)immediate;
  run_with(storage, "resolves", resolve, NULL);
  set_immediate(on_second);
}

SCENARIO(await_of_pending_and_rejected) {
  storage = make_storage();
  pending = promise_make();
  failing = promise_make();
  trace_start_promises();
  run_with(storage, "run", in_run, NULL);
  show("outside", NULL);
  set_immediate(on_first);
}
