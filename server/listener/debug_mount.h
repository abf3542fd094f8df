/* The diagnostics on an HTTP server: /debug, all below it, and /metrics. One
 * for each loop, used on that loop's thread alone. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_MOUNT_H
#define ASYNCSCOPE_SERVER_DEBUG_MOUNT_H

#include "debug_visit.h"
#include "http_response.h"
#include <uv.h>

typedef struct debug_mount_options_s {
  asyncscope_debug_t *debug;
  debug_policy_t policy; /* borrowed */
  /* Answers at once, and of them those that take as long as their reader likes,
   * fewer: so they leave room for the others. One more is answered 503. */
  unsigned streams_max, lasting_max;
} debug_mount_options_t;

typedef struct debug_mount_s {
  /* private */
  debug_mount_options_t options;
  uv_loop_t *loop;
  struct debug_answer_s *answers;
  unsigned stream_count, lasting_count;
  bool stopped;
} debug_mount_t;

void debug_mount_init(debug_mount_t *mount, uv_loop_t *loop,
                      const debug_mount_options_t *options);

/* Answers the request, whatever its path: 401 or 403 to who may not see it,
 * 405 to what is neither GET nor HEAD, 503 when too many read. */
void debug_mount_serve(debug_mount_t *mount, http_request_t *request,
                       http_response_t *response);

/* Whether a browser asks for "/", which debug_mount_welcome() leads to the
 * page; for another request that one answers false, and nothing else. */
bool debug_mount_is_welcome(const http_request_t *request);
bool debug_mount_welcome(const http_request_t *request,
                         http_response_t *response);

/* Answers /healthz, to everybody: the listener is well when it answers. False
 * where it is another request. */
bool debug_mount_health(const http_request_t *request,
                        http_response_t *response);

/* Before the server is stopped, which waits for its answers: those without an
 * end are ended, and those that wait for something are cut off. The others go
 * on. What is asked for later is answered 503 where it would take long. */
void debug_mount_stop(debug_mount_t *mount);

#endif
