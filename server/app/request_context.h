/* The store of a request: what its callbacks find wherever they run. */
#ifndef ASYNCSCOPE_SERVER_REQUEST_CONTEXT_H
#define ASYNCSCOPE_SERVER_REQUEST_CONTEXT_H

#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_request.h"
#include "http_request.h"
#include "http_response.h"
#include "http_router.h"
#include "request_trace.h"
#include <stdint.h>

#define REQUEST_ID_BYTES 24 /* "r18446744073709551615" and the NUL */
#define REQUEST_HOPS_MAX 8

/* What one callback saw. */
typedef struct request_hop_s {
  const char *name; /* static */
  uint32_t thread;
  async_id_t async_id, trigger_async_id, execution_async_id;
  async_ref_t origin;
  uint64_t request; /* read from the store */
} request_hop_t;

/* Contexts kept for reuse by the thread that makes them. */
typedef struct request_contexts_s {
  uint32_t thread; /* of async_env_thread() */
  unsigned count;
  struct request_context_s *spare;
} request_contexts_t;

#define REQUEST_CONTEXTS_SPARE_MAX 64

/* Written by one thread at a time: the loop's, or the worker's while it has
 * the request's task. */
typedef struct request_context_s {
  request_contexts_t *home;
  struct request_context_s *next; /* among the spare ones */
  uint64_t number;                /* unique in the process, not 0 */
  async_request_t *account;       /* NULL: has ended, or is not counted */
  const http_route_t *route;
  uint64_t started_ns; /* for the log; 0 where it is off */
  request_trace_t trace;
  unsigned hop_count;
  request_hop_t hops[REQUEST_HOPS_MAX];
} request_context_t;

/* `home` must outlive all contexts made with it. Thread: that which has the
 * environment, and makes them. */
void request_contexts_init(request_contexts_t *home);
/* When its environment has ended: contexts that others still hold then are
 * freed by them. */
void request_contexts_finish(request_contexts_t *home);

/* The caller's, until it is a store: then it goes with the last frame that has
 * it. Span ids are drawn from `source`. NULL: out of memory. */
request_context_t *request_context_create(request_contexts_t *home,
                                          uint64_t number,
                                          const http_request_t *request,
                                          asyncscope_trace_source_t *source);

/* Begins its account: one without is not among the requests that are counted,
 * shown and exported. Errors: UV_ENOMEM. */
int request_context_count(request_context_t *context,
                          const http_request_t *request);

/* The request is over: ends its account with what it was answered. */
void request_context_end(request_context_t *context,
                         const http_response_t *response, int error);

/* For async_local_storage_options_t. */
void request_context_release(void *context);
async_request_t *request_context_account(const void *context);

/* What JSON and logs call the request with this number. Answers where the
 * final NUL stands. */
char *request_id_format(uint64_t number, char ret_id[REQUEST_ID_BYTES]);

/* The id of the request in whose context this runs, "" for none. */
void request_id_current(const async_local_storage_t *storage,
                        char ret_id[REQUEST_ID_BYTES]);

/* Notes in the current store what is seen here. Thread: any. */
void request_hop_record(const async_local_storage_t *storage, const char *name);

#endif
