/* What the log looks like. */
#include "option.h"

#include <stdio.h>
#include <string.h>

static const char *const levels[] = {"debug", "info", "warn", "error"};

static bool set_level(const app_option_t *option, app_options_t *options,
                      const char *value,
                      char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  (void)option;
  for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
    if (strcmp(levels[i], value) == 0) {
      options->log_level = (app_log_level_t)i;
      return true;
    }
  return app_option_wrong(ret_wrong, "must be debug, info, warn or error");
}

static void show_level(const app_option_t *option, const app_options_t *options,
                       char ret_text[APP_OPTION_TEXT_BYTES]) {
  (void)option;
  snprintf(ret_text, APP_OPTION_TEXT_BYTES, "%s", levels[options->log_level]);
}

const app_option_t app_options_log[] = {
    {.name = "--log-format",
     .value = "text|json",
     .help = "format of the lines on stderr",
     .set = app_option_set_word,
     .show = app_option_show_word,
     .at = offsetof(app_options_t, log_json)},
    {.name = "--log-level",
     .value = "debug|info|warn|error",
     .help = "lowest level on stderr; /debug/log has all levels",
     .set = set_level,
     .show = show_level},
    {.name = "--access-log",
     .value = "off|on",
     .help = "a line for each request",
     .set = app_option_set_word,
     .show = app_option_show_word,
     .at = offsetof(app_options_t, access_log)},
    {.name = NULL},
};
