/* What requests do while they are under way: their work in pools, files,
 * look-ups and connections, as the recorders tell it, by request. */
#ifndef ASYNCSCOPE_SERVER_OTLP_FOLLOW_H
#define ASYNCSCOPE_SERVER_OTLP_FOLLOW_H

#include "asyncscope/async_recorder.h"
#include "otlp_span.h"

/* Times are those of async_inspect_now_ns(). */
typedef struct otlp_child_s {
  async_ref_t ref, trigger;
  const otlp_work_t *work;
  const char *type;
  const async_site_t *site;
  uint64_t start_ns, end_ns; /* end_ns 0: not over */
  uint64_t run_ns;
  bool ran;
  bool told; /* its span is made */
} otlp_child_t;

/* One whose work is followed. */
typedef struct otlp_followed_s {
  struct otlp_followed_s *next_in_slot;
  struct otlp_followed_s *older, *newer;
  uint64_t number;
  bool finished; /* then the following are known */
  async_request_trace_t trace;
  otlp_state_t *state; /* a reference, or NULL */
  otlp_child_t *children;
  size_t count, capacity;
} otlp_followed_t;

#define OTLP_FOLLOW_SLOTS 1024

typedef struct otlp_follow_s {
  otlp_followed_t *slots[OTLP_FOLLOW_SLOTS];
  otlp_followed_t *oldest, *newest;
  size_t count;
  uint64_t given_up; /* children there was no room for */
} otlp_follow_t;

/* An event of a thread of that kind. */
void otlp_follow_event(otlp_follow_t *follow, uint32_t thread,
                       async_env_kind_t kind, const async_event_t *event);

/* NULL where nothing of it is followed. */
otlp_followed_t *otlp_follow_find(const otlp_follow_t *follow, uint64_t number);

void otlp_follow_forget(otlp_follow_t *follow, otlp_followed_t *followed);
void otlp_follow_finish(otlp_follow_t *follow);

/* The child of that name, or NULL. */
otlp_child_t *otlp_followed_child(const otlp_followed_t *followed,
                                  async_ref_t ref);

#endif
