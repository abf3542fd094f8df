/* Five channels around one operation. */
#include "als_fixture.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/diagnostics_channel.h"
#include "failing_allocator.h"

#include <stdio.h>
#include <string.h>

static async_tracing_channel_t tracing;
static fixture_t *now;

static void add(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void add(const char *format, ...) {
  size_t room = sizeof(now->text) - now->length;
  va_list args;
  if (now->length > 0 && room > 1)
    now->text[now->length++] = ' ';
  va_start(args, format);
  int wrote = vsnprintf(now->text + now->length,
                        sizeof(now->text) - now->length, format, args);
  va_end(args);
  now->length += (size_t)wrote < room ? (size_t)wrote : 0;
}

static int setup(void **state) {
  if (failing_allocator_install() != 0 || fixture_setup(state) != 0)
    return -1;
  now = *state;
  return async_tracing_channel_init(&tracing, "op");
}

static int teardown(void **state) {
  async_tracing_channel_finish(&tracing);
  return fixture_teardown(state);
}

#define cmocka_unit_test_tracing(test) \
  cmocka_unit_test_setup_teardown(test, setup, teardown)

/* "start", or "error(-2 message)", or "asyncEnd(0 result)". */
static void say(void *message, const char *name, void *data) {
  const async_trace_t *trace = message;
  const char *event = strrchr(name, ':') + 1;
  const char *text = trace->failure != NULL ? trace->failure : trace->result;
  (void)data;
  if (trace->error == 0 && text == NULL)
    add("%s", event);
  else
    add("%s(%d %s)", event, trace->error, text == NULL ? "-" : text);
}

static void subscribe_to_all(void) {
  async_diagnostics_channel_t *channels[] = {
      &tracing.start, &tracing.end, &tracing.async_start, &tracing.async_end,
      &tracing.error};
  for (size_t i = 0; i < 5; i++)
    assert_int_equal(
        async_diagnostics_channel_subscribe(channels[i], say, NULL), 0);
}

static int do_it(async_trace_t *trace, void *arg) {
  (void)trace;
  add("fn:%s", (const char *)arg);
  return 7;
}

static void test_names(void **state) {
  (void)state;
  assert_string_equal(async_diagnostics_channel_name(&tracing.start),
                      "tracing:op:start");
  assert_string_equal(async_diagnostics_channel_name(&tracing.end),
                      "tracing:op:end");
  assert_string_equal(async_diagnostics_channel_name(&tracing.async_start),
                      "tracing:op:asyncStart");
  assert_string_equal(async_diagnostics_channel_name(&tracing.async_end),
                      "tracing:op:asyncEnd");
  assert_string_equal(async_diagnostics_channel_name(&tracing.error),
                      "tracing:op:error");
}

static void test_sync_call(void **state) {
  (void)state;
  async_trace_t trace = {.data = NULL};
  subscribe_to_all();
  assert_int_equal(
      async_tracing_channel_trace_sync(&tracing, &trace, do_it, (void *)"arg"),
      7);
  assert_string_equal(now->text, "start fn:arg end");
}

static int answer_an_error(async_trace_t *trace, void *arg) {
  (void)trace, (void)arg;
  return UV_ENOENT;
}

static void test_sync_call_with_an_error(void **state) {
  (void)state;
  async_trace_t trace = {.data = NULL};
  subscribe_to_all();
  assert_int_equal(
      async_tracing_channel_trace_sync(&tracing, &trace, answer_an_error, NULL),
      UV_ENOENT);
  assert_string_equal(now->text, "start error(-2 -) end(-2 -)");
}

static int fail_with(async_trace_t *trace, void *arg) {
  (void)trace;
  async_fail("%s", (const char *)arg);
  return 0;
}

static void trace_failing(void *arg) {
  async_trace_t trace = {.data = NULL};
  (void)async_tracing_channel_trace_sync(&tracing, &trace, fail_with, arg);
  add("failure:%s", async_failure());
  (void)async_catch(NULL);
}

static void test_failure_is_published_and_goes_on(void **state) {
  (void)state;
  subscribe_to_all();
  assert_int_equal(async_next_tick(trace_failing, (void *)"broken"), 0);
  run_loop(now);
  assert_string_equal(now->text, "start error(0 broken) end failure:broken");
}

static void fail_and_trace(void *arg) {
  async_trace_t trace = {.data = NULL};
  async_fail("before");
  (void)async_tracing_channel_trace_sync(&tracing, &trace, do_it, arg);
  add("failure:%s", async_failure());
  (void)async_catch(NULL);
}

static void test_failure_on_its_way_is_not_the_functions(void **state) {
  (void)state;
  subscribe_to_all();
  assert_int_equal(async_next_tick(fail_and_trace, (void *)"arg"), 0);
  run_loop(now);
  assert_string_equal(now->text, "start fn:arg end failure:before");
}

static int start_it(async_trace_t *trace, void *arg) {
  (void)arg;
  add("fn");
  see(now, "als");
  trace->data = now;
  return 0;
}

static void on_done(async_trace_t *trace, void *arg) {
  add("callback:%s(%d %s)", (const char *)arg, trace->error,
      trace->result == NULL ? "-" : (const char *)trace->result);
  see(now, "als");
}

static int trace_callback(async_trace_t *trace, async_trace_fn fn) {
  return async_tracing_channel_trace_callback(&tracing, trace, fn, on_done,
                                              (void *)"arg");
}

static void test_callback_with_a_result(void **state) {
  (void)state;
  async_trace_t trace = {.data = NULL};
  subscribe_to_all();
  assert_int_equal(trace_callback(&trace, start_it), 0);
  add("|");
  assert_int_equal(async_trace_complete(&trace, 0, (void *)"r"), 0);
  assert_string_equal(now->text, "start fn als:- end | asyncStart(0 r) "
                                 "callback:arg(0 r) als:- asyncEnd(0 r)");
}

static void test_count_is_no_error(void **state) {
  (void)state;
  async_trace_t trace = {.data = NULL};
  subscribe_to_all();
  assert_int_equal(trace_callback(&trace, start_it), 0);
  add("|");
  assert_int_equal(async_trace_complete(&trace, 3, (void *)"r"), 0);
  assert_string_equal(now->text, "start fn als:- end | asyncStart(0 r) "
                                 "callback:arg(0 r) als:- asyncEnd(0 r)");
}

static void test_callback_with_an_error(void **state) {
  (void)state;
  async_trace_t trace = {.data = NULL};
  subscribe_to_all();
  assert_int_equal(trace_callback(&trace, start_it), 0);
  add("|");
  assert_int_equal(async_trace_complete(&trace, UV_ENOENT, NULL), 0);
  assert_string_equal(now->text,
                      "start fn als:- end | error(-2 -) asyncStart(-2 -) "
                      "callback:arg(-2 -) als:- asyncEnd(-2 -)");
}

static void test_operation_that_could_not_start(void **state) {
  (void)state;
  async_trace_t trace = {.data = NULL};
  subscribe_to_all();
  assert_int_equal(trace_callback(&trace, answer_an_error), UV_ENOENT);
  assert_string_equal(now->text, "start error(-2 -) end(-2 -)");
}

static int complete_at_once(async_trace_t *trace, void *arg) {
  (void)arg;
  return async_trace_complete(trace, 0, (void *)"r");
}

static void test_operation_may_complete_at_once(void **state) {
  (void)state;
  async_trace_t trace = {.data = NULL};
  subscribe_to_all();
  assert_int_equal(trace_callback(&trace, complete_at_once), 0);
  assert_string_equal(now->text,
                      "start asyncStart(0 r) callback:arg(0 r) als:- "
                      "asyncEnd(0 r) end(0 r)");
}

static void *named(void *message, void *data) {
  (void)message;
  return data;
}

static void bind_to(async_diagnostics_channel_t *channel, const char *store) {
  assert_int_equal(async_diagnostics_channel_bind_store(channel, &now->als,
                                                        named, (void *)store),
                   0);
}

static void test_start_store_is_set_in_fn(void **state) {
  (void)state;
  async_trace_t trace = {.data = NULL};
  bind_to(&tracing.start, "start's");
  assert_int_equal(trace_callback(&trace, start_it), 0);
  see(now, "out");
  assert_int_equal(async_trace_complete(&trace, 0, NULL), 0);
  assert_string_equal(now->text,
                      "fn als:start's out:- callback:arg(0 -) als:-");
}

static void test_async_start_store_is_set_in_the_callback(void **state) {
  (void)state;
  async_trace_t trace = {.data = NULL};
  bind_to(&tracing.async_start, "asyncStart's");
  assert_int_equal(trace_callback(&trace, start_it), 0);
  assert_int_equal(async_trace_complete(&trace, 0, NULL), 0);
  see(now, "out");
  assert_string_equal(now->text,
                      "fn als:- callback:arg(0 -) als:asyncStart's out:-");
}

/* Who subscribes when the operation is under way hears nothing of it. */
static void test_operation_begun_untraced_stays_so(void **state) {
  (void)state;
  async_trace_t trace = {.data = NULL};
  assert_false(async_tracing_channel_has_subscribers(&tracing));
  assert_int_equal(trace_callback(&trace, start_it), 0);
  subscribe_to_all();
  assert_true(async_tracing_channel_has_subscribers(&tracing));
  assert_int_equal(async_trace_complete(&trace, 0, (void *)"r"), 0);
  assert_string_equal(now->text, "fn als:- callback:arg(0 r) als:-");
}

static void test_every_allocation_of_init_may_fail(void **state) {
  (void)state;
  async_tracing_channel_t other;
  int nth = 0, error;
  do {
    failing_allocator_fail_at(++nth);
    error = async_tracing_channel_init(&other, "other");
    assert_int_equal(error, failing_allocator_failed() ? UV_ENOMEM : 0);
  } while (error != 0);
  failing_allocator_fail_at(0);
  assert_int_equal(nth, 11);
  async_tracing_channel_finish(&other);
  assert_int_equal(async_tracing_channel_init(&other, NULL), UV_EINVAL);
  async_tracing_channel_finish(&other);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_tracing(test_names),
      cmocka_unit_test_tracing(test_sync_call),
      cmocka_unit_test_tracing(test_sync_call_with_an_error),
      cmocka_unit_test_tracing(test_failure_is_published_and_goes_on),
      cmocka_unit_test_tracing(test_failure_on_its_way_is_not_the_functions),
      cmocka_unit_test_tracing(test_callback_with_a_result),
      cmocka_unit_test_tracing(test_count_is_no_error),
      cmocka_unit_test_tracing(test_callback_with_an_error),
      cmocka_unit_test_tracing(test_operation_that_could_not_start),
      cmocka_unit_test_tracing(test_operation_may_complete_at_once),
      cmocka_unit_test_tracing(test_start_store_is_set_in_fn),
      cmocka_unit_test_tracing(test_async_start_store_is_set_in_the_callback),
      cmocka_unit_test_tracing(test_operation_begun_untraced_stays_so),
      cmocka_unit_test_tracing(test_every_allocation_of_init_may_fail),
  };
  return test_main(tests, argc, argv);
}
