/* Notices that accept fails where libuv does not tell of it.
 *
 * From 1.45 on libuv tries accept once a turn, and drops its error: a listener
 * that cannot be taken from stays readable, the loop turns without pause, and
 * no callback is called. So the turns are counted, and now and then the socket
 * is asked. It is stuck when it had something to take each time that it was
 * looked at, HTTP_ACCEPT_LOOKS times HTTP_ACCEPT_LOOK_TURNS turns long, and
 * nothing was taken. A loop that rests does not turn, and is never asked. */
#ifndef ASYNCSCOPE_SERVER_HTTP_ACCEPT_WATCH_H
#define ASYNCSCOPE_SERVER_HTTP_ACCEPT_WATCH_H

#include <stdbool.h>
#include <uv.h>

typedef struct http_accept_watch_s http_accept_watch_t;

/* May stop and start the watch. */
typedef void (*http_accept_stuck_cb)(http_accept_watch_t *watch);

struct http_accept_watch_s {
  void *data; /* public */
  /* private */
  uv_check_t check;
  uv_os_sock_t sock;
  unsigned turns, looks; /* since something was last taken */
  http_accept_stuck_cb on_stuck;
};

/* Whether the libuv that runs keeps the error to itself. With another the watch
 * need not be started. */
bool http_accept_watch_is_needed(void);

void http_accept_watch_init(http_accept_watch_t *watch, uv_loop_t *loop,
                            http_accept_stuck_cb on_stuck);

/* `sock` is borrowed, and need not be the descriptor that libuv has of the
 * listener's socket. Does not keep the loop alive. */
void http_accept_watch_start(http_accept_watch_t *watch, uv_os_sock_t sock);
void http_accept_watch_stop(http_accept_watch_t *watch);

/* Something was taken, or nobody means to take anything. */
static inline void http_accept_watch_reset(http_accept_watch_t *watch) {
  watch->turns = watch->looks = 0;
}

/* `on_closed` is given the handle whose data is the watch. */
void http_accept_watch_close(http_accept_watch_t *watch, uv_close_cb on_closed);

#endif
