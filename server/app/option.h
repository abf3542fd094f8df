/* One option that takes a value: how it is spelt, how its value is read, what
 * --help says of it. Each is a row in one of the tables of options_*.c; its
 * variable has the same name: --loops is ASYNCSCOPE_LOOPS. */
#ifndef ASYNCSCOPE_SERVER_OPTION_H
#define ASYNCSCOPE_SERVER_OPTION_H

#include "options.h"
#include <stdbool.h>

typedef struct app_option_s app_option_t;

/* Longest text of a value's default, and of what is wrong with a value. */
#define APP_OPTION_TEXT_BYTES 128

/* Sets the option to `value`; false, and `ret_wrong` goes on from the option's
 * name: "must be ...". */
typedef bool (*app_option_set_cb)(const app_option_t *option,
                                  app_options_t *options, const char *value,
                                  char ret_wrong[APP_OPTION_TEXT_BYTES]);

/* What the option is set to, "" for nothing. */
typedef void (*app_option_show_cb)(const app_option_t *option,
                                   const app_options_t *options,
                                   char ret_text[APP_OPTION_TEXT_BYTES]);

struct app_option_s {
  const char *name;  /* NULL behind the last of a table */
  const char *value; /* as --help names it: "N"; NULL: it needs none */
  const char *help;  /* a phrase; lines are broken where there is no room */
  app_option_set_cb set;
  app_option_show_cb show;
  size_t at; /* the member of app_options_t that it sets */
  uint64_t min, max;
};

/* The kinds of value that need no function of their own. */

/* An unsigned: a whole number from `min` to `max`. */
bool app_option_set_count(const app_option_t *option, app_options_t *options,
                          const char *value,
                          char ret_wrong[APP_OPTION_TEXT_BYTES]);
void app_option_show_count(const app_option_t *option,
                           const app_options_t *options,
                           char ret_text[APP_OPTION_TEXT_BYTES]);

/* A size_t: bytes, or with K or M behind them KiB or MiB. */
bool app_option_set_bytes(const app_option_t *option, app_options_t *options,
                          const char *value,
                          char ret_wrong[APP_OPTION_TEXT_BYTES]);
void app_option_show_bytes(const app_option_t *option,
                           const app_options_t *options,
                           char ret_text[APP_OPTION_TEXT_BYTES]);

/* An unsigned of milliseconds: seconds with at most three decimals; `min` and
 * `max` are milliseconds too. */
bool app_option_set_seconds(const app_option_t *option, app_options_t *options,
                            const char *value,
                            char ret_wrong[APP_OPTION_TEXT_BYTES]);
void app_option_show_seconds(const app_option_t *option,
                             const app_options_t *options,
                             char ret_text[APP_OPTION_TEXT_BYTES]);

/* A bool: one of the two words of `value`, "no|yes", in this order. */
bool app_option_set_word(const app_option_t *option, app_options_t *options,
                         const char *value,
                         char ret_wrong[APP_OPTION_TEXT_BYTES]);
void app_option_show_word(const app_option_t *option,
                          const app_options_t *options,
                          char ret_text[APP_OPTION_TEXT_BYTES]);

/* A const char * that borrows the value, which is not empty. */
void app_option_show_text(const app_option_t *option,
                          const app_options_t *options,
                          char ret_text[APP_OPTION_TEXT_BYTES]);

/* A bool: the option alone raises it, 0 or 1 is what its variable says. */
bool app_option_set_flag(const app_option_t *option, app_options_t *options,
                         const char *value,
                         char ret_wrong[APP_OPTION_TEXT_BYTES]);

/* Digits, up to `max`; nothing before or behind them. */
bool app_option_parse_number(const char *text, uint64_t max,
                             uint64_t *ret_number);

/* For app_option_set_cb: false, and the words. */
bool app_option_wrong(char ret_wrong[APP_OPTION_TEXT_BYTES], const char *words);

/* A table of options with the heading that --help puts above it. */
typedef struct app_option_group_s {
  const char *heading;
  const app_option_t *options;
} app_option_group_t;

/* All tables, in the order of --help; ends with a NULL heading. */
extern const app_option_group_t app_option_groups[];

extern const app_option_t app_options_listen[];   /* options_listen.c */
extern const app_option_t app_options_tls[];      /* options_tls.c */
extern const app_option_t app_options_work[];     /* options_work.c */
extern const app_option_t app_options_times[];    /* options_limits.c */
extern const app_option_t app_options_ceilings[]; /* the same */
extern const app_option_t app_options_debug[];    /* options_debug.c */
extern const app_option_t app_options_warnings[]; /* options_warnings.c */
extern const app_option_t app_options_log[];      /* options_log.c */
extern const app_option_t app_options_otlp[];     /* options_otlp.c */

/* What the variables of OpenTelemetry say, where no option says otherwise.
 * UV_EINVAL, and `ret_error` names the variable. */
int app_options_otlp_environment(app_options_t *options,
                                 char *(*get)(const char *name),
                                 char ret_error[APP_ERROR_BYTES]);

/* Of what was said of TLS as a whole: UV_EINVAL, and `ret_error` says what is
 * missing. */
int app_options_tls_check(const app_options_t *options,
                          char ret_error[APP_ERROR_BYTES]);

/* Their names; NULL at the end. */
extern const char *const app_otlp_variables[];

/* Every option is also given by a variable: ASYNCSCOPE_ and its name. */
#define APP_VARIABLE_BYTES 64
void app_option_variable(const app_option_t *option,
                         char ret_name[APP_VARIABLE_BYTES]);

#endif
