/* The times and ceilings of http_limits.h that an operator may choose. */
#include "option.h"

#define SECONDS(member_, name_, min_, help_)                        \
  {                                                                 \
    .name = (name_), .value = "SECONDS", .help = (help_),           \
    .set = app_option_set_seconds, .show = app_option_show_seconds, \
    .at = offsetof(app_options_t, member_), .min = (min_),          \
    .max = HTTP_TIMEOUT_MAX_MS                                      \
  }

#define BYTES(member_, name_, min_, max_, help_)                         \
  {                                                                      \
    .name = (name_), .value = "BYTES", .help = (help_),                  \
    .set = app_option_set_bytes, .show = app_option_show_bytes,          \
    .at = offsetof(app_options_t, member_), .min = (min_), .max = (max_) \
  }

#define COUNT(member_, name_, max_, help_)                          \
  {                                                                 \
    .name = (name_), .value = "N", .help = (help_),                 \
    .set = app_option_set_count, .show = app_option_show_count,     \
    .at = offsetof(app_options_t, member_), .min = 1, .max = (max_) \
  }

const app_option_t app_options_times[] = {
    SECONDS(limits.header_timeout_ms, "--header-timeout", HTTP_TIMEOUT_MIN_MS,
            "from the first byte of a request, or the accept, to the end of "
            "its head; then 408"),
    SECONDS(limits.request_timeout_ms, "--request-timeout", HTTP_TIMEOUT_MIN_MS,
            "from the end of a head to the end of the body; then 408"),
    SECONDS(limits.handler_timeout_ms, "--handler-timeout", HTTP_TIMEOUT_MIN_MS,
            "without progress of an answer; then 503, or the connection is "
            "cut"),
    SECONDS(limits.write_timeout_ms, "--write-timeout", HTTP_TIMEOUT_MIN_MS,
            "while the peer reads less than 256 bytes a second; then the "
            "connection is cut"),
    SECONDS(limits.keep_alive_timeout_ms, "--keep-alive-timeout",
            HTTP_TIMEOUT_MIN_MS,
            "between two requests; then the connection is closed"),
    SECONDS(drain_delay_ms, "--drain-delay", 0,
            "after SIGTERM or SIGINT, while /readyz answers 503 and new "
            "connections are still accepted"),
    SECONDS(drain_timeout_ms, "--drain-timeout", 0,
            "after that, for the requests that are not answered yet"),
    {.name = NULL},
};

static void show_connections(const app_option_t *option,
                             const app_options_t *options,
                             char ret_text[APP_OPTION_TEXT_BYTES]) {
  if (options->connections_max > 0)
    app_option_show_count(option, options, ret_text);
  else
    snprintf(ret_text, APP_OPTION_TEXT_BYTES,
             "%d, or what the limit of descriptors allows",
             HTTP_CONNECTIONS_MAX);
}

const app_option_t app_options_ceilings[] = {
    {.name = "--max-connections",
     .value = "N",
     .help = "connections at once, divided among the loops; more wait in the "
             "kernel",
     .set = app_option_set_count,
     .show = show_connections,
     .at = offsetof(app_options_t, connections_max),
     .min = 1,
     .max = HTTP_CONNECTIONS_MAX_CEILING},
    COUNT(limits.requests_max, "--max-requests", HTTP_REQUESTS_MAX_CEILING,
          "requests on one connection; it is closed after the last"),
    BYTES(limits.header_max_bytes, "--max-header-bytes", HTTP_HEADER_MAX_FLOOR,
          HTTP_HEADER_MAX_CEILING,
          "of a target, then 414; of a header or trailer section, then 431"),
    COUNT(limits.fields_max, "--max-header-fields", HTTP_FIELDS_MAX,
          "fields of a header or trailer section; then 431"),
    BYTES(limits.body_max_bytes, "--max-body-bytes", 0, HTTP_BODY_MAX_CEILING,
          "of a request's body; then 413"),
    {.name = NULL},
};
