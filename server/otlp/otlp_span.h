/* A span on its way to the collector, and the queue it waits in. */
#ifndef ASYNCSCOPE_SERVER_OTLP_SPAN_H
#define ASYNCSCOPE_SERVER_OTLP_SPAN_H

#include "asyncscope/async_inspect.h"
#include "asyncscope/async_request.h"

typedef enum otlp_kind_e {
  OTLP_INTERNAL = 1, /* the numbers are OTLP's */
  OTLP_SERVER,
  OTLP_CLIENT
} otlp_kind_t;

/* A request's work of one kind. */
typedef struct otlp_work_s {
  const char *type; /* of the resource; NULL at the end of the table */
  const char *name; /* of the span */
  otlp_kind_t kind;
  bool one_run; /* it is over when its callback begins; else when it ends */
} otlp_work_t;

/* A tracestate, of all spans of a request together: counted, and the thread's
 * own. */
typedef struct otlp_state_s {
  size_t references;
  char text[]; /* with the final NUL */
} otlp_state_t;

/* NULL for none, and without memory. */
otlp_state_t *otlp_state_create(const char *text, size_t bytes);
otlp_state_t *otlp_state_retain(otlp_state_t *state);
void otlp_state_release(otlp_state_t *state);

typedef struct otlp_request_span_s {
  char name[ASYNC_REQUEST_NAME_BYTES], route[ASYNC_ROUTE_BYTES];
  bool name_cut;
  uint64_t loop_ns, worker_ns, queued_ns, in_bytes, out_bytes, resources;
} otlp_request_span_t;

typedef struct otlp_child_span_s {
  const otlp_work_t *work;  /* static */
  const async_site_t *site; /* may be NULL */
  const char *type;         /* lives as long as the process */
  async_id_t async_id;
  uint64_t run_ns;
  uint64_t link_id; /* the span that caused it; 0: none of ours */
} otlp_child_span_t;

typedef struct otlp_span_s {
  async_request_trace_t trace;
  otlp_state_t *state;       /* of the trace: a reference, or NULL */
  uint64_t start_ns, end_ns; /* since the epoch */
  otlp_kind_t kind;
  uint64_t request;
  uint32_t thread;
  char thread_name[ASYNC_ENV_NAME_BYTES];
  int status; /* of the request; of another span 0, or UV_ECANCELED */
  bool failed;
  union {
    otlp_request_span_t of_request; /* kind OTLP_SERVER */
    otlp_child_span_t of_child;
  };
} otlp_span_t;

/* First in, first out. Those that were taken and are not settled keep their
 * room: with them there are never more than there is capacity. */
typedef struct otlp_queue_s {
  otlp_span_t *spans;
  size_t capacity, first, count, away;
} otlp_queue_t;

/* Errors: UV_ENOMEM. */
int otlp_queue_init(otlp_queue_t *queue, size_t capacity);
void otlp_queue_finish(otlp_queue_t *queue);

/* Room for one more, at the end, as yet without a state; NULL when it is full.
 */
otlp_span_t *otlp_queue_push(otlp_queue_t *queue);

/* The one at `index` from the front. */
const otlp_span_t *otlp_queue_at(const otlp_queue_t *queue, size_t index);

/* The first ones go, and are away until they are settled; or for good. */
void otlp_queue_take(otlp_queue_t *queue, size_t count);
void otlp_queue_settle(otlp_queue_t *queue);
void otlp_queue_drop(otlp_queue_t *queue, size_t count);

#endif
