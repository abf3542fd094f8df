/* Where to listen. */
#include "option.h"

#include <stdio.h>

static bool set_listen(const app_option_t *option, app_options_t *options,
                       const char *value,
                       char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  (void)option;
  if (http_address_parse(value, &options->listen) != 0)
    return app_option_wrong(
        ret_wrong, "must be HOST:PORT, with an IPv6 address in brackets and a "
                   "port from 0 to 65535");
  return true;
}

static void show_listen(const app_option_t *option,
                        const app_options_t *options,
                        char ret_text[APP_OPTION_TEXT_BYTES]) {
  char text[HTTP_ADDRESS_TEXT_BYTES];
  (void)option;
  http_address_format(&options->listen, text);
  snprintf(ret_text, APP_OPTION_TEXT_BYTES, "%.127s", text);
}

const app_option_t app_options_listen[] = {
    {.name = "--listen",
     .value = "HOST:PORT",
     .help = "address to serve; port 0 takes a free port",
     .set = set_listen,
     .show = show_listen},
    {.name = NULL},
};
