#ifndef ASYNCSCOPE_HTTP_LOAD_H
#define ASYNCSCOPE_HTTP_LOAD_H

#include "http_client.h"

#include <stdbool.h>

/*
 * Many transfers at once, each on a connection of its own, by curl_multi. What
 * happens when is decided by counts, never by the clock. No function asserts.
 */
typedef struct http_load_s http_load_t;

typedef struct http_transfer_s {
  size_t index;
  bool sent;     /* the request has left */
  bool answered; /* the transfer has ended by itself, well or not */
  bool hung_up;  /* or we closed its connection */
  http_answer_t answer;
  /* private */
  http_load_t *load;
  CURL *easy;
} http_transfer_t;

typedef struct http_load_options_s {
  const char *url; /* without a path */
  size_t count;
  /* Writes the target of transfer `index`. */
  void (*target)(size_t index, char *ret_target, size_t target_bytes);
  /* May be NULL. Asked again and again about each transfer that was sent and
   * not answered: true closes its connection. */
  bool (*hangs_up)(const http_load_t *load, const http_transfer_t *transfer);
  bool resets; /* connections end by a reset in place of an orderly close */
} http_load_options_t;

struct http_load_s {
  http_load_options_t options;
  http_transfer_t *transfers; /* options.count */
  size_t sent, answered, hung_up;
  size_t in_flight_peak; /* the most that were sent and neither of the others */
  /* private */
  CURLM *multi;
};

/* Runs all of them to the end. CURLM_OUT_OF_MEMORY, or what waiting answered;
 * how each transfer went stands in its answer. Finish it in any case. */
CURLMcode http_load_run(http_load_t *load, const http_load_options_t *options);

void http_load_finish(http_load_t *load);

#endif
