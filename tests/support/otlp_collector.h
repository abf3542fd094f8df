#ifndef ASYNCSCOPE_OTLP_COLLECTOR_H
#define ASYNCSCOPE_OTLP_COLLECTOR_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/*
 * What an exporter sends to: a server with a thread of its own, which keeps
 * each request and answers it as it is told. The nth request is answered by the
 * nth act, and those behind the last by that one. No function asserts; what
 * waits gives up after OTLP_COLLECTOR_DEADLINE_MS.
 */
#define OTLP_COLLECTOR_DEADLINE_MS 50000
#define OTLP_COLLECTOR_REQUESTS    64

typedef struct otlp_act_s {
  const char *text; /* the whole answer; NULL: none ever comes */
  int then_close;   /* the connection ends behind it */
} otlp_act_t;

#define OTLP_OK                                           \
  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" \
  "Content-Length: 2\r\n\r\n{}"

typedef struct otlp_received_s {
  char *head; /* the request-line and the fields; NUL-terminated */
  char *body; /* the same */
} otlp_received_t;

typedef struct otlp_collector_s {
  /* read-only */
  uint16_t port;
  char url[64]; /* without a path */
  /* private */
  const otlp_act_t *acts;
  size_t act_count;
  int listen_fd, wake_fds[2];
  uv_thread_t thread;
  uv_mutex_t mutex;
  uv_cond_t cond;
  size_t count;
  otlp_received_t received[OTLP_COLLECTOR_REQUESTS];
} otlp_collector_t;

/* `acts` is borrowed. 0 or a negative errno value. */
int otlp_collector_start(otlp_collector_t *collector, const otlp_act_t *acts,
                         size_t count);

/* Waits until `count` requests have come; borrowed is the last of these. NULL:
 * they did not. */
const otlp_received_t *otlp_collector_await(otlp_collector_t *collector,
                                            size_t count);

/* All spans of all requests up to now; to be given back. */
json_t *otlp_collector_spans(otlp_collector_t *collector);

/* Waits until there are `count` spans; as above. NULL: there were not. */
json_t *otlp_collector_await_spans(otlp_collector_t *collector, size_t count);

/* The span of that name, borrowed; NULL: none. */
json_t *otlp_span_named(const json_t *spans, const char *name);

/* The value of an attribute as text, also of a number; NULL: none. */
const char *otlp_attribute(const json_t *of, const char *key);

/* Zeroed and stopped ones are left alone. */
void otlp_collector_stop(otlp_collector_t *collector);

#endif
