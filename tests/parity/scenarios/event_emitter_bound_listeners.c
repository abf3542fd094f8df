#include "asyncscope/async_event_emitter.h"
#include "asyncscope/async_fail.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_event_emitter_t emitter;
static async_bound_t bound;

static void show(const char *text) {
  trace_where(text);
  trace_store(text, storage);
}

static void plain(void *arg, void *data) {
  (void)arg, (void)data;
  show("plain");
}

static int on_bound(void *arg) {
  (void)arg;
  show("bound");
  enter_with(storage, "entered when bound");
  return 0;
}

static void add_bound(void *arg) {
  (void)arg;
  MUST(async_bind(on_bound, NULL, &bound));
  MUST(async_event_emitter_once(&emitter, "event", async_bound_listener,
                                &bound));
}

static void behind(void *arg, void *data) {
  (void)arg, (void)data;
  show("behind the bound one");
  enter_with(storage, "entered in the listener");
}

static void on_uncaught(const char *message, void *data) {
  (void)message, (void)data;
  show("uncaught nobody listens");
}

static void emit_error(void *message) {
  async_event_emitter_emit(&emitter, "error", message);
}

static void in_run(void *arg) {
  static char message[] = "nobody listens";
  (void)arg;
  MUST(async_event_emitter_emit(&emitter, "event", NULL));
  show("behind emit");
  next_tick(emit_error, message);
}

static void finish(void *arg) {
  (void)arg;
  async_event_emitter_finish(&emitter);
  async_bound_finish(&bound);
}

SCENARIO(event_emitter_bound_listeners) {
  storage = make_storage();
  MUST(async_event_emitter_init(&emitter));
  scenario_at_end(finish, NULL);
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  MUST(async_event_emitter_on(&emitter, "event", plain, NULL));
  run_with(storage, "adds", add_bound, NULL);
  MUST(async_event_emitter_on(&emitter, "event", behind, NULL));
  run_with(storage, "emits", in_run, NULL);
}
