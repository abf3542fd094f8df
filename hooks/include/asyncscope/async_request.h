/* Requests: what each one costs, in an account that any thread reads.
 *
 * Whoever takes requests begins one, puts it into the context
 * (async_context_value_t, or the `account` option of an AsyncLocalStorage) and
 * ends it. In between, whatever runs in that context charges it:
 *
 *   time       each scope of a resource made in the context, when it is left:
 *              the time in it without that of the scopes inside it, so that
 *              no moment is counted twice. Charged to the request of the
 *              resource's frame; a scope that has left its frame for one of
 *              another request on another thread than the request's is not
 *              charged. Give a request a resource of its own and run its
 *              handler in that scope: what runs in the scope of a connection
 *              is the connection's.
 *   resources  each one made in the context, by type
 *   queued     what a pool says its tasks have waited
 *   bytes      what the caller says
 *
 * The account lives until its request has ended and the last frame that shows
 * it is gone, on whatever thread, also after its environment. One that has
 * ended and is still shown keeps its stores alive: that is a retained context.
 * Who holds it is seen from the records: the live resources whose `request` is
 * the number; or, where none is, something that holds frames without a
 * resource (an outer run(), a pending promise, a task on its way).
 *
 * Unless a function says otherwise:
 *   Thread: the one that began the request.
 *   In hooks: yes.
 *   Errors: UV_EINVAL on another thread or without an environment, UV_ENOMEM;
 *     then nothing has changed.
 *   Memory: a request is the caller's from begin to end; texts are copied.
 *   Node: has none. */
#ifndef ASYNCSCOPE_ASYNC_REQUEST_H
#define ASYNCSCOPE_ASYNC_REQUEST_H

#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_histogram.h"
#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ASYNC_REQUEST_NAME_BYTES 56  /* with the final NUL */
#define ASYNC_ROUTE_BYTES        64  /* with the final NUL */
#define ASYNC_ROUTES_MAX         64  /* of a thread; the last is "others" */
#define ASYNC_TRACE_STATE_BYTES  512 /* a longer one is not kept */

/* The account of a request: what it did and what that cost. */
typedef struct async_request_s async_request_t;

/* Its place in a distributed trace (W3C Trace Context), all numbers as the
 * hexadecimal digits say. */
typedef struct async_request_trace_s {
  uint64_t trace_id[2];    /* the first sixteen digits, the others */
  uint64_t span_id;        /* the request's own */
  uint64_t parent_span_id; /* 0: none */
  uint8_t flags;           /* bit 0: sampled */
} async_request_trace_t;

/* What a request begins with. */
typedef struct async_request_options_s {
  uint64_t number; /* unique in the process, not 0 */
  /* "GET /sum"; copied and cut at ASYNC_REQUEST_NAME_BYTES - 1. Bytes are kept
   * as they are, so whoever shows them must escape them. May be NULL. */
  const char *name;
  size_t name_bytes;                  /* of `name` */
  const char *route;                  /* see async_request_set_route() */
  const async_request_trace_t *trace; /* may be NULL */
} async_request_options_t;

/* Begins a request at the time of the last scope boundary, or, outside of every
 * scope, now. `*ret_request` is the caller's to end.
 * Errors: UV_EINVAL (no environment on this thread, number 0), UV_ENOMEM.
 * Thread: any with an environment. */
ASYNC_EXTERN int async_request_begin(const async_request_options_t *options,
                                     async_request_t **ret_request);

/* Ends the request and gives it up: its memory is not the caller's any more.
 * `status` is shown as it is; below 0 it is an error (UV_E*) and the request
 * has failed. It goes to the last ones kept and into the latencies of its
 * route. NULL is left alone. When the environment has ended before, it is only
 * given up.
 * Thread: the one that began it. On another one, while its environment lives,
 * nothing happens and UV_EINVAL is the answer. */
ASYNC_EXTERN int async_request_end(async_request_t *request, int status);

/* The following, between begin and end, on the thread that began it. */

/* The pattern of its path, of which there are few ("/user/:id"): latencies are
 * counted by it, and routes beyond ASYNC_ROUTES_MAX - 2 are "others". Copied
 * on first sight and cut at ASYNC_ROUTE_BYTES - 1; NULL is "". Errors:
 * UV_ENOMEM, UV_EINVAL on another thread; the route is the one before. */
ASYNC_EXTERN int async_request_set_route(async_request_t *request,
                                         const char *route);
ASYNC_EXTERN void async_request_set_trace(async_request_t *request,
                                          const async_request_trace_t *trace);
/* The tracestate that came with its trace and goes on with it, for those who
 * export: `bytes` of `text`, copied. Of more than ASYNC_TRACE_STATE_BYTES the
 * last members are left out. Errors: UV_ENOMEM, UV_EINVAL on another thread;
 * then it has none. */
ASYNC_EXTERN int async_request_set_trace_state(async_request_t *request,
                                               const char *text, size_t bytes);
/* Its answer is one of those to look at, whatever its status. */
ASYNC_EXTERN void async_request_set_failed(async_request_t *request);

/* Adds to the bytes that came in and went out. Thread: any that holds the
 * request, by not having ended it or by a frame that shows it. */
ASYNC_EXTERN void async_request_add_bytes(async_request_t *request,
                                          uint64_t in_bytes,
                                          uint64_t out_bytes);

/* The number the request was begun with.
 * Thread: any. */
ASYNC_EXTERN uint64_t async_request_number(const async_request_t *request);

/* Its trace, all 0 for none.
 * Thread: as with the bytes. */
ASYNC_EXTERN void async_request_trace(const async_request_t *request,
                                      async_request_trace_t *ret_trace);

/* The request of the current frame, NULL for none. Borrowed: valid while the
 * frame is.
 * Thread: any. */
ASYNC_EXTERN async_request_t *async_request_current(void);

/* The same of `frame`, which may be NULL. */
ASYNC_EXTERN async_request_t *async_context_frame_account(
    const async_context_frame_t *frame);

/* Something done for the request of `frame` (may be NULL) has waited in a
 * queue for `queued_ns`. Thread: any that holds the frame. */
ASYNC_EXTERN void async_request_charge_queued(
    const async_context_frame_t *frame, uint64_t queued_ns);

/* The same where others may ask meanwhile: something done for the request of
 * `frame` (may be NULL) waits from `since_ns` on, in the scale of
 * async_env_now_ns(), and has waited until `until_ns`. Each call of the former
 * is to be followed by one of the latter, with the same frame and beginning.
 * Thread: any that holds the frame. */
ASYNC_EXTERN void async_request_queue_entered(
    const async_context_frame_t *frame, uint64_t since_ns);
ASYNC_EXTERN void async_request_queue_left(const async_context_frame_t *frame,
                                           uint64_t since_ns,
                                           uint64_t until_ns);

/* How many finished requests the calling thread keeps (256 without this call),
 * and how many of those that failed or took `slow_ns` and more (64; 1 s).
 * Errors: UV_EINVAL without an environment, or after its first request;
 * UV_ENOMEM comes from that one's begin. */
ASYNC_EXTERN int async_env_set_requests_kept(uint32_t finished, uint32_t slow,
                                             uint64_t slow_ns);

/* How many of the requests that have ended a thread keeps. */
typedef struct async_requests_kept_s {
  uint32_t finished; /* the last ones */
  uint32_t slow;     /* of those that failed or took `slow_ns` and more */
  uint64_t slow_ns;  /* from which on a request was slow */
} async_requests_kept_t;

/* What holds where nobody says otherwise: 256, 64, one second. */
#define ASYNC_REQUESTS_KEPT \
  { 256, 64, 1000000000 }

/* The same for every thread whose first request is still to come, and that does
 * not say so itself.
 * Thread: any, with an environment or without. */
ASYNC_EXTERN void async_requests_set_kept(const async_requests_kept_t *kept);
/* What was said last; ASYNC_REQUESTS_KEPT at first. */
ASYNC_EXTERN void async_requests_kept(async_requests_kept_t *ret_kept);

/* Reading them. Thread: any, as all of async_inspect.h. */

enum async_requests_e {
  ASYNC_REQUESTS_ACTIVE = 1 << 0,   /* begun, not ended */
  ASYNC_REQUESTS_RETAINED = 1 << 1, /* ended, and a frame still shows it */
  ASYNC_REQUESTS_FINISHED = 1 << 2, /* among the last ended */
  ASYNC_REQUESTS_SLOW = 1 << 3      /* among the last slow or failed */
};

/* Types of resources that are counted each by itself for a request. */
#define ASYNC_REQUEST_TYPES 8

/* Resources of one type that were made for a request. */
typedef struct async_request_type_s {
  const char *type; /* lives as long as the process */
  uint64_t count;   /* made, alive or not */
} async_request_type_t;

/* A request, copied from its account. */
typedef struct async_request_info_s {
  uint64_t number;                     /* unique in the process */
  unsigned which;                      /* of async_requests_e */
  uint32_t thread;                     /* on which it began */
  uint32_t place;                      /* where its account lies */
  char name[ASYNC_REQUEST_NAME_BYTES]; /* with the final NUL */
  bool name_cut;                       /* it was longer */
  char route[ASYNC_ROUTE_BYTES];       /* "" for none */
  async_ref_t root; /* the first resource made for it; id 0 for none */
  uint64_t started_ns, ended_ns; /* ended_ns 0: not yet */
  int status;                    /* once it has ended */
  bool failed; /* its status, or who said so (async_request_set_failed()) */
  uint32_t holders;            /* settings of it that some frame still shows */
  async_request_trace_t trace; /* all 0: none */
  /* Also what came after its end, and what goes on now: the callback that
   * runs, the task that waits. No answer is less than one before. */
  uint64_t loop_ns, worker_ns;  /* on loops' threads, on all others */
  uint64_t queued_ns;           /* tasks waiting for a worker */
  uint64_t in_bytes, out_bytes; /* async_request_add_bytes() */
  uint64_t resources;           /* made, of all types */
  /* By type, the first seen; the counts add up to `resources`, with those of
   * further types in `other_types`. */
  size_t type_count;
  async_request_type_t types[ASYNC_REQUEST_TYPES]; /* `type_count` of them */
  uint64_t other_types; /* resources of further types */
} async_request_info_t;

struct async_env_s;

/* Copies up to `max` requests that began on the thread of `env` and are one of
 * `which`, as async_inspect_resources() does records; in no order. */
ASYNC_EXTERN size_t async_inspect_requests(struct async_env_s *env,
                                           unsigned which, uint32_t *cursor,
                                           async_request_info_t *ret_infos,
                                           size_t max);

/* Copies the tracestate of request `number`, whose account lies at `place`, and
 * answers its bytes; 0 where it has none or is gone. No final NUL. */
ASYNC_EXTERN size_t async_inspect_trace_state(
    struct async_env_s *env, uint32_t place, uint64_t number,
    char ret_text[ASYNC_TRACE_STATE_BYTES]);

/* What has become of the requests of one route. */
typedef struct async_route_info_s {
  char route[ASYNC_ROUTE_BYTES]; /* "" for requests without one */
  uint64_t finished, failed;     /* failed ones are finished too */
} async_route_info_t;

/* Route `index` of the thread of `env`, in the order of their first sight:
 * UV_ENOENT behind the last. Its latencies in nanoseconds are added to `sum`
 * (may be NULL). */
ASYNC_EXTERN int async_inspect_route(struct async_env_s *env, size_t index,
                                     async_route_info_t *ret_info,
                                     async_histogram_t *sum);

#ifdef __cplusplus
}
#endif
#endif
