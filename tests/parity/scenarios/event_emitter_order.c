#include "asyncscope/async_event_emitter.h"
#include "scenario.h"

static async_event_emitter_t emitter;

static void say(void *arg, void *data) {
  (void)arg;
  trace_print("%s", (const char *)data);
}

static void adds(void *arg, void *data) {
  static char added[] = "added while emitting";
  (void)arg, (void)data;
  MUST(async_event_emitter_on(&emitter, "event", say, added));
}

static const char *emit(void) {
  return async_event_emitter_emit(&emitter, "event", NULL) == 1 ? "true"
                                                                : "false";
}

static void count(void) {
  trace_print("listeners %zu",
              async_event_emitter_listener_count(&emitter, "event"));
}

static void finish(void *arg) {
  async_event_emitter_finish(arg);
}

SCENARIO(event_emitter_order) {
  static char first[] = "first", second[] = "second", once[] = "once";
  static char removed[] = "removed";
  MUST(async_event_emitter_init(&emitter));
  scenario_at_end(finish, &emitter);
  trace_print("nobody listens %s", emit());
  MUST(async_event_emitter_on(&emitter, "event", say, second));
  MUST(async_event_emitter_prepend(&emitter, "event", say, first));
  MUST(async_event_emitter_once(&emitter, "event", say, once));
  MUST(async_event_emitter_on(&emitter, "event", say, removed));
  async_event_emitter_off(&emitter, "event", say, removed);
  MUST(async_event_emitter_on(&emitter, "event", adds, NULL));
  count();
  trace_print("heard %s", emit());
  count();
  emit();
}
