/* The options of the diagnostics. */
#include "option.h"
#include "test_main.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

typedef struct parsed_s {
  int err;
  app_options_t options;
  char error[APP_ERROR_BYTES];
} parsed_t;

/* `argument` and `next` may be NULL. */
static parsed_t parse(const char *argument, const char *next) {
  char *argv[] = {(char *)"asyncscope", (char *)argument, (char *)next};
  parsed_t parsed = {.error = ""};
  int argc = 1 + (argument != NULL) + (next != NULL);

  parsed.err =
      app_options_parse(argc, argv, getenv, &parsed.options, parsed.error);
  return parsed;
}

static int without_environment(void **state) {
  (void)state;
  unsetenv("ASYNCSCOPE_DEBUG_TOKEN");
  unsetenv("ASYNCSCOPE_DEBUG_TOKEN_FILE");
  unsetenv("ASYNCSCOPE_DEBUG_LISTEN");
  unsetenv("ASYNCSCOPE_DEBUG_ALLOW");
  unsetenv("ASYNCSCOPE_DEMO_FAULTS");
  unsetenv("ASYNCSCOPE_RECORDER_BYTES");
  unsetenv("ASYNCSCOPE_REQUESTS_KEPT");
  unsetenv("ASYNCSCOPE_SLOW_REQUESTS_KEPT");
  unsetenv("ASYNCSCOPE_SLOW_REQUEST");
  return 0;
}

static void a_token_is_visible_text(void **state) {
  (void)state;
  assert_int_equal(parse("--debug-token", "").err, UV_EINVAL);
  assert_int_equal(parse("--debug-token", "a b").err, UV_EINVAL);
  assert_int_equal(parse("--debug-token", "a\x80").err, UV_EINVAL);
  assert_int_equal(parse("--debug-token", "a+b").err, 0);
}

static const char *debug_listen(const char *argument, const char *next) {
  parsed_t p = parse(argument, next);

  assert_int_equal(p.err, 0);
  return app_options_debug_listen(&p.options);
}

static void the_diagnostics_have_a_port_beside_the_main_one(void **state) {
  (void)state;
  assert_string_equal(debug_listen(NULL, NULL), "127.0.0.1:8081");
  assert_string_equal(debug_listen("--listen", "0.0.0.0:80"), "127.0.0.1:8081");
  assert_string_equal(debug_listen("--listen", "[::1]:0"), "127.0.0.1:0");
}

static void the_diagnostics_listen_where_they_are_told_to(void **state) {
  static const char *const good[] = {"off", "unix:debug", "[::1]:0",
                                     "localhost:81"};
  static const char *const bad[] = {"", "Off", "unix:", "8081", "unix", ":81"};

  (void)state;
  for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
    assert_string_equal(debug_listen("--debug-listen", good[i]), good[i]);
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
    assert_int_equal(parse("--debug-listen", bad[i]).err, UV_EINVAL);
}

static void there_is_one_token(void **state) {
  char *argv[] = {(char *)"asyncscope", (char *)"--debug-token", (char *)"t",
                  (char *)"--debug-token-file=f"};
  parsed_t p;

  (void)state;
  p.err = app_options_parse(4, argv, getenv, &p.options, p.error);
  assert_int_equal(p.err, UV_EINVAL);
  assert_memory_equal(p.error, "--debug-token-file ", 19);
  setenv("ASYNCSCOPE_DEBUG_TOKEN", "t", 1);
  assert_int_equal(parse("--debug-token-file", "f").err, UV_EINVAL);
  assert_int_equal(parse("--debug-token-file", "").err, UV_EINVAL);
}

static void networks_stand_with_commas_between(void **state) {
  static const char *const bad[] = {"",    ",",          "::/0,", ",::/0",
                                    "lan", "::/0,,::/0", "::/0 ", "::1/64"};
  char many[17 * sizeof("::1") + 1] = "::1";
  parsed_t p = parse("--debug-allow", "192.0.2.0/24,2001:db8::/32,::1");

  (void)state;
  assert_int_equal(p.err, 0);
  assert_int_equal(p.options.debug_network_count, 3);
  assert_int_equal(p.options.debug_networks[0].prefix_bits, 96 + 24);
  assert_int_equal(p.options.debug_networks[2].prefix_bits, 128);
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
    assert_int_equal(parse("--debug-allow", bad[i]).err, UV_EINVAL);
  for (size_t i = 1; i < 16; i++)
    strncat(many, ",::1", sizeof(many) - strlen(many) - 1);
  assert_int_equal(parse("--debug-allow", many).options.debug_network_count,
                   16);
  strncat(many, ",::1", sizeof(many) - strlen(many) - 1);
  assert_int_equal(parse("--debug-allow", many).err, UV_EINVAL);
}

static void what_is_kept_has_a_size(void **state) {
  parsed_t p = parse(NULL, NULL);

  (void)state;
  assert_int_equal(p.options.recorder_bytes, 1048576);
  assert_int_equal(p.options.requests_kept, 256);
  assert_int_equal(p.options.slow_requests_kept, 64);
  assert_int_equal(p.options.slow_request_ms, 1000);
  assert_int_equal(parse("--recorder-bytes", "64K").options.recorder_bytes,
                   65536);
  assert_int_equal(parse("--recorder-bytes", "2048M").err, UV_EINVAL);
  assert_int_equal(parse("--requests-kept", "0").options.requests_kept, 0);
  assert_int_equal(parse("--requests-kept", "16385").err, UV_EINVAL);
  assert_int_equal(
      parse("--slow-requests-kept", "7").options.slow_requests_kept, 7);
  assert_int_equal(parse("--slow-request", "0.25").options.slow_request_ms,
                   250);
}

static void a_flag_needs_no_value(void **state) {
  (void)state;
  assert_false(parse(NULL, NULL).options.demo_faults);
  assert_true(parse("--demo-faults", NULL).options.demo_faults);
  assert_false(parse("--demo-faults=0", NULL).options.demo_faults);
  assert_string_equal(parse("--demo-faults=yes", NULL).error,
                      "--demo-faults must be 0 or 1");
  assert_string_equal(parse("--demo-faults", "1").error,
                      "unknown option '1', --help lists them");
  setenv("ASYNCSCOPE_DEMO_FAULTS", "1", 1);
  assert_true(parse(NULL, NULL).options.demo_faults);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_token_is_visible_text),
      cmocka_unit_test(the_diagnostics_have_a_port_beside_the_main_one),
      cmocka_unit_test(the_diagnostics_listen_where_they_are_told_to),
      cmocka_unit_test(there_is_one_token),
      cmocka_unit_test(networks_stand_with_commas_between),
      cmocka_unit_test(what_is_kept_has_a_size),
      cmocka_unit_test(a_flag_needs_no_value),
  };
  return test_main_group(tests, sizeof(tests) / sizeof(tests[0]),
                         without_environment, NULL, argc, argv);
}
