/* Delivery on a bound loop under a plain uv_run().
 *
 * The check handle never keeps the loop alive; the idle handle does while
 * something is queued, and makes the loop turn without waiting. Destroy
 * events come before the iteration's immediates. */
#include "env.h"

#include "async_worker_inside.h"
#include "error.h"
#include "frame.h"

static void on_wake(uv_async_t *wake) {
  async_env_t *env = wake->data;
  asyncscope__bindings_return(env);
}

static bool is_pending(const async_env_t *env) {
  return env->destroys.first != ASYNCSCOPE__SLAB_NONE ||
         env->immediates.referenced > 0 || asyncscope__ticks_pending(env) ||
         (env->failure.pending && env->stack.depth == 0);
}

void asyncscope__loop_rest(async_env_t *env) {
  if (env->loop.loop != NULL && env->loop.closing == 0 && !is_pending(env))
    uv_idle_stop(&env->loop.idle);
}

static void on_prepare(uv_prepare_t *prepare) {
  async_env_t *env = prepare->data;
  asyncscope__loop_health_wait(&env->loop_health, env->stack.depth,
                               asyncscope__read_clock(env));
  env->loop.waiting = true;
  env->loop.polled_depth = env->stack.depth;
  env->loop.polling = true;
}

/* The program may run its loop inside a scope, also again inside of a callback:
 * then the inner run ends the polling of the outer one, about which nothing is
 * known any more. */
static void check_balance(async_env_t *env) {
  if (env->loop.polling && env->stack.depth > env->loop.polled_depth)
    asyncscope__finding_unbalanced(env);
  env->loop.polling = false;
}

/* Before a callback that comes right behind another, and inside of scopes, the
 * time of the last boundary may lie before the wait. */
void asyncscope__loop_waited(async_env_t *env) {
  env->loop.waiting = false;
  asyncscope__loop_health_waited(&env->loop_health,
                                 asyncscope__read_clock(env));
}

/* Nothing keeps the loop turning but destroy events: then Node tells of them
 * when the loop has ended, and what the hooks start runs in a turn of its own,
 * behind the destroy events of the ticks that they queued. */
static bool is_last_turn(async_env_t *env) {
  if (env->destroys.first == ASYNCSCOPE__SLAB_NONE ||
      env->immediates.referenced > 0)
    return false;
  uv_unref((uv_handle_t *)&env->loop.idle);
  bool alive = uv_loop_alive(env->loop.loop) != 0;
  uv_ref((uv_handle_t *)&env->loop.idle);
  return !alive;
}

/* To hooks it is a callback, at whose end even deferred ticks run. */
static void deliver_destroys(async_env_t *env) {
  if (asyncscope__destroys_deliver(env) && env->hooks.wanted.destroy > 0)
    asyncscope__ticks_run(env);
}

static void on_check(uv_check_t *check) {
  async_env_t *env = check->data;
  env->loop.waiting = false;
  asyncscope__loop_health_check(&env->loop_health, check->loop,
                                asyncscope__read_clock(env));
  asyncscope__counter_add(&env->counters.loop_iterations, 1);
  check_balance(env);
  asyncscope__ticks_run_due(env);
  bool last = is_last_turn(env);
  deliver_destroys(env);
  if (last || !asyncscope__immediates_run(env))
    asyncscope__ticks_run(env);
  asyncscope__slab_shrink(&env->records);
  asyncscope__slab_shrink(&env->names);
  asyncscope__recorder_settle(&env->recorder, &env->readers);
  asyncscope__requests_settle(env);
  asyncscope__loop_rest(env);
  if (env->worker != NULL)
    asyncscope__worker_check(env->worker);
}

/* What was queued at top level does not wait for the check phase. */
static void on_idle(uv_idle_t *idle) {
  async_env_t *env = idle->data;
  asyncscope__ticks_run_due(env);
}

/* While a loop ends nothing of ours keeps it turning: destroy hooks and ticks
 * that call for each other would do so for ever, and so would an idle handle
 * that uv_walk() gave to a program that closes all it gets: libuv starts even
 * that, and nothing would stop it. */
void asyncscope__loop_wake(async_env_t *env) {
  if (env->loop.loop != NULL && env->loop.closing == 0 && !env->ending &&
      !uv_is_closing((uv_handle_t *)&env->loop.idle))
    uv_idle_start(&env->loop.idle, on_idle);
}

int asyncscope__loop_open(async_env_t *env, uv_loop_t *loop) {
  int error = asyncscope__inbox_attach(&env->inbox, loop, on_wake);
  if (error != 0)
    return asyncscope__fail(error, "uv_async_init: %s", uv_strerror(error));
  uv_prepare_init(loop, &env->loop.prepare);
  uv_check_init(loop, &env->loop.check);
  uv_idle_init(loop, &env->loop.idle);
  asyncscope__timeouts_open(env, loop);
  env->loop.prepare.data = env->loop.check.data = env->loop.idle.data = env;
  env->inbox.wake.data = env;
  uv_prepare_start(&env->loop.prepare, on_prepare);
  uv_check_start(&env->loop.check, on_check);
  uv_unref((uv_handle_t *)&env->loop.prepare);
  uv_unref((uv_handle_t *)&env->loop.check);
  asyncscope__loop_health_begin(&env->loop_health, loop, uv_hrtime());
  env->loop.loop = env->loop.open = loop;
  if (is_pending(env))
    asyncscope__loop_wake(env);
  return 0;
}

static void on_closed(uv_handle_t *handle) {
  async_env_t *env = handle->data;
  env->loop.closing--;
}

static void close_handle(async_env_t *env, uv_handle_t *handle) {
  if (uv_is_closing(handle))
    return;
  env->loop.closing++;
  uv_close(handle, on_closed);
}

/* Other handles may be closed in the same turn, behind ours: what their close
 * callbacks queue must not start the idle handle again. Ours may be closing
 * without on_closed(); a turn ends all that is closing when it begins, so
 * `last`, which is always closed here, tells that they are done. */
static void close_handles(async_env_t *env) {
  uv_prepare_t last;
  uv_prepare_init(env->loop.loop, &last);
  last.data = env;
  env->loop.closing = 1;
  close_handle(env, (uv_handle_t *)&env->inbox.wake);
  close_handle(env, (uv_handle_t *)&env->loop.prepare);
  close_handle(env, (uv_handle_t *)&env->loop.check);
  close_handle(env, (uv_handle_t *)&env->loop.idle);
  close_handle(env, (uv_handle_t *)&env->timeouts.timer);
  close_handle(env, (uv_handle_t *)&last);
  while (env->loop.closing > 1)
    uv_run(env->loop.loop, UV_RUN_NOWAIT);
  env->loop.closing = 0;
}

/* A lost loop keeps them in its lists, which nobody follows any more: to run it
 * would call what nobody expects. */
void asyncscope__loop_close(async_env_t *env) {
  if (env->loop.loop == NULL)
    return;
  asyncscope__inbox_detach(&env->inbox);
  if (!env->loop.lost)
    close_handles(env);
  env->loop.loop = NULL;
  env->loop.waiting = false;
  asyncscope__loop_health_end(&env->loop_health);
}
