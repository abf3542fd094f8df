#include "asyncscope/async_event_emitter.h"
#include "scenario.h"

static async_event_emitter_t emitter;

static void emit(void) {
  if (async_event_emitter_emit(&emitter, "event", NULL) < 0)
    must(-1, "emit");
}

static void third(void *arg, void *data) {
  (void)arg, (void)data;
  trace_print("third");
}

static void added(void *arg, void *data) {
  (void)arg, (void)data;
  trace_print("new");
}

static void once(void *arg, void *data) {
  (void)arg, (void)data;
  trace_print("once");
  emit();
}

static void second(void *arg, void *data) {
  (void)arg, (void)data;
  trace_print("second");
  async_event_emitter_off(&emitter, "event", third, NULL);
  async_event_emitter_off(&emitter, "event", second, NULL);
  MUST(async_event_emitter_prepend(&emitter, "event", added, NULL));
}

static void finish(void *ended) {
  async_event_emitter_finish(ended);
}

SCENARIO(event_emitter_changes_in_listener) {
  MUST(async_event_emitter_init(&emitter));
  scenario_at_end(finish, &emitter);
  MUST(async_event_emitter_once(&emitter, "event", once, NULL));
  MUST(async_event_emitter_on(&emitter, "event", second, NULL));
  MUST(async_event_emitter_on(&emitter, "event", third, NULL));
  emit();
  trace_print("again");
  emit();
  trace_print("%zu", async_event_emitter_listener_count(&emitter, "event"));
}
