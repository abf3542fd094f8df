/* What is due, in Node's order: all of the list that is due first, then the
 * next list, each against the time at which this began. A callback may run the
 * loop, which then goes on where this one is: nothing is kept across a callback
 * but the list, which is held. */
#include "timeouts.h"

#include "env.h"
#include "uv_tracked.h"

uint64_t asyncscope__timeouts_now_ms(async_env_t *env) {
  uv_update_time(env->loop.loop);
  return uv_now(env->loop.loop);
}

void asyncscope__timeouts_schedule(async_env_t *env) {
  uv_timer_t *timer = &env->timeouts.timer;
  const asyncscope__timer_list_t *list =
      asyncscope__timer_list_first(&env->timeouts.lists);
  if (list == NULL) {
    uv_timer_stop(timer);
    return;
  }
  uint64_t now_ms = uv_now(timer->loop);
  uv_timer_start(timer, asyncscope__timeouts_run,
                 list->due_ms > now_ms ? list->due_ms - now_ms : 1, 0);
}

/* Stopped in its callback it may be gone. Where the thread ends in it, it does
 * not go on. */
static void end_firing(asyncscope__firing_t **guard) {
  asyncscope__firing_t *firing = *guard;
  async_env_t *env = asyncscope__env;
  async_timeout_t *timeout = firing->timeout;
  env->timeouts.firing = firing->around;
  if (timeout == NULL)
    return;
  if (firing->repeats && firing->returned)
    asyncscope__timeout_insert(env, timeout, firing->began_ms);
  else if (!asyncscope__timeout_is_listed(timeout))
    asyncscope__timeout_end(env, timeout);
}

/* A hook may have stopped it. */
static void call_back(async_env_t *env, asyncscope__firing_t *firing) {
  __attribute__((cleanup(end_firing))) asyncscope__firing_t *guard = firing;
  if (firing->repeats)
    guard->began_ms = asyncscope__timeouts_now_ms(env);
  if (firing->timeout != NULL)
    firing->timeout->cb(firing->timeout);
  firing->returned = true;
}

static void fire(async_env_t *env, async_timeout_t *timeout) {
  asyncscope__firing_t firing = {.timeout = timeout,
                                 .around = env->timeouts.firing,
                                 .repeats = timeout->repeats};
  env->timeouts.firing = &firing;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&timeout->resource);
  call_back(env, &firing);
  env->timeouts.failed = env->failure.pending && env->callbacks_open == 1;
  asyncscope__uv_scope_close(&scope);
}

/* NULL: the list was drained, or has been put off by a run inside of this one,
 * as its new number says. */
static async_timeout_t *next_of(const asyncscope__timer_list_t *list,
                                uint64_t number) {
  return list->place == 0 || list->number != number ||
                 asyncscope__timer_list_is_empty(list) ||
                 asyncscope__is_stopping()
             ? NULL
             : list->timeouts.next;
}

/* Without a callback it was stopped when it had fired, and refreshed then. */
static void run_one(async_env_t *env, async_timeout_t *timeout) {
  asyncscope__timeout_unlist(timeout);
  if (timeout->cb == NULL)
    asyncscope__timeout_end(env, timeout);
  else
    fire(env, timeout);
}

/* Later ones of a list are due later, so the first that is not due is when the
 * list is; not in this turn, whatever the clock says. */
static void drain(async_env_t *env, asyncscope__timer_list_t *list,
                  uint64_t now_ms) {
  asyncscope__timer_lists_t *lists = &env->timeouts.lists;
  uint64_t number = list->number;
  async_timeout_t *timeout;
  while ((timeout = next_of(list, number)) != NULL) {
    uint64_t due_ms = timeout->started_ms + list->duration_ms;
    if (due_ms > now_ms) {
      asyncscope__timer_list_postpone(lists, list, due_ms);
      return;
    }
    run_one(env, timeout);
  }
  if (list->place > 0 && list->number == number &&
      asyncscope__timer_list_is_empty(list))
    asyncscope__timer_list_unqueue(lists, list);
}

/* What was queued at top level runs before a timeout is chosen, as it may stop
 * it. */
static asyncscope__timer_list_t *next_due(async_env_t *env, uint64_t now_ms) {
  asyncscope__ticks_run_due(env);
  asyncscope__timer_list_t *list =
      asyncscope__timer_list_first(&env->timeouts.lists);
  if (list == NULL || list->due_ms > now_ms || asyncscope__is_stopping())
    return NULL;
  list->holders++;
  return list;
}

/* Should a callback run the loop, then it finds the timer started. Ticks behind
 * a last one that failed do not wait for another callback: this is one. */
void asyncscope__timeouts_run(uv_timer_t *timer) {
  async_env_t *env = timer->data;
  uint64_t now_ms = asyncscope__timeouts_now_ms(env);
  asyncscope__timer_list_t *list;
  uv_timer_start(timer, asyncscope__timeouts_run, 1, 0);
  while ((list = next_due(env, now_ms)) != NULL) {
    drain(env, list, now_ms);
    asyncscope__timer_list_drop(&env->timeouts.lists, list);
  }
  asyncscope__timeouts_schedule(env);
  if (env->timeouts.failed)
    asyncscope__ticks_run(env);
  env->timeouts.failed = false;
}

void asyncscope__timeouts_open(async_env_t *env, uv_loop_t *loop) {
  uv_timer_t *timer = &env->timeouts.timer;
  uv_timer_init(loop, timer);
  timer->data = env;
  uv_unref((uv_handle_t *)timer);
}

void asyncscope__timeouts_stop(async_env_t *env) {
  asyncscope__timer_lists_t *lists = &env->timeouts.lists;
  asyncscope__timer_list_t *list;
  while ((list = asyncscope__timer_list_first(lists)) != NULL) {
    list->holders++;
    while (!asyncscope__timer_list_is_empty(list)) {
      async_timeout_t *timeout = list->timeouts.next;
      asyncscope__timeout_unlist(timeout);
      timeout->stopped = true;
      asyncscope__timeout_end(env, timeout);
    }
    asyncscope__timer_list_unqueue(lists, list);
    asyncscope__timer_list_drop(lists, list);
  }
  asyncscope__timer_lists_finish(lists);
}
