/* The options of the exporter, checked and copied. */
#ifndef ASYNCSCOPE_SERVER_OTLP_SETTINGS_H
#define ASYNCSCOPE_SERVER_OTLP_SETTINGS_H

#include "asyncscope/asyncscope_otlp.h"
#include "http_client_request.h"
#include "http_url.h"
#include "otlp_limits.h"

typedef struct otlp_pair_s {
  const char *name, *value;
} otlp_pair_t;

/* Names and values lie in `text`. */
typedef struct otlp_list_s {
  size_t count;
  otlp_pair_t pairs[OTLP_ATTRIBUTES_MAX];
  char text[OTLP_LIST_BYTES];
} otlp_list_t;

typedef struct otlp_settings_s {
  char text[ASYNCSCOPE_OTLP_URL_BYTES];
  http_url_t url; /* its target lies in `text` */
  char service_name[256];
  bool https;
  otlp_list_t headers, attributes;
  unsigned timeout_ms, delay_ms;
  unsigned retry_first_ms, retry_max_ms, retry_total_ms;
  unsigned queue_max, batch_max;
} otlp_settings_t;

/* "name=value,...", percent-decoded, white space around names and values left
 * out; `max` pairs at most. Errors: UV_EINVAL. */
int otlp_list_parse(const char *text, size_t max, otlp_list_t *ret_list);

/* The value of that name, the last where there are several; NULL: none. */
const char *otlp_list_value(const otlp_list_t *list, const char *name);

/* Errors: UV_EINVAL, with a message. */
int otlp_settings_init(otlp_settings_t *settings,
                       const asyncscope_otlp_options_t *options);

#endif
