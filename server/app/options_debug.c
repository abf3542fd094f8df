/* Who may see /debug, and what is looked for. */
#include "option.h"

#include "asyncscope/asyncscope_debug.h"
#include <string.h>

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
    {.name = NULL},
};
