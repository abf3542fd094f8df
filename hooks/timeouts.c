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

/* A list in its turn. */
typedef struct turn_s {
  asyncscope__timer_list_t *list; /* held */
  uint64_t number;
  uint64_t now_ms;
} turn_t;

/* False: the list was drained, or has been put off by a run inside of this one,
 * as its new number says. */
static bool goes_on(const turn_t *turn) {
  const asyncscope__timer_list_t *list = turn->list;
  return list->place > 0 && list->number == turn->number &&
         !asyncscope__timer_list_is_empty(list) && !asyncscope__is_stopping();
}

static uint64_t first_due_ms(const asyncscope__timer_list_t *list) {
  return list->timeouts.next->started_ms + list->duration_ms;
}

static async_timeout_t *next_of_list(const turn_t *turn) {
  return goes_on(turn) && first_due_ms(turn->list) <= turn->now_ms
             ? turn->list->timeouts.next
             : NULL;
}

/* Whether another list is due. This one is the first of the heap, or has been
 * put off. */
static bool is_other_due(const async_env_t *env, const turn_t *turn) {
  const asyncscope__timer_lists_t *lists = &env->timeouts.lists;
  uint32_t end = lists->queued < 3 ? lists->queued : 3;
  for (uint32_t i = 0; i < end; i++)
    if (lists->heap[i] != turn->list && lists->heap[i]->due_ms <= turn->now_ms)
      return true;
  return false;
}

/* What is next is chosen before the ticks run, as in Node. Those behind one
 * that fails among them then do not wait for another callback: this is one. */
static void fire(async_env_t *env, const turn_t *turn,
                 async_timeout_t *timeout) {
  asyncscope__firing_t firing = {.timeout = timeout,
                                 .around = env->timeouts.firing,
                                 .repeats = timeout->repeats};
  env->timeouts.firing = &firing;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&timeout->resource);
  call_back(env, &firing);
  bool outermost = env->callbacks_open == 1;
  bool failed = env->failure.pending && outermost;
  env->timeouts.next = failed ? NULL : next_of_list(turn);
  bool more = env->timeouts.next != NULL || is_other_due(env, turn);
  asyncscope__uv_scope_close(&scope);
  if (outermost && env->ticks_deferred)
    env->timeouts.next = NULL;
  env->timeouts.failed = failed || (outermost && more && env->ticks_deferred);
}

/* Without a callback it was stopped when it had fired, and refreshed then. */
static void run_one(async_env_t *env, const turn_t *turn,
                    async_timeout_t *timeout) {
  env->timeouts.next = NULL;
  asyncscope__timeout_unlist(timeout);
  if (timeout->cb == NULL)
    asyncscope__timeout_end(env, timeout);
  else
    fire(env, turn, timeout);
}

/* Later ones of a list are due later, so the first that is not due is when the
 * list is; not in this turn, whatever the clock says. */
static void drain(async_env_t *env, const turn_t *turn) {
  asyncscope__timer_lists_t *lists = &env->timeouts.lists;
  asyncscope__timer_list_t *list = turn->list;
  while (goes_on(turn)) {
    async_timeout_t *next = env->timeouts.next;
    if (next == NULL && (next = next_of_list(turn)) == NULL) {
      asyncscope__timer_list_postpone(lists, list, first_due_ms(list));
      return;
    }
    run_one(env, turn, next);
  }
  if (list->place > 0 && list->number == turn->number &&
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

/* Should a callback run the loop, then it finds the timer started. It is
 * started anew when all is done: a libuv before 1.45 would run it again in this
 * turn. */
void asyncscope__timeouts_run(uv_timer_t *timer) {
  async_env_t *env = timer->data;
  uint64_t now_ms = asyncscope__timeouts_now_ms(env);
  asyncscope__timer_list_t *list;
  uv_timer_start(timer, asyncscope__timeouts_run, 1, 0);
  while ((list = next_due(env, now_ms)) != NULL) {
    const turn_t turn = {list, list->number, now_ms};
    env->timeouts.next = NULL;
    drain(env, &turn);
    asyncscope__timer_list_drop(&env->timeouts.lists, list);
  }
  env->timeouts.next = NULL;
  if (env->timeouts.failed)
    asyncscope__ticks_run(env);
  env->timeouts.failed = false;
  asyncscope__timeouts_schedule(env);
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
