#include "http_sweep.h"

#include "http_limits.h"

static void stop_turn(http_sweep_t *sweep) {
  uv_idle_stop(&sweep->idle);
  uv_check_stop(&sweep->check);
}

static void on_check(uv_check_t *check) {
  http_sweep_t *sweep = check->data;

  stop_turn(sweep);
  sweep->on_sweep(sweep, sweep->now_ms);
}

static void on_idle(uv_idle_t *idle) {
  (void)idle;
}

static void on_timer(uv_timer_t *timer) {
  http_sweep_t *sweep = timer->data;

  sweep->now_ms = uv_now(timer->loop);
  uv_idle_start(&sweep->idle, on_idle);
  uv_check_start(&sweep->check, on_check);
}

/* The two of a turn keep no loop alive: that is for the timer. */
void http_sweep_init(http_sweep_t *sweep, uv_loop_t *loop,
                     http_sweep_cb on_sweep) {
  uv_timer_init(loop, &sweep->timer);
  uv_idle_init(loop, &sweep->idle);
  uv_check_init(loop, &sweep->check);
  uv_unref((uv_handle_t *)&sweep->idle);
  uv_unref((uv_handle_t *)&sweep->check);
  sweep->timer.data = sweep->idle.data = sweep->check.data = sweep;
  sweep->on_sweep = on_sweep;
  sweep->open_count = 3;
}

void http_sweep_start(http_sweep_t *sweep) {
  uv_timer_start(&sweep->timer, on_timer, HTTP_SWEEP_MS, HTTP_SWEEP_MS);
}

void http_sweep_stop(http_sweep_t *sweep) {
  uv_timer_stop(&sweep->timer);
  stop_turn(sweep);
}

bool http_sweep_is_active(const http_sweep_t *sweep) {
  return uv_is_active((const uv_handle_t *)&sweep->timer) != 0;
}

void http_sweep_keep_alive(http_sweep_t *sweep, bool alive) {
  if (alive)
    uv_ref((uv_handle_t *)&sweep->timer);
  else
    uv_unref((uv_handle_t *)&sweep->timer);
}

static void on_handle_closed(uv_handle_t *handle) {
  http_sweep_t *sweep = handle->data;

  sweep->open_count--;
  if (sweep->open_count == 0)
    sweep->on_closed(sweep);
}

void http_sweep_close(http_sweep_t *sweep, http_sweep_closed_cb on_closed) {
  sweep->on_closed = on_closed;
  uv_close((uv_handle_t *)&sweep->timer, on_handle_closed);
  uv_close((uv_handle_t *)&sweep->idle, on_handle_closed);
  uv_close((uv_handle_t *)&sweep->check, on_handle_closed);
}

bool http_sweep_is_closing(const http_sweep_t *sweep) {
  return uv_is_closing((const uv_handle_t *)&sweep->timer) != 0;
}
