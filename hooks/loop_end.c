/* The end of a loop that nobody will run again.
 *
 * A handle's memory is whoever's it was, so a program that wants to hear of its
 * end closes it in a cleanup hook, with a callback; what is left open is closed
 * here without one. A request's callback is called in any case, because it is
 * there that its memory is given back; what it might begin is refused, so the
 * loop comes to an end. */
#include "env.h"

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

void asyncscope__loop_end(async_env_t *env) {
  uv_loop_t *loop = env->loop.loop;
  asyncscope__cleanups_run(env);
  uv_idle_stop(&env->loop.idle);
  asyncscope__immediates_stop(env);
  asyncscope__timeouts_stop(env);
  do {
    asyncscope__handles_close(env);
    uv_walk(loop, close_other, env);
    uv_run(loop, UV_RUN_DEFAULT);
  } while (uv_loop_alive(loop));
}
