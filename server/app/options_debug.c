/* Where the diagnostics are, who may see them, and what they look for. */
#include "option.h"

#include "asyncscope/asyncscope_debug_listen.h"
#include <stdio.h>
#include <string.h>

static bool is_debug_address(const char *value) {
  static const char prefix[] = "unix:";
  http_address_t address;
  if (strncmp(value, prefix, sizeof(prefix) - 1) == 0)
    return value[sizeof(prefix) - 1] != '\0';
  return strcmp(value, "off") == 0 || http_address_parse(value, &address) == 0;
}

static bool set_debug_listen(const app_option_t *option, app_options_t *options,
                             const char *value,
                             char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  (void)option;
  if (!is_debug_address(value))
    return app_option_wrong(ret_wrong, "must be HOST:PORT, unix:PATH or off");
  options->debug_listen = value;
  return true;
}

/* Port 0 stands for a server beside others: its listener is one too. */
const char *app_options_debug_listen(const app_options_t *options) {
  if (options->debug_listen != NULL)
    return options->debug_listen;
  return options->listen.port == 0 ? "127.0.0.1:0" : ASYNCSCOPE_DEBUG_ADDRESS;
}

static void show_debug_listen(const app_option_t *option,
                              const app_options_t *options,
                              char ret_text[APP_OPTION_TEXT_BYTES]) {
  (void)option;
  snprintf(ret_text, APP_OPTION_TEXT_BYTES, "%s",
           app_options_debug_listen(options));
}

static bool set_token(const app_option_t *option, app_options_t *options,
                      const char *value,
                      char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  (void)option;
  if (*value == '\0')
    return app_option_wrong(ret_wrong, "must not be empty");
  for (const char *at = value; *at != '\0'; at++)
    if (*at <= ' ' || *at > '~')
      return app_option_wrong(ret_wrong,
                              "must be visible ASCII without spaces");
  if (strlen(value) > ASYNCSCOPE_DEBUG_TOKEN_MAX)
    return app_option_wrong(ret_wrong, "is too long");
  options->debug_token = value;
  return true;
}

const app_option_t app_options_debug[] = {
    {.name = "--debug-listen",
     .value = "ADDRESS",
     .help = "where a thread of its own serves /debug: HOST:PORT, unix:PATH or "
             "off; others than loopback need the token; with port 0 in "
             "--listen its port is 0 too",
     .set = set_debug_listen,
     .show = show_debug_listen},
    {.name = "--debug-token",
     .value = "TOKEN",
     .help = "bearer token that opens /debug to others than loopback",
     .set = set_token},
    {.name = "--context-loss",
     .value = "N",
     .help = "1: report callbacks that lost the request's context on stderr",
     .set = app_option_set_count,
     .show = app_option_show_count,
     .at = offsetof(app_options_t, context_loss),
     .max = 1},
    {.name = "--demo-faults",
     .help = "also serve /block and /spin, which make a loop or a worker stuck",
     .set = app_option_set_flag,
     .at = offsetof(app_options_t, demo_faults)},
    {.name = NULL},
};
