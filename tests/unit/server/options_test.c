#include "option.h"
#include "test_main.h"
#include "tls.h"

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
  unsetenv("ASYNCSCOPE_LISTEN");
  unsetenv("ASYNCSCOPE_LOOPS");
  unsetenv("ASYNCSCOPE_WORKERS");
  unsetenv("ASYNCSCOPE_ROOT");
  unsetenv("ASYNCSCOPE_DEBUG_TOKEN");
  unsetenv("ASYNCSCOPE_DEBUG_LISTEN");
  unsetenv("ASYNCSCOPE_DEBUG_TOKEN_FILE");
  unsetenv("ASYNCSCOPE_DEBUG_ALLOW");
  unsetenv("ASYNCSCOPE_DEMO_FAULTS");
  return 0;
}

static void everything_has_a_default(void **state) {
  parsed_t p = parse(NULL, NULL);

  (void)state;
  assert_int_equal(p.err, 0);
  assert_string_equal(p.options.listen.host, "127.0.0.1");
  assert_int_equal(p.options.listen.port, 8080);
  assert_int_equal(p.options.loops, 1);
  assert_int_equal(p.options.workers, 4);
  assert_string_equal(p.options.root, ".");
  assert_null(p.options.debug_token);
}

static void a_value_is_the_next_argument_or_behind_equals(void **state) {
  (void)state;
  assert_int_equal(parse("--loops", "3").options.loops, 3);
  assert_int_equal(parse("--loops=3", NULL).options.loops, 3);
}

static void an_ipv6_address_stands_in_brackets(void **state) {
  parsed_t p = parse("--listen", "[::1]:0");

  (void)state;
  assert_int_equal(p.err, 0);
  assert_string_equal(p.options.listen.host, "::1");
  assert_int_equal(p.options.listen.port, 0);
}

static void a_wrong_address_names_the_option(void **state) {
  static const char *const bad[] = {
      "localhost", ":80",     "a:",   "a:65536", "::1:80",
      "[[1]:80",   "[::1]80", "[::1", "a:-1"};

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    parsed_t p = parse("--listen", bad[i]);

    assert_int_equal(p.err, UV_EINVAL);
    assert_memory_equal(p.error, "--listen must be ", 17);
  }
}

static void a_wrong_number_names_the_option(void **state) {
  static const char *const bad[] = {"0", "", "x", "1x", "65", "-1", "1.5"};

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    parsed_t p = parse("--loops", bad[i]);

    assert_string_equal(p.error, "--loops must be a whole number from 1 to 64");
  }
}

static void one_digit_may_be_too_much(void **state) {
  static const char *const bad[] = {"2", "9", "10", "29"};

  (void)state;
  assert_int_equal(parse("--context-loss", "1").err, 0);
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
    assert_string_equal(parse("--context-loss", bad[i]).error,
                        "--context-loss must be a whole number from 0 to 1");
}

static void a_wrong_word_is_told_the_right_ones(void **state) {
  static const char *const bad[][3] = {
      {"--log-format", "xml", "--log-format must be one of text|json"},
      {"--access-log", "o", "--access-log must be one of off|on"},
      {"--log-level", "loud",
       "--log-level must be debug, info, warn or error"}};

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
    assert_string_equal(parse(bad[i][0], bad[i][1]).error, bad[i][2]);
}

static void an_empty_path_is_refused(void **state) {
  (void)state;
  assert_string_equal(parse("--root", "").error,
                      "--root must name a directory");
  if (tls_is_built())
    assert_string_equal(parse("--tls-key", "").error,
                        "--tls-key must name a file");
}

static void an_unknown_option_is_named(void **state) {
  (void)state;
  assert_string_equal(parse("--lops", "3").error,
                      "unknown option '--lops', --help lists them");
  assert_string_equal(parse("x", NULL).error,
                      "unknown option 'x', --help lists them");
  assert_string_equal(parse("--help=1", NULL).error,
                      "unknown option '--help=1', --help lists them");
}

static void a_missing_value_is_an_error(void **state) {
  (void)state;
  assert_string_equal(parse("--root", NULL).error, "--root needs a value");
}

static void the_environment_is_read(void **state) {
  (void)state;
  setenv("ASYNCSCOPE_LISTEN", "0.0.0.0:81", 1);
  setenv("ASYNCSCOPE_WORKERS", "7", 1);
  setenv("ASYNCSCOPE_DEBUG_TOKEN", "t", 1);
  assert_string_equal(parse(NULL, NULL).options.listen.host, "0.0.0.0");
  assert_int_equal(parse(NULL, NULL).options.workers, 7);
  assert_string_equal(parse(NULL, NULL).options.debug_token, "t");
}

static void the_command_line_wins(void **state) {
  (void)state;
  setenv("ASYNCSCOPE_WORKERS", "7", 1);
  assert_int_equal(parse("--workers", "8").options.workers, 8);
}

static void a_wrong_variable_is_named(void **state) {
  (void)state;
  setenv("ASYNCSCOPE_LOOPS", "many", 1);
  assert_string_equal(parse(NULL, NULL).error,
                      "ASYNCSCOPE_LOOPS must be a whole number from 1 to 64");
}

static void a_wrong_variable_is_overridden(void **state) {
  parsed_t p;

  (void)state;
  setenv("ASYNCSCOPE_LOOPS", "many", 1);
  p = parse("--loops", "3");
  assert_int_equal(p.err, 0);
  assert_int_equal(p.options.loops, 3);
}

static void overriding_one_variable_excuses_no_other(void **state) {
  (void)state;
  setenv("ASYNCSCOPE_LOOPS", "many", 1);
  assert_string_equal(parse("--workers", "3").error,
                      "ASYNCSCOPE_LOOPS must be a whole number from 1 to 64");
}

static void help_and_version_need_no_right_variable(void **state) {
  (void)state;
  setenv("ASYNCSCOPE_LOOPS", "many", 1);
  assert_int_equal(parse("--help", NULL).err, 0);
  assert_int_equal(parse("--help", NULL).options.command, APP_HELP);
  assert_int_equal(parse("--version", NULL).err, 0);
  assert_int_equal(parse("--healthcheck", NULL).err, UV_EINVAL);
}

static void an_empty_variable_is_as_none(void **state) {
  (void)state;
  setenv("ASYNCSCOPE_LOOPS", "", 1);
  assert_int_equal(parse(NULL, NULL).options.loops, 1);
}

static void commands_are_recognised(void **state) {
  (void)state;
  assert_int_equal(parse("--help", NULL).options.command, APP_HELP);
  assert_int_equal(parse("--version", NULL).options.command, APP_VERSION);
  assert_int_equal(parse("--healthcheck", NULL).options.command,
                   APP_HEALTHCHECK);
}

static void seconds_have_up_to_three_decimals(void **state) {
  static const struct {
    const char *text;
    unsigned ms;
  } good[] = {{"1", 1000},          {"0.1", 100},   {"2.5", 2500},
              {"3.25", 3250},       {"0.125", 125}, {"3600", 3600000},
              {"3600.000", 3600000}};

  (void)state;
  for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
    parsed_t p = parse("--header-timeout", good[i].text);

    assert_int_equal(p.err, 0);
    assert_int_equal(p.options.limits.header_timeout_ms, good[i].ms);
  }
}

static void what_are_no_seconds_is_refused(void **state) {
  static const char *const bad[] = {"",
                                    "x",
                                    ".5",
                                    "1.",
                                    "1.2345",
                                    "1.0001",
                                    "0.05",
                                    "-1",
                                    "3600.1",
                                    "1s",
                                    " 1",
                                    "1e3",
                                    "36000000000000000000000",
                                    "1.2.3"};

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    assert_string_equal(parse("--header-timeout", bad[i]).error,
                        "--header-timeout must be seconds from 0.1 to 3600, "
                        "with three decimals at most");
  }
}

static void a_drain_may_take_no_time(void **state) {
  (void)state;
  assert_int_equal(parse("--drain-timeout", "0").err, 0);
  assert_int_equal(parse("--drain-timeout", "0").options.drain_timeout_ms, 0);
}

static void bytes_may_be_counted_in_kib_and_mib(void **state) {
  (void)state;
  assert_int_equal(
      parse("--max-body-bytes", "5000").options.limits.body_max_bytes, 5000);
  assert_int_equal(
      parse("--max-body-bytes", "4K").options.limits.body_max_bytes, 4096);
  assert_int_equal(
      parse("--max-body-bytes", "2M").options.limits.body_max_bytes, 2097152);
  assert_int_equal(parse("--max-body-bytes", "0").options.limits.body_max_bytes,
                   0);
}

static void what_are_no_bytes_is_refused(void **state) {
  static const char *const bad[] = {"",
                                    "K",
                                    "1G",
                                    "1KK",
                                    "1k",
                                    "-1",
                                    "1.5M",
                                    "1025M",
                                    "99999999999999999999",
                                    "18446744073709551615K"};

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    assert_string_equal(parse("--max-body-bytes", bad[i]).error,
                        "--max-body-bytes must be bytes from 0 to 1024M, K for "
                        "KiB and M for MiB");
  }
}

/* RFC 9112 3: a request-line of 8,000 bytes is to be understood. */
static void a_head_cannot_be_limited_to_less_than_8000_bytes(void **state) {
  (void)state;
  assert_int_equal(parse("--max-header-bytes", "8191").err, UV_EINVAL);
  assert_int_equal(parse("--max-header-bytes", "8192").err, 0);
}

static void limits_are_those_of_the_http_layer_by_default(void **state) {
  const http_limits_t limits = HTTP_LIMITS_DEFAULT;
  parsed_t p = parse(NULL, NULL);

  (void)state;
  assert_int_equal(p.options.limits.header_timeout_ms,
                   limits.header_timeout_ms);
  assert_int_equal(p.options.limits.requests_max, limits.requests_max);
  assert_int_equal(p.options.limits.header_max_bytes, limits.header_max_bytes);
  assert_int_equal(p.options.connections_max, 0);
  assert_int_equal(p.options.drain_timeout_ms, 8000);
}

static char *help(void) {
  char *text = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&text, &size);

  assert_non_null(file);
  app_options_help(file);
  assert_int_equal(fclose(file), 0);
  return text;
}

/* With its variable, and within the width of a terminal. */
static void help_names_every_option(void **state) {
  char *text = help();
  char name[APP_VARIABLE_BYTES];

  (void)state;
  for (const app_option_group_t *group = app_option_groups;
       group->heading != NULL; group++) {
    for (const app_option_t *option = group->options; option->name != NULL;
         option++) {
      app_option_variable(option, name);
      assert_non_null(strstr(text, option->name));
      assert_non_null(strstr(text, name));
    }
  }
  for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
    assert_in_range(strcspn(line, "\n"), 0, 80);
  free(text);
}

static void help_has_range_and_default(void **state) {
  char *text = help();

  (void)state;
  assert_non_null(strstr(text, "1 to 64 [1]"));
  assert_non_null(strstr(text, "[127.0.0.1:8080]"));
  free(text);
}

static void a_variable_has_its_options_name(void **state) {
  const app_option_t option = {.name = "--keep-alive-timeout"};
  char name[APP_VARIABLE_BYTES];

  (void)state;
  app_option_variable(&option, name);
  assert_string_equal(name, "ASYNCSCOPE_KEEP_ALIVE_TIMEOUT");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_has_a_default),
      cmocka_unit_test(a_value_is_the_next_argument_or_behind_equals),
      cmocka_unit_test(an_ipv6_address_stands_in_brackets),
      cmocka_unit_test(a_wrong_address_names_the_option),
      cmocka_unit_test(a_wrong_number_names_the_option),
      cmocka_unit_test(one_digit_may_be_too_much),
      cmocka_unit_test(a_wrong_word_is_told_the_right_ones),
      cmocka_unit_test(an_empty_path_is_refused),
      cmocka_unit_test(an_unknown_option_is_named),
      cmocka_unit_test(a_missing_value_is_an_error),
      cmocka_unit_test(the_environment_is_read),
      cmocka_unit_test(the_command_line_wins),
      cmocka_unit_test(a_wrong_variable_is_named),
      cmocka_unit_test(a_wrong_variable_is_overridden),
      cmocka_unit_test(overriding_one_variable_excuses_no_other),
      cmocka_unit_test(help_and_version_need_no_right_variable),
      cmocka_unit_test(an_empty_variable_is_as_none),
      cmocka_unit_test(commands_are_recognised),
      cmocka_unit_test(seconds_have_up_to_three_decimals),
      cmocka_unit_test(what_are_no_seconds_is_refused),
      cmocka_unit_test(a_drain_may_take_no_time),
      cmocka_unit_test(bytes_may_be_counted_in_kib_and_mib),
      cmocka_unit_test(what_are_no_bytes_is_refused),
      cmocka_unit_test(a_head_cannot_be_limited_to_less_than_8000_bytes),
      cmocka_unit_test(limits_are_those_of_the_http_layer_by_default),
      cmocka_unit_test(help_names_every_option),
      cmocka_unit_test(help_has_range_and_default),
      cmocka_unit_test(a_variable_has_its_options_name),
  };
  return test_main_group(tests, sizeof(tests) / sizeof(tests[0]),
                         without_environment, NULL, argc, argv);
}
