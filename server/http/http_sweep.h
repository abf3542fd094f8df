/* When deadlines are judged.
 *
 * A loop calls its timers before it reads what waits in the kernel. Where it
 * stood, in a callback or with the whole machine, whoever sent in time would be
 * found late there. So the timer only fixes the time, and the judging comes
 * behind the next poll, which does not wait: what had arrived by that time has
 * been read, and who is late then has sent nothing. */
#ifndef ASYNCSCOPE_SERVER_HTTP_SWEEP_H
#define ASYNCSCOPE_SERVER_HTTP_SWEEP_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

typedef struct http_sweep_s http_sweep_t;

/* `now_ms` is the time to judge by, in the scale of uv_now(). May start, stop
 * and close the sweep. */
typedef void (*http_sweep_cb)(http_sweep_t *sweep, uint64_t now_ms);
typedef void (*http_sweep_closed_cb)(http_sweep_t *sweep);

struct http_sweep_s {
  void *data; /* public */
  /* private */
  uv_timer_t timer;
  uv_idle_t idle;   /* while a sweep is due: the poll does not wait */
  uv_check_t check; /* the same: what is behind the poll */
  uint64_t now_ms;
  http_sweep_cb on_sweep;
  http_sweep_closed_cb on_closed;
  unsigned open_count; /* of the three */
};

void http_sweep_init(http_sweep_t *sweep, uv_loop_t *loop,
                     http_sweep_cb on_sweep);

/* Each HTTP_SWEEP_MS from now on, until it is stopped. */
void http_sweep_start(http_sweep_t *sweep);
void http_sweep_stop(http_sweep_t *sweep);
bool http_sweep_is_active(const http_sweep_t *sweep);

/* Whether it keeps the loop alive while it is active; at first it does. */
void http_sweep_keep_alive(http_sweep_t *sweep, bool alive);

/* `on_closed` comes when its memory is free again. */
void http_sweep_close(http_sweep_t *sweep, http_sweep_closed_cb on_closed);
bool http_sweep_is_closing(const http_sweep_t *sweep);

#endif
