/* Where to listen. */
#include "option.h"

#include <stdio.h>
#include <string.h>

/* Sets `*ret_host` and its length, and answers what follows the colon. */
static const char *split(const char *value, const char **ret_host,
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

static bool set_listen(const app_option_t *option, app_options_t *options,
                       const char *value,
                       char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  const char *host;
  size_t size;
  uint64_t number;
  const char *port = split(value, &host, &size);
  (void)option;
  if (port == NULL || size == 0 || size >= APP_HOST_BYTES ||
      !app_option_parse_number(port, 65535, &number))
    return app_option_wrong(
        ret_wrong, "must be HOST:PORT, with an IPv6 address in brackets and a "
                   "port from 0 to 65535");
  memcpy(options->host, host, size);
  options->host[size] = '\0';
  options->port = (unsigned)number;
  return true;
}

static void show_listen(const app_option_t *option,
                        const app_options_t *options,
                        char ret_text[APP_OPTION_TEXT_BYTES]) {
  (void)option;
  snprintf(ret_text, APP_OPTION_TEXT_BYTES, "%.100s:%u", options->host,
           options->port);
}

const app_option_t app_options_listen[] = {
    {.name = "--listen",
     .value = "HOST:PORT",
     .help = "address to serve; port 0 takes a free one",
     .set = set_listen,
     .show = show_listen},
    {.name = NULL},
};
