#include "promise.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;

static const char *text_of(const char *format, const char *name) {
  char *text = scenario_alloc(64);
  snprintf(text, 64, "%s %s", format, name);
  return text;
}

static void say(void *text) {
  trace_store(text, storage);
}

static void enter(void *name) {
  trace_store(name, storage);
  enter_with(storage, text_of("entered in", name));
  next_tick(say, (void *)(uintptr_t)text_of("tick of", name));
  queue_microtask(say, (void *)(uintptr_t)text_of("microtask of", name));
}

static void on_immediate(async_immediate_t *immediate) {
  enter(immediate->resource.data);
}

static void *on_then(async_promise_t *derived, void *value, void *name) {
  (void)derived, (void)value;
  enter(name);
  return NULL;
}

SCENARIO(als_enter_with_in_queues) {
  static char numbers[][2] = {"1", "2"};
  storage = make_storage();
  for (size_t i = 0; i < 2; i++) {
    next_tick(enter, (void *)(uintptr_t)text_of("tick", numbers[i]));
    queue_microtask(enter, (void *)(uintptr_t)text_of("microtask", numbers[i]));
    set_immediate(on_immediate)->resource.data =
        (void *)(uintptr_t)text_of("immediate", numbers[i]);
    promise_then(promise_resolved(NULL), on_then, text_of("then", numbers[i]));
  }
}
