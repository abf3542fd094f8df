/* One answer of the diagnostics while it is being read. It lives until its
 * request is closed, and then until its timer is. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_ANSWER_H
#define ASYNCSCOPE_SERVER_DEBUG_ANSWER_H

#include "asyncscope/async_queue.h"
#include "debug_mount.h"

typedef struct debug_answer_s {
  debug_mount_t *mount;
  http_response_t *response;
  asyncscope_debug_stream_t *stream;
  struct debug_answer_s *next, **link; /* among the mount's */
  uv_timer_t timer;
  async_immediate_t turn;
  bool endless; /* events */
  bool lasts;   /* or comes only when the time it is about is over */
  bool waiting; /* for the stream, not for its reader */
} debug_answer_t;

/* Has the request answered with `opened`, whose stream is taken over in any
 * case. Errors: UV_ENOMEM; then nothing was sent. */
int debug_answer_begin(debug_mount_t *mount, http_request_t *request,
                       http_response_t *response,
                       const asyncscope_debug_answer_t *opened);

/* For a loop that is to end: see debug_mount_stop(). */
void debug_answer_stop(debug_answer_t *answer);

/* Whether it takes as long as its reader likes: it has no end, or comes when
 * the time it is about is over. */
bool debug_answer_lasts(const asyncscope_debug_answer_t *opened);

#endif
