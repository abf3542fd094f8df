/* Finished requests, sent to an OpenTelemetry collector as OTLP over HTTP, in
 * JSON: each one a SERVER span, with what it did in pools, files, look-ups and
 * connections as spans below it.
 *
 * A thread of its own ("otlp") reads what the others publish about themselves:
 * no request waits for it, and none knows of it. What it makes is
 * asyncscope's own, hidden unless asked for. Requests come from
 * async_request_begin(); those whose trace is not sampled are left out.
 *
 *     finished requests --> queue --> a batch --> POST --> 200: exported
 *        missed: overwritten  full: dropped         |
 *        before they were read                      +-- 429, 502, 503, 504,
 *                                                   |   no answer: again, later
 *                                                   `-- all else: failed
 *
 * One batch is on its way at a time. Everything is counted: see
 * asyncscope_otlp_stats_t.
 *
 * Unless a function says otherwise:
 *   Thread: any.
 *   In hooks: no.
 *   Memory: what is given is copied.
 *   Node: none; it is what an exporter of OpenTelemetry does. */
#ifndef ASYNCSCOPE_ASYNCSCOPE_OTLP_H
#define ASYNCSCOPE_ASYNCSCOPE_OTLP_H

#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An exporter and its thread. */
typedef struct asyncscope_otlp_s asyncscope_otlp_t;

/* All of it is copied. Numbers that are 0 are as it stands at each. */
typedef struct asyncscope_otlp_options_s {
  /* Where the collector is, "http://127.0.0.1:4318"; "/v1/traces" is put
   * behind it. Only http. */
  const char *endpoint;
  const char *traces_endpoint; /* the whole URL, in place of `endpoint` */
  /* "name=value,name=value", percent-encoded where it must be: fields of each
   * request. NULL: none. */
  const char *headers;
  const char *resource_attributes; /* in the same form; NULL: none */
  const char *service_name; /* NULL: that of the attributes, or the program's */
  bool https;               /* the requests come in over TLS: their scheme */
  unsigned timeout_ms;      /* 10000: of one attempt */
  unsigned delay_ms;        /* 5000: a span waits this long for others */
  unsigned queue_max;       /* 2048 spans, with those on their way */
  unsigned batch_max;       /* 512 spans, at most queue_max */
  unsigned retry_first_ms;  /* 1000: then twice as long each time */
  unsigned retry_max_ms;    /* 30000 */
  unsigned retry_total_ms;  /* 300000: then the batch is given up */
  /* What an operator should know, one line; on the exporter's thread. May be
   * NULL. */
  void (*on_message)(void *data, bool wrong, const char *message);
  void *data; /* handed to on_message */
} asyncscope_otlp_options_t;

#define ASYNCSCOPE_OTLP_URL_BYTES 512 /* with the final NUL */

/* Starts the thread. Requests that have finished before are not exported.
 * Errors: UV_EINVAL (endpoint, headers, attributes, numbers), UV_ENOMEM, and
 * what the system answers; async_error_message() says which.
 * Memory: `*ret_otlp` is the caller's to destroy. */
ASYNC_EXTERN
int asyncscope_otlp_start(const asyncscope_otlp_options_t *options,
                          asyncscope_otlp_t **ret_otlp);

/* For each thread that takes requests, before its first one: it keeps as many
 * finished ones as the exporter needs at 80,000 a second, and those that it
 * ended last are found also when it ends soon. Threads that do not call it are
 * found as well, with what async_env_set_requests_kept() says, a fifth of a
 * second after their begin at the latest.
 * Errors: UV_EINVAL without an environment, or behind its first request.
 * Thread: one with an environment. */
ASYNC_EXTERN
int asyncscope_otlp_watch(asyncscope_otlp_t *otlp);

/* The thread does nothing more. */
typedef void (*asyncscope_otlp_stopped_cb)(void *data);

/* Sends what there is, without delay, for `deadline_ms` at most; then, or when
 * all is sent, `on_stopped` (may be NULL) is called on the exporter's thread,
 * as the last thing it does. What is left is counted as dropped. Later calls
 * do nothing. Memory: `data` is kept until `on_stopped`. */
ASYNC_EXTERN
void asyncscope_otlp_stop(asyncscope_otlp_t *otlp, unsigned deadline_ms,
                          asyncscope_otlp_stopped_cb on_stopped, void *data);

/* Stops it, without sending where asyncscope_otlp_stop() was not called, waits
 * for its thread and frees it. NULL is left alone.
 * Thread: any but its own. Memory: `otlp` is gone. */
ASYNC_EXTERN
void asyncscope_otlp_destroy(asyncscope_otlp_t *otlp);

/* All since the start, but for `queued`. Spans are those of requests and those
 * below them alike. */
typedef struct asyncscope_otlp_stats_s {
  uint64_t exported;      /* spans that the collector took */
  uint64_t rejected;      /* of a batch that it took, refused */
  uint64_t failed;        /* spans of batches given up */
  uint64_t dropped;       /* spans that found the queue full, or no time */
  uint64_t missed;        /* requests overwritten before they were read */
  uint64_t missed_events; /* what spans below requests are made of, the same */
  uint64_t queued;        /* spans waiting or on their way */
  uint64_t queue_max;     /* how many may be */
  uint64_t batches;       /* sent, each once */
  uint64_t retries;       /* attempts beyond these */
  bool failing;           /* the last attempt was none that was taken */
  /* When something was rejected, failed, dropped or missed for the first and
   * the last time, in the scale of async_inspect_now_ns(); 0: never. */
  uint64_t first_lost_ns, last_lost_ns; /* both, or neither */
  char url[ASYNCSCOPE_OTLP_URL_BYTES];  /* where it sends to */
  char problem[128]; /* of the last attempt that failed; "" for none ever */
} asyncscope_otlp_stats_t;

/* What has been counted up to now, all of one moment. It waits for a copy of
 * these at most. In hooks: yes. */
ASYNC_EXTERN
void asyncscope_otlp_stats(asyncscope_otlp_t *otlp,
                           asyncscope_otlp_stats_t *ret_stats);

#ifdef __cplusplus
}
#endif
#endif
