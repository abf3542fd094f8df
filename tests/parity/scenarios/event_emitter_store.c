#include "asyncscope/async_event_emitter.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_event_emitter_t emitter;
static async_bound_t bound;

static void plain(void *arg, void *data) {
  (void)arg, (void)data;
  trace_store("plain", storage);
}

static int bound_listener(void *arg) {
  (void)arg;
  trace_store("bound", storage);
  return 0;
}

static void listens(void *arg) {
  (void)arg;
  MUST(async_event_emitter_on(&emitter, "event", plain, NULL));
  MUST(async_bind(bound_listener, NULL, &bound));
  MUST(async_event_emitter_on(&emitter, "event", async_bound_listener, &bound));
}

static void emits(void *arg) {
  (void)arg;
  MUST(async_event_emitter_emit(&emitter, "event", NULL));
}

static void finish(void *arg) {
  (void)arg;
  async_event_emitter_finish(&emitter);
  async_bound_finish(&bound);
}

SCENARIO(event_emitter_store) {
  storage = make_storage();
  MUST(async_event_emitter_init(&emitter));
  scenario_at_end(finish, NULL);
  run_with(storage, "of the listener", listens, NULL);
  run_with(storage, "of the emitter", emits, NULL);
}
