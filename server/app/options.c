#include "options.h"

#include "asyncscope/asyncscope_debug.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

/* Sets the option to `value`; answers NULL, or what is wrong with it. */
typedef const char *(*set_cb)(app_options_t *options, const char *value);

static int parse_number(const char *text, unsigned max, unsigned *ret_number) {
  unsigned long number = 0;

  if (*text == '\0' || strlen(text) > 9)
    return UV_EINVAL;
  for (; *text != '\0'; text++) {
    if (!isdigit((unsigned char)*text))
      return UV_EINVAL;
    number = number * 10 + (unsigned long)(*text - '0');
  }
  if (number > max)
    return UV_EINVAL;
  *ret_number = (unsigned)number;
  return 0;
}

/* Sets `*ret_host` and its length, and answers what follows the colon. */
static const char *split_listen(const char *value, const char **ret_host,
                                size_t *ret_size) {
  const char *end;

  if (*value == '[') {
    end = strchr(value, ']');
    *ret_host = value + 1;
    *ret_size = end == NULL ? 0 : (size_t)(end - value - 1);
    return end == NULL || end[1] != ':' ? NULL : end + 2;
  }
  end = strrchr(value, ':');
  *ret_host = value;
  *ret_size = end == NULL ? 0 : (size_t)(end - value);
  if (end == NULL || memchr(value, ':', *ret_size) != NULL)
    return NULL;
  return end + 1;
}

static const char *set_listen(app_options_t *options, const char *value) {
  static const char wrong[] =
      "must be HOST:PORT, with an IPv6 address in brackets and a port from 0 "
      "to 65535";
  const char *host;
  size_t size;
  const char *port = split_listen(value, &host, &size);

  if (port == NULL || size == 0 || size >= APP_HOST_BYTES ||
      parse_number(port, 65535, &options->port) != 0)
    return wrong;
  memcpy(options->host, host, size);
  options->host[size] = '\0';
  return NULL;
}

static const char *set_loops(app_options_t *options, const char *value) {
  return parse_number(value, APP_LOOPS_MAX, &options->loops) != 0 ||
                 options->loops == 0
             ? "must be a whole number from 1 to " APP_LOOPS_TEXT
             : NULL;
}

static const char *set_workers(app_options_t *options, const char *value) {
  return parse_number(value, APP_WORKERS_MAX, &options->workers) != 0 ||
                 options->workers == 0
             ? "must be a whole number from 1 to " APP_WORKERS_TEXT
             : NULL;
}

static const char *set_root(app_options_t *options, const char *value) {
  options->root = value;
  return *value == '\0' ? "must name a directory" : NULL;
}

static const char *set_token(app_options_t *options, const char *value) {
  options->debug_token = value;
  if (*value == '\0')
    return "must not be empty";
  for (const char *at = value; *at != '\0'; at++)
    if (*at <= ' ' || *at > '~')
      return "must be visible ASCII without spaces";
  return strlen(value) > ASYNCSCOPE_DEBUG_TOKEN_MAX ? "is too long" : NULL;
}

static const struct {
  const char *name;
  const char *variable;
  set_cb set;
} VALUED[] = {
    {"--listen", "ASYNCSCOPE_LISTEN", set_listen},
    {"--loops", "ASYNCSCOPE_LOOPS", set_loops},
    {"--workers", "ASYNCSCOPE_WORKERS", set_workers},
    {"--root", "ASYNCSCOPE_ROOT", set_root},
    {"--debug-token", "ASYNCSCOPE_DEBUG_TOKEN", set_token},
};

static const struct {
  const char *name;
  app_command_t command;
} COMMANDS[] = {
    {"--help", APP_HELP},
    {"--version", APP_VERSION},
    {"--healthcheck", APP_HEALTHCHECK},
};

enum { VALUED_COUNT = sizeof(VALUED) / sizeof(VALUED[0]) };
enum { COMMAND_COUNT = sizeof(COMMANDS) / sizeof(COMMANDS[0]) };

static int fail(char *ret_error, const char *name, const char *what) {
  snprintf(ret_error, APP_ERROR_BYTES, "%s %s", name, what);
  return UV_EINVAL;
}

/* `given[i]`: the command line has it, and what the variable says is nobody's
 * business. */
static int parse_environment(app_options_t *options,
                             const bool given[VALUED_COUNT],
                             char *(*get)(const char *name), char *ret_error) {
  for (size_t i = 0; i < VALUED_COUNT; i++) {
    const char *value = given[i] ? NULL : get(VALUED[i].variable);
    const char *wrong =
        value == NULL || *value == '\0' ? NULL : VALUED[i].set(options, value);

    if (wrong != NULL)
      return fail(ret_error, VALUED[i].variable, wrong);
  }
  return 0;
}

/* `--name` of argument, which may go on with `=value`. */
static int is_option(const char *argument, const char *name) {
  size_t size = strlen(name);

  return strncmp(argument, name, size) == 0 &&
         (argument[size] == '\0' || argument[size] == '=');
}

static int parse_command(app_options_t *options, const char *argument) {
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    if (strcmp(argument, COMMANDS[i].name) == 0) {
      options->command = COMMANDS[i].command;
      return 1;
    }
  }
  return 0;
}

/* The value behind `=`, or the next argument. */
static const char *value_of(int argc, char *const argv[], int *at) {
  const char *equals = strchr(argv[*at], '=');

  if (equals != NULL)
    return equals + 1;
  return *at + 1 < argc ? argv[++*at] : NULL;
}

static int parse_valued(app_options_t *options, int argc, char *const argv[],
                        int *at, bool ret_given[VALUED_COUNT],
                        char *ret_error) {
  for (size_t i = 0; i < VALUED_COUNT; i++) {
    if (is_option(argv[*at], VALUED[i].name)) {
      const char *value = value_of(argc, argv, at);
      const char *wrong =
          value == NULL ? "needs a value" : VALUED[i].set(options, value);

      ret_given[i] = true;
      return wrong == NULL ? 0 : fail(ret_error, VALUED[i].name, wrong);
    }
  }
  snprintf(ret_error, APP_ERROR_BYTES, "unknown option '%.200s'", argv[*at]);
  return UV_EINVAL;
}

/* These need no option, and are what helps whose environment is wrong. */
static bool only_prints(app_command_t command) {
  return command == APP_HELP || command == APP_VERSION;
}

int app_options_parse(int argc, char *const argv[],
                      char *(*get)(const char *name),
                      app_options_t *ret_options,
                      char ret_error[APP_ERROR_BYTES]) {
  bool given[VALUED_COUNT] = {false};
  int error = 0;

  *ret_options = (app_options_t){
      .host = "127.0.0.1", .port = 8080, .loops = 1, .workers = 4, .root = "."};
  for (int at = 1; at < argc && error == 0; at++)
    if (!parse_command(ret_options, argv[at]))
      error = parse_valued(ret_options, argc, argv, &at, given, ret_error);
  if (error == 0 && !only_prints(ret_options->command))
    error = parse_environment(ret_options, given, get, ret_error);
  return error;
}

const char *app_options_help(void) {
  return "usage: asyncscope [OPTION...]\n"
         "\n"
         "  --listen HOST:PORT   address to serve [127.0.0.1:8080]; port 0 "
         "takes a free one\n"
         "  --loops N            event loops, one thread each, 1 "
         "to " APP_LOOPS_TEXT " [1]\n"
         "  --workers N          threads of the worker pool, 1 to "
         "" APP_WORKERS_TEXT " [4]\n"
         "  --root DIR           directory that /file serves [.]\n"
         "  --debug-token TOKEN  bearer token that opens /debug to others "
         "than loopback\n"
         "  --healthcheck        ask the server at --listen whether it is "
         "well, then exit 0 or 1\n"
         "  --help               print this, then exit\n"
         "  --version            print the version, then exit\n"
         "\n"
         "Options with a value are also read from the environment: "
         "ASYNCSCOPE_LISTEN,\n"
         "ASYNCSCOPE_LOOPS, ASYNCSCOPE_WORKERS, ASYNCSCOPE_ROOT, "
         "ASYNCSCOPE_DEBUG_TOKEN.\n"
         "The command line wins.\n"
         "\n"
         "Exit status: 0 drained after SIGTERM or SIGINT, 1 cannot start, 2 "
         "usage,\n"
         "3 ended before all requests were answered.\n";
}
