/* Where the diagnostics are, who may see them, and what they look for. */
#include "option.h"

#include "debug_token.h"
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

static bool two_tokens(char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  return app_option_wrong(ret_wrong, "is a second token beside another one");
}

static bool set_token(const app_option_t *option, app_options_t *options,
                      const char *value,
                      char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  const char *wrong = app_debug_token_check(value);
  (void)option;
  if (wrong != NULL)
    return app_option_wrong(ret_wrong, wrong);
  if (options->debug_token_file != NULL)
    return two_tokens(ret_wrong);
  options->debug_token = value;
  return true;
}

static bool set_token_file(const app_option_t *option, app_options_t *options,
                           const char *value,
                           char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  (void)option;
  if (*value == '\0')
    return app_option_wrong(ret_wrong, "must name a file");
  if (options->debug_token != NULL)
    return two_tokens(ret_wrong);
  options->debug_token_file = value;
  return true;
}

/* The network in front of `*text`, which moves behind it and its comma. */
static bool take_network(const char **text, asyncscope_debug_network_t *ret) {
  char network[64];
  size_t length = strcspn(*text, ",");
  if (length >= sizeof(network))
    return false;
  memcpy(network, *text, length);
  network[length] = '\0';
  *text += length + ((*text)[length] == ',');
  return asyncscope_debug_network_parse(network, ret) == 0;
}

static bool set_allow(const app_option_t *option, app_options_t *options,
                      const char *value,
                      char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  size_t count = 0;
  bool well = *value != '\0' && value[strlen(value) - 1] != ',';
  (void)option;
  while (well && *value != '\0')
    well = count < ASYNCSCOPE_DEBUG_NETWORKS_MAX &&
           take_network(&value, &options->debug_networks[count++]);
  options->debug_network_count = count;
  return well ? true
              : app_option_wrong(ret_wrong,
                                 "must be up to 16 networks like 192.0.2.0/24 "
                                 "or 2001:db8::/32, with commas between");
}

const app_option_t app_options_debug[] = {
    {.name = "--debug-listen",
     .value = "ADDRESS",
     .help = "address where a separate thread serves /debug: HOST:PORT, "
             "unix:PATH or off; beyond loopback it needs a token or "
             "--debug-allow; with port 0 in --listen its port is 0 too",
     .set = set_debug_listen,
     .show = show_debug_listen},
    {.name = "--debug-token",
     .value = "TOKEN",
     .help = "bearer token that opens /debug to clients beyond loopback",
     .set = set_token},
    {.name = "--debug-token-file",
     .value = "FILE",
     .help = "file with that token, so that no list of processes shows it; "
             "read again on SIGHUP",
     .set = set_token_file,
     .show = app_option_show_text,
     .at = offsetof(app_options_t, debug_token_file)},
    {.name = "--debug-token-generate",
     .help = "if no token is given, make one and print a link with it",
     .set = app_option_set_flag,
     .at = offsetof(app_options_t, debug_token_generate)},
    {.name = "--debug-allow",
     .value = "NETWORKS",
     .help = "networks that read /debug without a token: "
             "192.0.2.0/24,2001:db8::/32",
     .set = set_allow},
    {.name = "--recorder-bytes",
     .value = "BYTES",
     .help = "for the last events of each thread, 48 bytes each; 0 keeps none",
     .set = app_option_set_bytes,
     .show = app_option_show_bytes,
     .at = offsetof(app_options_t, recorder_bytes),
     .max = APP_RECORDER_MAX},
    {.name = "--requests-kept",
     .value = "N",
     .help = "finished requests that each loop keeps; at least 2048 with the "
             "export",
     .set = app_option_set_count,
     .show = app_option_show_count,
     .at = offsetof(app_options_t, requests_kept),
     .max = APP_REQUESTS_KEPT_MAX},
    {.name = "--slow-requests-kept",
     .value = "N",
     .help = "failed and slow requests that each loop keeps apart from the "
             "others",
     .set = app_option_set_count,
     .show = app_option_show_count,
     .at = offsetof(app_options_t, slow_requests_kept),
     .max = APP_REQUESTS_KEPT_MAX},
    {.name = "--slow-request",
     .value = "SECONDS",
     .help = "a request that takes this long is slow",
     .set = app_option_set_seconds,
     .show = app_option_show_seconds,
     .at = offsetof(app_options_t, slow_request_ms),
     .max = HTTP_TIMEOUT_MAX_MS},
    {.name = "--context-loss",
     .value = "N",
     .help = "1: report callbacks that lost the request's context on stderr",
     .set = app_option_set_count,
     .show = app_option_show_count,
     .at = offsetof(app_options_t, context_loss),
     .max = 1},
    {.name = "--demo-faults",
     .help = "also serve /block, /spin and /leak, which block or leak",
     .set = app_option_set_flag,
     .at = offsetof(app_options_t, demo_faults)},
    {.name = NULL},
};
