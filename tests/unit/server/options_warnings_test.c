/* The options that say from when on the diagnostics warn. */
#include "options_warnings.h"
#include "test_main.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

typedef struct parsed_s {
  int err;
  app_options_t options;
  char error[APP_ERROR_BYTES];
} parsed_t;

static char *nothing(const char *name) {
  (void)name;
  return NULL;
}

static parsed_t parse(const char *name, const char *value) {
  char *argv[] = {(char *)"asyncscope", (char *)name, (char *)value};
  parsed_t parsed = {.error = ""};
  int argc = name == NULL ? 1 : 3;

  parsed.err =
      app_options_parse(argc, argv, nothing, &parsed.options, parsed.error);
  return parsed;
}

static asyncscope_debug_thresholds_t thresholds(const char *name,
                                                const char *value) {
  parsed_t parsed = parse(name, value);

  assert_int_equal(parsed.err, 0);
  return app_options_thresholds(&parsed.options);
}

static void without_them_every_warning_has_its_threshold(void **state) {
  asyncscope_debug_thresholds_t t = thresholds(NULL, NULL);
  (void)state;
  assert_int_equal(t.slow_callback_us, 25000);
  assert_int_equal(t.loop_blocked_us, 100000);
  assert_int_equal(t.pool_starved_us, 1000000);
  assert_int_equal(t.long_pending_us, 10000000);
  assert_int_equal(t.context_retained_us, 10000000);
  assert_int_equal(t.context_foreign, 1);
  assert_int_equal(t.context_lost, 1);
  assert_int_equal(t.scope_unbalanced, 1);
  assert_int_equal(t.destroyed_unrun, 1);
  assert_int_equal(t.dropped_events, 1);
  assert_int_equal(t.growth, 1000);
  assert_int_equal(t.growth_window_us, 60000000);
  assert_int_equal(t.past_us, 3600000000);
}

static void each_sets_its_own(void **state) {
  (void)state;
  assert_int_equal(thresholds("--warn-slow-callback", "0.005").slow_callback_us,
                   5000);
  assert_int_equal(thresholds("--warn-loop-blocked", "1").loop_blocked_us,
                   1000000);
  assert_int_equal(thresholds("--warn-pool-starved", "2").pool_starved_us,
                   2000000);
  assert_int_equal(thresholds("--warn-long-pending", "3").long_pending_us,
                   3000000);
  assert_int_equal(
      thresholds("--warn-context-retained", "4").context_retained_us, 4000000);
  assert_int_equal(thresholds("--warn-context-foreign", "5").context_foreign,
                   5);
  assert_int_equal(thresholds("--warn-context-lost", "6").context_lost, 6);
  assert_int_equal(thresholds("--warn-scope-unbalanced", "7").scope_unbalanced,
                   7);
  assert_int_equal(thresholds("--warn-destroyed-unrun", "8").destroyed_unrun,
                   8);
  assert_int_equal(thresholds("--warn-dropped-events", "9").dropped_events, 9);
  assert_int_equal(thresholds("--warn-never-destroyed-growth", "10").growth,
                   10);
  assert_int_equal(thresholds("--warn-growth-window", "11").growth_window_us,
                   11000000);
  assert_int_equal(thresholds("--warn-past", "12").past_us, 12000000);
}

static void zero_is_never(void **state) {
  (void)state;
  assert_true(thresholds("--warn-slow-callback", "0").slow_callback_us ==
              ASYNCSCOPE_DEBUG_NEVER);
  assert_true(thresholds("--warn-context-lost", "0").context_lost ==
              ASYNCSCOPE_DEBUG_NEVER);
  assert_int_equal(thresholds("--warn-past", "0").past_us, 1);
}

static void what_is_no_number_is_refused(void **state) {
  (void)state;
  assert_int_equal(parse("--warn-slow-callback", "soon").err, UV_EINVAL);
  assert_int_equal(parse("--warn-slow-callback", "2592001").err, UV_EINVAL);
  assert_int_equal(parse("--warn-growth-window", "0").err, UV_EINVAL);
  assert_int_equal(parse("--warn-context-lost", "-1").err, UV_EINVAL);
  assert_non_null(
      strstr(parse("--warn-context-lost", "x").error, "--warn-context-lost"));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_them_every_warning_has_its_threshold),
      cmocka_unit_test(each_sets_its_own),
      cmocka_unit_test(zero_is_never),
      cmocka_unit_test(what_is_no_number_is_refused),
  };
  return test_main(tests, argc, argv);
}
