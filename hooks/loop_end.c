/* The end of a loop that nobody will run again.
 *
 * A handle's memory is whoever's it was, so a program that wants to hear of its
 * end closes it in a cleanup hook, with a callback; what is left open is closed
 * here without one. A request's callback is called, because it is there that
 * its memory is given back; what it might begin is refused, so the loop comes
 * to an end. Where libuv has lost requests it would not: none of those that are
 * still out is called behind the deadline, as nobody runs that loop again. */
#include "env.h"

#include <poll.h>

static bool is_own(const async_env_t *env, const uv_handle_t *handle) {
  return handle == (const uv_handle_t *)&env->loop.prepare ||
         handle == (const uv_handle_t *)&env->loop.check ||
         handle == (const uv_handle_t *)&env->loop.idle ||
         handle == (const uv_handle_t *)&env->timeouts.timer ||
         handle == (const uv_handle_t *)&env->inbox.wake;
}

/* What is not tracked: libuv knows it. */
static void close_other(uv_handle_t *handle, void *arg) {
  if (!uv_is_closing(handle) && !is_own(arg, handle))
    uv_close(handle, NULL);
}

static bool run_to_end(uv_loop_t *loop) {
  uv_run(loop, UV_RUN_DEFAULT);
  return true;
}

/* Not at all where the loop would not wait itself. */
static void wait_for_loop(const uv_loop_t *loop, uint64_t at_most_ns) {
  struct pollfd ready = {.fd = uv_backend_fd(loop), .events = POLLIN};
  int at_most_ms = (int)(at_most_ns / 1000000) + 1;
  int timeout_ms = uv_backend_timeout(loop);
  if (timeout_ms < 0 || timeout_ms > at_most_ms)
    timeout_ms = at_most_ms;
  (void)poll(&ready, 1, timeout_ms);
}

/* False where it is still alive at `deadline_ns`. */
static bool run_until(uv_loop_t *loop, uint64_t deadline_ns) {
  for (uint64_t now_ns = uv_hrtime(); now_ns < deadline_ns;
       now_ns = uv_hrtime()) {
    if (uv_run(loop, UV_RUN_NOWAIT) == 0)
      return true;
    wait_for_loop(loop, deadline_ns - now_ns);
  }
  return !uv_loop_alive(loop);
}

bool asyncscope__loop_end(async_env_t *env, uint64_t deadline_ns) {
  uv_loop_t *loop = env->loop.loop;
  bool ended = true;
  asyncscope__cleanups_run(env);
  uv_idle_stop(&env->loop.idle);
  asyncscope__immediates_stop(env);
  asyncscope__timeouts_stop(env);
  do {
    asyncscope__handles_close(env);
    uv_walk(loop, close_other, env);
    ended = deadline_ns == 0 ? run_to_end(loop) : run_until(loop, deadline_ns);
  } while (ended && uv_loop_alive(loop));
  env->loop.lost = !ended;
  return ended;
}
