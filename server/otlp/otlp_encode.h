/* Spans as an ExportTraceServiceRequest of OTLP, in JSON. */
#ifndef ASYNCSCOPE_SERVER_OTLP_ENCODE_H
#define ASYNCSCOPE_SERVER_OTLP_ENCODE_H

#include "otlp_settings.h"
#include "otlp_span.h"

typedef struct otlp_body_s {
  char *bytes; /* async_free() */
  size_t size, capacity;
} otlp_body_t;

/* The first `count` of the queue. Errors: UV_ENOMEM, UV_ENOBUFS (more than a
 * request may hold); then there is nothing to free. */
int otlp_encode(const otlp_settings_t *settings, const otlp_queue_t *queue,
                size_t count, otlp_body_t *ret_body);

/* One span: a new reference, NULL for want of memory (otlp_encode_span.c).
 * `https`: that is the scheme of requests. */
struct json_t *otlp_encode_span(const otlp_span_t *span, bool https);

/* Any bytes as text: what is no UTF-8 is percent-encoded. */
struct json_t *otlp_text(const char *text);

/* Appends {"key":...,"value":{...}} to a list. False for want of memory. */
bool otlp_put_text(struct json_t *list, const char *key, const char *text);
bool otlp_put_true(struct json_t *list, const char *key);
bool otlp_put_integer(struct json_t *list, const char *key, uint64_t value);

#endif
