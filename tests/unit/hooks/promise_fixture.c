#include "promise_fixture.h"

#include <stdio.h>

async_promise_t *pending(void) {
  async_promise_t *promise = NULL;
  assert_int_equal(async_promise_create(&promise), 0);
  return promise;
}

async_promise_t *resolved(const char *value) {
  async_promise_t *promise = pending();
  async_promise_resolve(promise, (void *)value);
  return promise;
}

async_promise_t *rejected(const char *reason) {
  async_promise_t *promise = pending();
  async_promise_reject(promise, (void *)reason);
  return promise;
}

async_promise_t *then(async_promise_t *promise, async_promise_cb on_fulfilled,
                      async_promise_cb on_rejected, void *arg) {
  async_promise_t *derived = NULL;
  assert_int_equal(
      async_promise_then(promise, on_fulfilled, on_rejected, arg, &derived), 0);
  return derived;
}

static const char *text_of(const void *value) {
  return value == NULL ? "-" : value;
}

void *say_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived;
  trace_add(arg, "then(%s)", text_of(value));
  return (void *)"next";
}

void *say_catch(async_promise_t *derived, void *reason, void *arg) {
  (void)derived;
  trace_add(arg, "catch(%s)", text_of(reason));
  return (void *)"caught";
}

void *fail_broken(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value;
  trace_add(arg, "fail");
  async_fail("broken");
  return (void *)"not this";
}

void say_finally(async_promise_t *derived, void *arg) {
  (void)derived;
  trace_add(arg, "finally");
}

void run_microtasks(void) {
  async_env_flush();
}

const char *state_of(const async_promise_t *promise) {
  static char text[64];
  const char *result = text_of(async_promise_result(promise));
  switch (async_promise_state(promise)) {
  case ASYNC_PROMISE_FULFILLED:
    snprintf(text, sizeof(text), "fulfilled(%s)", result);
    return text;
  case ASYNC_PROMISE_REJECTED:
    snprintf(text, sizeof(text), "rejected(%s)", result);
    return text;
  case ASYNC_PROMISE_PENDING:
    return "pending";
  }
  return "?";
}
