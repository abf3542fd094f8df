/* The options are the rows of the tables; what is here holds for all of them.
 */
#include "option.h"
#include "options_warnings.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

const app_option_group_t app_option_groups[] = {
    {"Where it listens", app_options_listen},
    {"TLS", app_options_tls},
    {"What does the work", app_options_work},
    {"Time limits", app_options_times},
    {"Ceilings", app_options_ceilings},
    {"Diagnostics", app_options_debug},
    {"Thresholds of warnings (0: never)", app_options_warnings},
    {"Log", app_options_log},
    {"Export", app_options_otlp},
    {NULL, NULL},
};

static const struct {
  const char *name;
  app_command_t command;
} COMMANDS[] = {
    {"--help", APP_HELP},
    {"-h", APP_HELP},
    {"--version", APP_VERSION},
    {"--healthcheck", APP_HEALTHCHECK},
};

enum { COMMAND_COUNT = sizeof(COMMANDS) / sizeof(COMMANDS[0]) };
enum { OPTIONS_MAX = 128 };

/* Where a walk over the options of all tables stands; zeroed before the first.
 */
typedef struct walk_s {
  size_t group, row;
  size_t index; /* of the option that was answered last, from 1 */
} walk_t;

static const app_option_t *next_option(walk_t *walk) {
  while (app_option_groups[walk->group].heading != NULL) {
    const app_option_t *option =
        &app_option_groups[walk->group].options[walk->row++];
    if (option->name != NULL) {
      walk->index++;
      return option;
    }
    walk->group++;
    walk->row = 0;
  }
  return NULL;
}

static int fail(char *ret_error, const char *name, const char *what) {
  snprintf(ret_error, APP_ERROR_BYTES, "%s %s", name, what);
  return UV_EINVAL;
}

static int set(const app_option_t *option, app_options_t *options,
               const char *name, const char *value, char *ret_error) {
  char wrong[APP_OPTION_TEXT_BYTES];
  return option->set(option, options, value, wrong)
             ? 0
             : fail(ret_error, name, wrong);
}

/* `given[index]`: the command line has it, and what the variable says is
 * nobody's business. */
static int parse_environment(app_options_t *options, const bool *given,
                             char *(*get)(const char *name), char *ret_error) {
  walk_t walk = {0};
  const app_option_t *option;
  int error = 0;
  while (error == 0 && (option = next_option(&walk)) != NULL) {
    char name[APP_VARIABLE_BYTES];
    app_option_variable(option, name);
    const char *value = given[walk.index] ? NULL : get(name);
    if (value != NULL && *value != '\0')
      error = set(option, options, name, value, ret_error);
  }
  return error;
}

/* `--name` of argument, which may go on with `=value`. */
static bool is_option(const char *argument, const char *name) {
  size_t size = strlen(name);
  return strncmp(argument, name, size) == 0 &&
         (argument[size] == '\0' || argument[size] == '=');
}

static bool parse_command(app_options_t *options, const char *argument) {
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    if (strcmp(argument, COMMANDS[i].name) == 0) {
      options->command = COMMANDS[i].command;
      return true;
    }
  }
  return false;
}

/* The value behind `=`, or the next argument; of a flag 1. */
static const char *value_of(const app_option_t *option, int argc,
                            char *const argv[], int *at) {
  const char *equals = strchr(argv[*at], '=');
  if (equals != NULL)
    return equals + 1;
  if (option->value == NULL)
    return "1";
  return *at + 1 < argc ? argv[++*at] : NULL;
}

static int parse_valued(app_options_t *options, int argc, char *const argv[],
                        int *at, bool *ret_given, char *ret_error) {
  walk_t walk = {0};
  const app_option_t *option;
  while ((option = next_option(&walk)) != NULL) {
    if (is_option(argv[*at], option->name)) {
      const char *value = value_of(option, argc, argv, at);
      ret_given[walk.index] = true;
      return value == NULL
                 ? fail(ret_error, option->name, "needs a value")
                 : set(option, options, option->name, value, ret_error);
    }
  }
  snprintf(ret_error, APP_ERROR_BYTES,
           "unknown option '%.200s', --help lists them", argv[*at]);
  return UV_EINVAL;
}

/* These need no option, and are what helps whose environment is wrong. */
static bool only_prints(app_command_t command) {
  return command == APP_HELP || command == APP_VERSION;
}

void app_options_default(app_options_t *ret_options) {
  const asyncscope_debug_kept_t kept = ASYNCSCOPE_DEBUG_KEPT;
  *ret_options = (app_options_t){.listen = {.host = "127.0.0.1", .port = 8080},
                                 .loops = 1,
                                 .workers = 4,
                                 .worker_queue = 1024,
                                 .limits = HTTP_LIMITS_DEFAULT,
                                 .drain_timeout_ms = APP_DRAIN_TIMEOUT_MS,
                                 .recorder_bytes = kept.recorder_bytes,
                                 .requests_kept = kept.requests,
                                 .slow_requests_kept = kept.slow_requests,
                                 .slow_request_ms =
                                     (unsigned)(kept.slow_request_us / 1000),
                                 .warn = app_warnings_default,
                                 .root = ".",
                                 .access_log = true,
                                 .log_level = APP_LOG_INFO};
}

int app_options_parse(int argc, char *const argv[],
                      char *(*get)(const char *name),
                      app_options_t *ret_options,
                      char ret_error[APP_ERROR_BYTES]) {
  bool given[OPTIONS_MAX] = {false};
  int error = 0;
  app_options_default(ret_options);
  for (int at = 1; at < argc && error == 0; at++)
    if (!parse_command(ret_options, argv[at]))
      error = parse_valued(ret_options, argc, argv, &at, given, ret_error);
  if (error == 0 && !only_prints(ret_options->command))
    error = parse_environment(ret_options, given, get, ret_error);
  if (error == 0 && !only_prints(ret_options->command))
    error = app_options_tls_check(ret_options, ret_error);
  if (error == 0 && ret_options->command == APP_SERVE)
    error = app_options_otlp_environment(ret_options, get, ret_error);
  return error;
}
