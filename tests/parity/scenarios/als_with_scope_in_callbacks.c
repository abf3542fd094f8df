#include "asyncscope/async_local_storage_scope.h"
#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage, *other;

static void show(void *arg) {
  char text[48];
  snprintf(text, sizeof(text), "%s: storage", (const char *)arg);
  trace_store(text, storage);
  snprintf(text, sizeof(text), "%s: other", (const char *)arg);
  trace_store(text, other);
}

static int in_exit(void *text) {
  show(text);
  return 0;
}

static void on_immediate(async_immediate_t *immediate) {
  show(immediate->resource.data);
}

static void on_first(async_immediate_t *immediate) {
  static char texts[][16] = {"tick",         "immediate",     "inside",
                             "run in scope", "exit in scope", "disposed"};
  async_local_storage_scope_t scope = {.storage = NULL};
  (void)immediate;
  MUST(async_local_storage_with_scope(storage, (void *)(uintptr_t) "scope",
                                      &scope));
  enter_with(other, "entered");
  next_tick(show, texts[0]);
  set_immediate(on_immediate)->resource.data = texts[1];
  show(texts[2]);
  run_with(storage, "run in scope", show, texts[3]);
  MUST(async_local_storage_exit(storage, in_exit, texts[4]));
  MUST(async_local_storage_scope_dispose(&scope));
  MUST(async_local_storage_scope_dispose(&scope));
  show(texts[5]);
}

static void in_run(void *arg) {
  (void)arg;
  set_immediate(on_first);
}

SCENARIO(als_with_scope_in_callbacks) {
  static char next[] = "next";
  storage = make_storage();
  other = make_storage();
  run_with(storage, "run", in_run, NULL);
  set_immediate(on_immediate)->resource.data = next;
}
