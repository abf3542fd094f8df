#include "asyncscope/async_event_emitter.h"
#include "asyncscope/async_fail.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_event_emitter_t outer, inner, plain;

static void show(const char *text) {
  trace_where(text);
  trace_store(text, storage);
}

static void on_plain(void *arg, void *data) {
  (void)arg, (void)data;
  show("plain");
}

static void emit(async_event_emitter_t *emitter) {
  if (async_event_emitter_emit(emitter, "event", NULL) < 0)
    must(-1, "emit");
}

static void on_inner(void *arg, void *data) {
  (void)arg, (void)data;
  show("inner");
  emit(&plain);
  enter_with(storage, "entered");
}

static void on_inner_2(void *arg, void *data) {
  (void)arg, (void)data;
  show("inner 2");
  async_fail("inner failed");
}

static void never(void *arg, void *data) {
  (void)arg, (void)data;
  show("never");
}

static void on_outer(void *arg, void *data) {
  char message[ASYNC_FAILURE_BYTES];
  (void)arg, (void)data;
  emit(&inner);
  if (async_catch(message))
    trace_print("%s", message);
  show("outer");
  emit(&plain);
}

static void make_outer(void *arg) {
  (void)arg;
  MUST(async_event_emitter_init_async_resource(&outer, "OUTER", NULL));
}

static void make_inner(void *arg) {
  (void)arg;
  MUST(async_event_emitter_init_async_resource(&inner, "INNER", NULL));
}

static void finish(void *emitter) {
  async_event_emitter_finish(emitter);
}

static void add(async_event_emitter_t *emitter, async_event_listener_cb cb) {
  MUST(async_event_emitter_on(emitter, "event", cb, NULL));
}

static void emitter(void *arg) {
  (void)arg;
  emit(&outer);
  show("end");
}

SCENARIO(event_emitters_nested) {
  trace_start();
  storage = make_storage();
  run_with(storage, "outer", make_outer, NULL);
  run_with(storage, "inner", make_inner, NULL);
  MUST(async_event_emitter_init(&plain));
  scenario_at_end(finish, &plain);
  scenario_at_end(finish, &outer);
  scenario_at_end(finish, &inner);
  add(&plain, on_plain);
  add(&inner, on_inner);
  add(&inner, on_inner_2);
  add(&inner, never);
  add(&outer, on_outer);
  run_with(storage, "emitter", emitter, NULL);
}
