#include "asyncscope/async_fail.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_resource_t *resource, *other;
static async_bound_t bound;

static void show(const char *text) {
  trace_where(text);
  trace_store(text, storage);
}

static int on_bound(void *arg) {
  (void)arg;
  show("bound");
  async_fail("failed");
  return 0;
}

static void show_failure(const char *how, const char *message) {
  char text[64];
  snprintf(text, sizeof(text), "%s %s", how, message);
  show(text);
}

static void on_uncaught(const char *message, void *data) {
  (void)data;
  show_failure("uncaught", message);
}

static void in_other(void *arg) {
  char message[ASYNC_FAILURE_BYTES];
  (void)arg;
  show("other");
  MUST(async_resource_emit_destroy(resource));
  MUST(async_bound_call(&bound, NULL));
  if (async_catch(message))
    show_failure("caught", message);
}

static void in_inner(void *arg) {
  (void)arg;
  show("inner");
  run_in(other, in_other, NULL);
}

static void in_outer(void *arg) {
  (void)arg;
  show("outer");
  enter_with(storage, "entered in outer");
  run_in(resource, in_inner, NULL);
  show("outer again");
}

static void make(void *arg) {
  (void)arg;
  resource = make_resource("R");
}

static void call_bound(async_immediate_t *immediate) {
  (void)immediate;
  MUST(async_bound_call(&bound, NULL));
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  show("immediate");
}

SCENARIO(resource_scope_in_itself) {
  storage = make_storage();
  trace_start_without(" Immediate ");
  run_with(storage, "maker", make, NULL);
  other = make_resource("OTHER");
  MUST(async_resource_bind(resource, on_bound, &bound));
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  run_in(resource, in_outer, NULL);
  set_immediate(call_bound);
  set_immediate(on_immediate);
}
