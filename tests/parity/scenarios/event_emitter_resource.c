#include "asyncscope/async_event_emitter.h"
#include "scenario.h"
#include <inttypes.h>
#include <stdio.h>

static async_event_emitter_t foo;

static void first(void *arg, void *data) {
  char text[64];
  (void)data;
  snprintf(text, sizeof(text), "first listener %s", (const char *)arg);
  trace_where(text);
}

static void second(void *arg, void *data) {
  (void)arg, (void)data;
  trace_where("second listener");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  trace_print("immediate");
}

SCENARIO(event_emitter_resource) {
  static char given[] = "given";
  trace_start();
  MUST(async_event_emitter_init_async_resource(&foo, "Foo", NULL));
  MUST(async_event_emitter_on(&foo, "event", first, NULL));
  MUST(async_event_emitter_on(&foo, "event", second, NULL));
  MUST(async_event_emitter_emit(&foo, "event", given));
  const async_resource_t *resource = async_event_emitter_async_resource(&foo);
  trace_print("id #%" PRId64 " trigger #%" PRId64,
              async_resource_async_id(resource),
              async_resource_trigger_async_id(resource));
  async_event_emitter_finish(&foo);
  set_immediate(on_immediate);
}
