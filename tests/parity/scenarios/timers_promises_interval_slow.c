#include "asyncscope/async_timers_promises.h"
#include "promise.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_interval_t *interval;

static void make(void *arg) {
  static char value[] = "value";
  (void)arg;
  MUST(async_interval_create(scenario_loop(), 1, value, &interval));
}

static void *on_value(async_promise_t *derived, void *value, void *text) {
  char line[64];
  (void)derived;
  snprintf(line, sizeof(line), "%s %s false", (const char *)text,
           (const char *)value);
  trace_store(line, storage);
  return NULL;
}

static async_promise_t *next(const char *text) {
  async_promise_t *promise;
  MUST(async_interval_next(interval, &promise));
  return promise_then(promise_keep(promise), on_value, text);
}

static void end(void *arg) {
  (void)arg;
  async_interval_destroy(interval);
  trace_store("ended", storage);
}

static void *on_waited(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  run_with(storage, "ends", end, NULL);
  return NULL;
}

static void wait_for_it(void *arg) {
  (void)arg;
  promise_then(next("waited for"), on_waited, NULL);
}

static void on_timeout(async_timeout_t *timeout) {
  (void)timeout;
  run_with(storage, "timeout", wait_for_it, NULL);
}

static void *on_first(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  set_timeout(on_timeout, 10);
  return NULL;
}

static async_promise_t *first;

static void ask_first(void *arg) {
  (void)arg;
  first = next("first");
}

SCENARIO(timers_promises_interval_slow) {
  storage = make_storage();
  run_with(storage, "maker", make, NULL);
  run_with(storage, "first", ask_first, NULL);
  promise_then(first, on_first, NULL);
}
