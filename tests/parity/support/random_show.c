#include "random_show.h"
#include "asyncscope/async_fail.h"
#include "promise.h"
#include "random_program.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

async_local_storage_t *random_storages[2];
static async_local_storage_t *always;

static const char *or_undefined(const char *text) {
  return text == NULL ? "undefined" : text;
}

void random_show(const char *what) {
  const char *first = async_local_storage_get_store(random_storages[0]);
  const char *second = async_local_storage_get_store(random_storages[1]);
  trace_print("%s eid=#%" PRId64 " tid=#%" PRId64 " stores=%s,%s", what,
              async_hooks_execution_async_id(),
              random_now.held ? 0 : async_hooks_trigger_async_id(),
              or_undefined(first), or_undefined(second));
}

static void on_noop(async_immediate_t *immediate) {
  (void)immediate;
}

/* Node makes an immediate behind the handler, so that its loop turns. */
static void on_uncaught(const char *message, void *data) {
  char text[64];
  bool thrown = strncmp(message, "failure", 7) == 0 ||
                strncmp(message, "Chaining", 8) == 0;
  (void)data;
  snprintf(text, sizeof(text), "uncaught %s", thrown ? message : "rejection");
  random_show(text);
  set_immediate(on_noop);
}

static void on_unhandled(async_promise_t *promise, void *reason, void *data) {
  char text[64];
  (void)promise, (void)data;
  snprintf(text, sizeof(text), "unhandled %s", (const char *)reason);
  random_show(text);
}

void random_show_init(bool unasked) {
  always = make_storage();
  random_storages[0] = make_storage();
  random_storages[1] = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  if (!unasked)
    MUST(async_set_unhandled_rejection_handler(on_unhandled, NULL));
}

void random_show_begin(void) {
  enter_with(always, "always");
}
