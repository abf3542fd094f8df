#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;
static trace_hook_t hook;
static bool busy;
static const char *const words[] = {"init", "before", "after", "destroy"};

static void inside(void *word) {
  char text[32];
  snprintf(text, sizeof(text), "inside %s", (const char *)word);
  trace_store(text, storage);
}

static void in_run(void *word) {
  trace_store(word, storage);
  run_in(make_resource("INSIDE"), inside, word);
}

static int in_exit(void *word) {
  char text[32];
  snprintf(text, sizeof(text), "exit in %s", (const char *)word);
  trace_store(text, storage);
  return 0;
}

static void on_event(trace_hook_t *self, unsigned event, async_id_t async_id) {
  char store[32];
  size_t word = 0;
  (void)self, (void)async_id;
  if (busy)
    return;
  busy = true;
  while (event >> (word + 1) != 0)
    word++;
  snprintf(store, sizeof(store), "run in %s", words[word]);
  run_with(storage, store, in_run, (void *)(uintptr_t)words[word]);
  MUST(async_local_storage_exit(storage, in_exit,
                                (void *)(uintptr_t)words[word]));
  busy = false;
}

static void in_scope(void *arg) {
  (void)arg;
  trace_store("scope", storage);
}

static void around(void *arg) {
  (void)arg;
  run_in(make_resource("FIRST"), in_scope, NULL);
  trace_store("end", storage);
}

SCENARIO(als_run_in_hooks) {
  storage = make_storage();
  trace_hook_make(&hook, "", TRACE_ALL & ~(unsigned)TRACE_DESTROY);
  hook.on = on_event;
  trace_hook_enable(&hook);
  run_with(storage, "around", around, NULL);
}
