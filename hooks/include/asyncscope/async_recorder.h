/* The recorder: what happened last on each thread, kept in a ring of events of
 * fixed size that any thread reads while it is written.
 *
 * Always on; memory is touched only as it is used. No event costs a clock read
 * of its own: the time is that of the last scope boundary on the thread, or of
 * the event itself where that has read the clock. Events stand in the order in
 * which they were written; a run is written when its scope is left, so inner
 * ones come before outer ones.
 *
 * Unless a function says otherwise:
 *   Thread: any.
 *   In hooks: yes.
 *   Errors: UV_ENOMEM, UV_EINVAL without an environment.
 *   Memory: what is copied is the caller's; types and sites live as long as the
 *     process.
 *   Node: has none. */
#ifndef ASYNCSCOPE_ASYNC_RECORDER_H
#define ASYNCSCOPE_ASYNC_RECORDER_H

#include "asyncscope/async_inspect.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the recorder of a thread may take where nobody says otherwise. */
#define ASYNC_RECORDER_BYTES ((size_t)1 << 20)

/* How much memory the calling thread's recorder may take from now on, in place
 * of ASYNC_RECORDER_BYTES; what holds no event (0, for example) turns it off.
 * What was recorded before is forgotten; the numbers of events go on.
 * Errors: UV_ENOMEM, UV_EINVAL without an environment; nothing has changed.
 * Thread: the one whose events it is to keep. */
ASYNC_EXTERN int async_env_set_recorder_bytes(size_t bytes);

/* The same for every thread: those that open their environment from now on
 * begin with it; those there are, whatever they have set, take it when they are
 * next outside of every scope or turn their loop, if there is memory for it.
 * Thread: any, with an environment or without. */
ASYNC_EXTERN void async_recorder_set_bytes(size_t bytes);

/* What is recorded. */
typedef enum async_event_kind_e {
  ASYNC_EVENT_INIT = 1, /* a resource was made */
  ASYNC_EVENT_RUN,      /* a scope was entered and left */
  ASYNC_EVENT_DESTROY,  /* the resource ended; hooks may hear of it later */
  ASYNC_EVENT_REQUEST_BEGIN, /* a request was begun */
  ASYNC_EVENT_REQUEST_END    /* it has ended */
} async_event_kind_t;

/* One event, copied. What its kind does not say anything of is 0. */
typedef struct async_event_s {
  async_event_kind_t kind; /* what happened */
  uint64_t at_ns; /* of a run: when it began; async_inspect_now_ns()'s scale */
  uint64_t duration_ns; /* of a run; of a request, at its end */
  /* The resource; of a request the one in whose scope it began or ended. */
  async_id_t async_id;
  const char *type;         /* lives as long as the process; "" of a request */
  const async_site_t *site; /* NULL where it is not known, and of a request */
  uint64_t request;         /* 0 for none */
  async_ref_t trigger;      /* of an init: the cause with its thread */
  /* Of an init: where it was made. Of a run: the scope around it. */
  async_id_t execution_async_id;
  int status;    /* of the end of a request */
  bool internal; /* of asyncscope's own */
} async_event_t;

/* Copies up to `max` events of `env` from number `*cursor` on, oldest first,
 * moves the cursor behind them and returns how many; 0 when there is nothing
 * new. Events count from 0. `*ret_lost` (not NULL) is set to how many were
 * skipped because they had been overwritten: a reader that comes in time loses
 * none. */
ASYNC_EXTERN size_t async_inspect_events(async_env_t *env, uint64_t *cursor,
                                         async_event_t *ret_events, size_t max,
                                         uint64_t *ret_lost);

/* How far back the recorder of a thread reaches. */
typedef struct async_recorder_info_s {
  size_t capacity_bytes; /* 0: off */
  uint64_t capacity;     /* in events */
  uint64_t written;      /* since the environment was opened */
  uint64_t lost;         /* of these, no longer there */
  /* Everything written since is there: the end of the oldest event, or 0 while
   * none is. */
  uint64_t covers_from_ns;
} async_recorder_info_t;

/* What is known of an environment's recorder now.
 * Thread: any that holds a reference to the environment. */
ASYNC_EXTERN void async_inspect_recorder(async_env_t *env,
                                         async_recorder_info_t *ret_info);

#ifdef __cplusplus
}
#endif
#endif
