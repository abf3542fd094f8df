/* From what all threads publish to spans in a queue. */
#ifndef ASYNCSCOPE_SERVER_OTLP_COLLECT_H
#define ASYNCSCOPE_SERVER_OTLP_COLLECT_H

#include "otlp_follow.h"
#include "otlp_span.h"

/* How far a thread has been read. Its environment is held, so that what it did
 * last is still there when it has ended. */
typedef struct otlp_thread_s {
  uint32_t thread;
  async_env_t *env;
  bool ended; /* it had, before the look that is under way */
  uint64_t next_event;
  uint64_t finished; /* of all routes, when it was read last */
  uint64_t seen;     /* of them, found or found to be missed */
  uint64_t *numbers; /* of the requests kept then, ascending */
  size_t number_count;
} otlp_thread_t;

typedef struct otlp_finished_s {
  async_request_info_t info;
  otlp_state_t *state; /* a reference, or NULL */
  char thread_name[ASYNC_ENV_NAME_BYTES];
} otlp_finished_t;

typedef struct otlp_collect_s {
  otlp_queue_t *queue;
  otlp_follow_t follow;
  otlp_thread_t *threads;
  size_t thread_count, thread_capacity;
  otlp_finished_t *finished; /* of this look */
  size_t finished_count, finished_capacity;
  uint64_t epoch_ns; /* of the clock's time 0 of async_inspect_now_ns() */
  uint64_t dropped, missed, missed_events;
} otlp_collect_t;

/* What has finished or happened before is passed over. */
void otlp_collect_init(otlp_collect_t *collect, otlp_queue_t *queue);
void otlp_collect_finish(otlp_collect_t *collect);

/* From now on this one is looked at, too, if it is not yet. */
void otlp_collect_know(otlp_collect_t *collect, async_env_t *env);

/* Looks at every thread once: answers whether anything had happened. What
 * there is no memory for is missed. */
bool otlp_collect_look(otlp_collect_t *collect);

/* The spans of what was found (otlp_emit.c). */
void otlp_emit_request(otlp_collect_t *collect,
                       const otlp_finished_t *finished);
/* Those of its work that are over, also after it. */
void otlp_emit_children(otlp_collect_t *collect, otlp_followed_t *followed);

#endif
