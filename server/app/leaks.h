/* Timers that nobody waits for and that hold the context of the request which
 * made them, for those who want to see how a leak looks in the diagnostics
 * (--demo-faults). Thread: the loop's, as all functions here. */
#ifndef ASYNCSCOPE_SERVER_LEAKS_H
#define ASYNCSCOPE_SERVER_LEAKS_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#define APP_LEAK_MAX    100000  /* timers of one request */
#define APP_LEAKS_MAX   1000000 /* of a loop, all together */
#define APP_LEAK_MAX_MS (3600 * 1000)

/* Zeroed, or with what has leaked. */
typedef struct app_leaks_s {
  /* private */
  struct app_leak_s *first;
  size_t count;
} app_leaks_t;

/* `count` timers that end after `ms`, or with app_leaks_close(). Errors:
 * UV_ENOMEM, UV_EAGAIN beyond APP_LEAKS_MAX; then none has leaked. */
int app_leaks_add(app_leaks_t *leaks, uv_loop_t *loop, size_t count,
                  uint64_t ms);

/* The loop ends: turning it ends them all. */
void app_leaks_close(app_leaks_t *leaks);

#endif
