#include "http_accept_watch.h"

#include "http_limits.h"
#include <poll.h>

#define HTTP_ACCEPT_SILENT_FROM (1u << 16 | 45u << 8) /* libuv 1.45 */

static bool has_something(uv_os_sock_t sock) {
  struct pollfd entry = {.fd = sock, .events = POLLIN};

  return poll(&entry, 1, 0) == 1 && (entry.revents & POLLIN) != 0;
}

static void look(http_accept_watch_t *watch) {
  watch->looks = has_something(watch->sock) ? watch->looks + 1 : 0;
  if (watch->looks < HTTP_ACCEPT_LOOKS)
    return;
  http_accept_watch_reset(watch);
  watch->on_stuck(watch);
}

static void on_check(uv_check_t *check) {
  http_accept_watch_t *watch = check->data;

  if (++watch->turns < HTTP_ACCEPT_LOOK_TURNS)
    return;
  watch->turns = 0;
  look(watch);
}

bool http_accept_watch_is_needed(void) {
  return uv_version() >= HTTP_ACCEPT_SILENT_FROM;
}

void http_accept_watch_init(http_accept_watch_t *watch, uv_loop_t *loop,
                            http_accept_stuck_cb on_stuck) {
  uv_check_init(loop, &watch->check);
  uv_unref((uv_handle_t *)&watch->check);
  watch->check.data = watch;
  watch->on_stuck = on_stuck;
}

void http_accept_watch_start(http_accept_watch_t *watch, uv_os_sock_t sock) {
  watch->sock = sock;
  http_accept_watch_reset(watch);
  uv_check_start(&watch->check, on_check);
}

void http_accept_watch_stop(http_accept_watch_t *watch) {
  uv_check_stop(&watch->check);
}

void http_accept_watch_close(http_accept_watch_t *watch,
                             uv_close_cb on_closed) {
  uv_close((uv_handle_t *)&watch->check, on_closed);
}
