/* What is due runs in Node's order. It is made due by keeping the thread busy,
 * never by waiting. */
#include "timeout_probe.h"

#include <stdio.h>

static void test_timeout_is_a_resource(void **state) {
  fixture_t *fixture = *state;
  named_t one = {.calls = 0};
  enable_tracer(fixture);
  start(&one, "one", say, 1);
  run(fixture);
  assert_string_equal(
      trace->text,
      "init(#1 Timeout root) before(#1) one after(#1) destroy(#1)");
}

/* Due at 10, 13, 20, 18 and 13 ms: libuv would go by that. */
static void test_all_that_is_due_of_a_list_runs_before_the_next(void **state) {
  fixture_t *fixture = *state;
  named_t a = {.calls = 0}, b = a, c = a, d = a, e = a;
  start(&a, "a10", say, 10);
  be_busy(5);
  start(&b, "b8", say, 8);
  be_busy(5);
  start(&c, "c10", say, 10);
  start(&d, "d8", say, 8);
  start(&e, "e3", say, 3);
  be_busy(60);
  run(fixture);
  assert_string_equal(trace->text, "a10 c10 b8 d8 e3");
}

enum { MANY = 40 };
static named_t many[MANY];
static char many_names[MANY][8];
static uint64_t many_due_ms[MANY];

/* Of those due at one time, in the order in which their lists were made. */
static void write_by_due_time(char *expected, size_t bytes) {
  bool written[MANY] = {false};
  size_t length = 0;
  for (unsigned n = 0; n < MANY; n++) {
    unsigned first = MANY;
    for (unsigned i = 0; i < MANY; i++)
      if (!written[i] && (first == MANY || many_due_ms[i] < many_due_ms[first]))
        first = i;
    written[first] = true;
    length += (size_t)snprintf(expected + length, bytes - length, "%s%s",
                               n == 0 ? "" : " ", many_names[first]);
  }
}

static void test_list_that_is_due_first_runs_first(void **state) {
  fixture_t *fixture = *state;
  char expected[400];
  for (unsigned i = 0; i < MANY; i++) {
    uint64_t duration_ms = 1 + (i * 37) % 100;
    snprintf(many_names[i], sizeof(many_names[i]), "%u", i);
    start(&many[i], many_names[i], say, duration_ms);
    many_due_ms[i] = uv_now(&fixture->loop) + duration_ms;
  }
  write_by_due_time(expected, sizeof(expected));
  be_busy(120);
  run(fixture);
  assert_string_equal(trace->text, expected);
}

/* Due at 20 and 40 ms; a clock that stands in a busy callback says 20 and
 * 10. */
static void test_duration_counts_from_the_time_of_the_start(void **state) {
  fixture_t *fixture = *state;
  named_t a = {.calls = 0}, b = a;
  start(&a, "a20", say, 20);
  be_busy(30);
  start(&b, "b10", say, 10);
  be_busy(30);
  run(fixture);
  assert_string_equal(trace->text, "a20 b10");
}

static named_t born;

static void bear(async_timeout_t *timeout) {
  say(timeout);
  born.name = "born";
  (void)async_timeout_start(&born.timeout, say, 1);
  be_busy(5);
}

/* However late it is by then. */
static void test_timeout_made_in_a_callback_waits_for_the_next_turn(
    void **state) {
  fixture_t *fixture = *state;
  named_t a = {.calls = 0}, b = a;
  born = (named_t){.calls = 0};
  start(&a, "a", bear, 1);
  start(&b, "b50", say, 50);
  be_busy(60);
  run(fixture);
  assert_string_equal(trace->text, "a b50 born");
}

static void add_tick(void *arg) {
  trace_add(trace, "%s", (const char *)arg);
}

static void queue_tick(async_timeout_t *timeout) {
  say(timeout);
  (void)async_next_tick(add_tick, (void *)"tick");
}

static void test_ticks_run_between_two_timeouts(void **state) {
  fixture_t *fixture = *state;
  named_t a = {.calls = 0}, b = a;
  start(&a, "a", queue_tick, 1);
  start(&b, "b", say, 1);
  be_busy(5);
  run(fixture);
  assert_string_equal(trace->text, "a tick b");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_timeout(test_timeout_is_a_resource),
      cmocka_unit_test_timeout(
          test_all_that_is_due_of_a_list_runs_before_the_next),
      cmocka_unit_test_timeout(test_list_that_is_due_first_runs_first),
      cmocka_unit_test_timeout(test_duration_counts_from_the_time_of_the_start),
      cmocka_unit_test_timeout(
          test_timeout_made_in_a_callback_waits_for_the_next_turn),
      cmocka_unit_test_timeout(test_ticks_run_between_two_timeouts),
  };
  return test_main(tests, argc, argv);
}
