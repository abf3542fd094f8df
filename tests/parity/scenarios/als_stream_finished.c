#include "asyncscope/async_event_emitter.h"
#include "scenario.h"

/* A stream as far as its end goes: an emitter that tells it, from a tick of
 * whoever destroys it. */
static async_event_emitter_t stream;
static async_local_storage_t *storage;
static async_bound_t first, second;
static trace_hook_t hook;

static void finished(async_bound_t *bound, async_scope_cb fn) {
  MUST(async_bind(fn, "STREAM_END_OF_STREAM", bound));
  MUST(async_event_emitter_once(&stream, "close", async_bound_listener, bound));
}

static int on_finished(void *arg) {
  (void)arg;
  trace_where("finished");
  trace_store("finished", storage);
  return 0;
}

static int on_finished_too(void *arg) {
  (void)arg;
  trace_store("finished, too", storage);
  return 0;
}

static void asks(void *arg) {
  (void)arg;
  finished(&first, on_finished);
}

static void asks_too(void *arg) {
  (void)arg;
  finished(&second, on_finished_too);
}

static void on_close(void *arg, void *data) {
  (void)arg, (void)data;
  trace_store("close", storage);
}

static void emit_close(void *arg) {
  (void)arg;
  MUST(async_event_emitter_emit(&stream, "close", NULL));
}

static void destroys(void *arg) {
  (void)arg;
  next_tick(emit_close, NULL);
}

static void finish(void *arg) {
  (void)arg;
  async_event_emitter_finish(&stream);
  async_bound_finish(&first);
  async_bound_finish(&second);
}

SCENARIO(als_stream_finished) {
  storage = make_storage();
  MUST(async_event_emitter_init(&stream));
  scenario_at_end(finish, NULL);
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  hook.only = " STREAM_END_OF_STREAM ";
  trace_hook_enable(&hook);
  run_with(storage, "321", asks, NULL);
  run_with(storage, "654", asks_too, NULL);
  MUST(async_event_emitter_once(&stream, "close", on_close, NULL));
  run_with(storage, "of destroy", destroys, NULL);
  trace_store("outside", storage);
}
