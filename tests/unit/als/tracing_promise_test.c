/* An operation that is a promise: what is published when, in which stores, and
 * what becomes of the promise that is answered. */
#include "als_fixture.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel.h"
#include "failing_allocator.h"

#include <stdio.h>
#include <string.h>

static async_tracing_channel_t tracing;
static async_trace_t trace;
static async_promise_t *made; /* what fn answers */
static fixture_t *now;

static void add(const char *text) {
  int wrote = snprintf(now->text + now->length, sizeof(now->text) - now->length,
                       "%s%s", now->length == 0 ? "" : " ", text);
  now->length += (size_t)wrote;
}

static int setup(void **state) {
  made = NULL;
  trace = (async_trace_t){.data = NULL};
  if (failing_allocator_install() != 0 || fixture_setup(state) != 0)
    return -1;
  now = *state;
  return async_tracing_channel_init(&tracing, "op");
}

static int teardown(void **state) {
  async_tracing_channel_finish(&tracing);
  return fixture_teardown(state);
}

/* Named so that the build finds the function in it. */
#define cmocka_unit_test_tracing(test) \
  cmocka_unit_test_setup_teardown(test, setup, teardown)

static void say(void *message, const char *name, void *data) {
  (void)message, (void)data;
  see(now, strrchr(name, ':') + 1);
}

static void *store_of(void *message, void *data) {
  (void)message;
  return data;
}

static void listen_to(async_diagnostics_channel_t *channel, char *store) {
  assert_int_equal(async_diagnostics_channel_subscribe(channel, say, NULL), 0);
  if (store != NULL)
    assert_int_equal(async_diagnostics_channel_bind_store(channel, &now->als,
                                                          store_of, store),
                     0);
}

static void listen_to_all(void) {
  static char of_start[] = "S", of_async_start[] = "A";
  listen_to(&tracing.start, of_start);
  listen_to(&tracing.end, NULL);
  listen_to(&tracing.async_start, of_async_start);
  listen_to(&tracing.async_end, NULL);
  listen_to(&tracing.error, NULL);
}

static int answer_made(async_trace_t *traced, void *arg,
                       async_promise_t **ret_promise) {
  (void)traced, (void)arg;
  see(now, "fn");
  *ret_promise = async_promise_retain(made);
  return 0;
}

static void make(void) {
  assert_int_equal(async_promise_create(&made), 0);
}

static async_promise_t *start(void) {
  async_promise_t *promise = NULL;
  assert_int_equal(async_tracing_channel_trace_promise(
                       &tracing, &trace, answer_made, NULL, &promise),
                   0);
  see(now, "out");
  return promise;
}

static void *say_then(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)arg;
  add(value);
  see(now, "then");
  return NULL;
}

static void *ignore(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)reason, (void)arg;
  return NULL;
}

static void watch(async_promise_t *promise) {
  assert_int_equal(async_promise_then(promise, say_then, say_then, NULL, NULL),
                   0);
}

static void finish(async_promise_t *promise) {
  async_promise_release(promise);
  async_promise_release(made);
}

static void its_events_come_before_its_callbacks(void **state) {
  (void)state;
  listen_to_all();
  make();
  async_promise_t *promise = start();
  watch(promise);
  async_promise_resolve(made, (void *)"value");
  run_loop(now);
  assert_string_equal(now->text,
                      "start:S fn:S end:S out:- asyncStart:A asyncEnd:A value "
                      "then:-");
  assert_string_equal(trace.result, "value");
  assert_int_equal(trace.error, 0);
  finish(promise);
}

static void a_rejection_is_an_error_first(void **state) {
  (void)state;
  listen_to_all();
  make();
  async_promise_t *promise = start();
  watch(promise);
  async_promise_reject(made, (void *)"reason");
  run_loop(now);
  assert_string_equal(now->text,
                      "start:S fn:S end:S out:- error:S asyncStart:A "
                      "asyncEnd:A reason then:-");
  assert_string_equal(trace.reason, "reason");
  assert_int_equal(trace.error, 0);
  finish(promise);
}

static void a_status_is_the_error(void **state) {
  (void)state;
  listen_to(&tracing.error, NULL);
  make();
  async_promise_t *promise = start();
  assert_int_equal(async_promise_then(promise, NULL, ignore, NULL, NULL), 0);
  async_promise_reject(made, (void *)(intptr_t)UV_ENOENT);
  run_loop(now);
  assert_int_equal(trace.error, UV_ENOENT);
  assert_int_equal(async_promise_reason_status(async_promise_result(promise)),
                   UV_ENOENT);
  finish(promise);
}

/* The reason is the failed callback's, and lives as long as who has it. */
static void *fail_broken(async_promise_t *derived, void *value, void *arg) {
  (void)derived, (void)value, (void)arg;
  async_fail("broken");
  return NULL;
}

static void a_failures_message_is_passed_on(void **state) {
  (void)state;
  async_promise_t *source = NULL;
  listen_to_all();
  assert_int_equal(async_promise_create(&source), 0);
  assert_int_equal(async_promise_then(source, fail_broken, NULL, NULL, &made),
                   0);
  async_promise_t *promise = start();
  assert_int_equal(async_promise_then(promise, NULL, ignore, NULL, NULL), 0);
  async_promise_release(made);
  async_promise_resolve(source, NULL);
  async_promise_release(source);
  run_loop(now);
  assert_string_equal(async_promise_result(promise), "broken");
  async_promise_release(promise);
}

static void nobody_listens_and_it_is_the_promise_itself(void **state) {
  (void)state;
  make();
  async_promise_t *promise = start();
  assert_ptr_equal(promise, made);
  assert_string_equal(now->text, "fn:- out:-");
  finish(promise);
}

static void without_a_promise_there_is_no_more_to_come(void **state) {
  (void)state;
  listen_to_all();
  assert_null(start());
  run_loop(now);
  assert_string_equal(now->text, "start:S fn:S end:S out:-");
}

static int answer_an_error(async_trace_t *traced, void *arg,
                           async_promise_t **ret_promise) {
  (void)traced, (void)arg, (void)ret_promise;
  return UV_ENOENT;
}

static void what_could_not_start_is_an_error(void **state) {
  (void)state;
  async_promise_t *promise = NULL;
  listen_to_all();
  assert_int_equal(async_tracing_channel_trace_promise(
                       &tracing, &trace, answer_an_error, NULL, &promise),
                   UV_ENOENT);
  assert_null(promise);
  assert_int_equal(trace.error, UV_ENOENT);
  assert_string_equal(now->text, "start:S error:S end:S");
}

static int fail_with_a_promise(async_trace_t *traced, void *arg,
                               async_promise_t **ret_promise) {
  (void)traced, (void)arg;
  *ret_promise = async_promise_retain(made);
  async_fail("thrown");
  return 0;
}

static void trace_failing(void *arg) {
  async_promise_t **ret_promise = arg;
  (void)async_tracing_channel_trace_promise(
      &tracing, &trace, fail_with_a_promise, NULL, ret_promise);
  add(async_failure());
  (void)async_catch(NULL);
}

static void a_failing_call_has_no_promise(void **state) {
  (void)state;
  async_promise_t *promise = NULL;
  listen_to_all();
  make();
  assert_int_equal(async_next_tick(trace_failing, &promise), 0);
  run_loop(now);
  assert_null(promise);
  assert_string_equal(now->text, "start:S error:S end:S thrown");
  async_promise_release(made);
}

static void fail_and_trace(void *arg) {
  async_promise_t **ret_promise = arg;
  async_fail("before");
  (void)async_tracing_channel_trace_promise(&tracing, &trace, answer_made, NULL,
                                            ret_promise);
  (void)async_catch(NULL);
}

static void a_failure_on_its_way_takes_no_promise(void **state) {
  (void)state;
  async_promise_t *promise = NULL;
  make();
  listen_to_all();
  assert_int_equal(async_next_tick(fail_and_trace, &promise), 0);
  run_loop(now);
  assert_non_null(promise);
  async_promise_resolve(made, NULL);
  async_promise_release(made);
  async_promise_release(promise);
  run_loop(now);
}

/* One use; the first error ends it. */
static int use(void) {
  async_promise_t *promise = NULL;
  int error = async_promise_create(&made);
  if (error != 0)
    return error;
  error = async_tracing_channel_trace_promise(&tracing, &trace, answer_made,
                                              NULL, &promise);
  async_promise_resolve(made, NULL);
  async_promise_release(made);
  async_promise_release(promise);
  return error;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  int nth = 0, error;
  listen_to_all();
  do {
    now->length = 0;
    failing_allocator_fail_at(++nth);
    error = use();
    assert_int_equal(error, failing_allocator_failed() ? UV_ENOMEM : 0);
    failing_allocator_fail_at(0);
    run_loop(now);
  } while (error != 0);
  assert_true(nth > 3);
  assert_string_equal(now->text, "start:S fn:S end:S asyncStart:A asyncEnd:A");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_tracing(its_events_come_before_its_callbacks),
      cmocka_unit_test_tracing(a_rejection_is_an_error_first),
      cmocka_unit_test_tracing(a_status_is_the_error),
      cmocka_unit_test_tracing(a_failures_message_is_passed_on),
      cmocka_unit_test_tracing(nobody_listens_and_it_is_the_promise_itself),
      cmocka_unit_test_tracing(without_a_promise_there_is_no_more_to_come),
      cmocka_unit_test_tracing(what_could_not_start_is_an_error),
      cmocka_unit_test_tracing(a_failing_call_has_no_promise),
      cmocka_unit_test_tracing(a_failure_on_its_way_takes_no_promise),
      cmocka_unit_test_tracing(every_allocation_may_fail),
  };
  return test_main(tests, argc, argv);
}
