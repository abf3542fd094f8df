/* Immediates run in the check phase: those queued before it, in their order;
 * what they queue waits for the next iteration. */
#include "asyncscope/async_queue.h"

#include "env.h"
#include "error.h"
#include "resource.h"

void asyncscope__immediates_init(async_env_t *env) {
  async_immediate_t *queued = &env->immediates.queued;
  async_immediate_t *running = &env->immediates.running;
  queued->next = queued->prev = queued;
  running->next = running->prev = running;
}

static void append(async_immediate_t *head, async_immediate_t *immediate) {
  immediate->next = head;
  immediate->prev = head->prev;
  head->prev->next = immediate;
  head->prev = immediate;
}

static void unlink_from_ring(async_immediate_t *immediate) {
  immediate->prev->next = immediate->next;
  immediate->next->prev = immediate->prev;
}

static bool is_empty(const async_immediate_t *head) {
  return head->next == head;
}

/* Behind what is in `to`: an immediate may run the loop. */
static void move_ring(async_immediate_t *from, async_immediate_t *to) {
  if (is_empty(from))
    return;
  to->prev->next = from->next;
  from->next->prev = to->prev;
  to->prev = from->prev;
  to->prev->next = to;
  from->next = from->prev = from;
}

static bool is_started(const async_immediate_t *immediate) {
  return immediate->cb != NULL;
}

/* The ring it lies in is its own thread's. */
static bool is_elsewhere(const async_immediate_t *immediate) {
  uint32_t thread = immediate->resource.thread;
  if (asyncscope__env != NULL && thread == asyncscope__env->thread)
    return false;
  asyncscope__fail(UV_EINVAL, "immediate of thread %u used on another thread",
                   (unsigned)thread);
  return true;
}

int async_immediate_start_at(const async_site_t *site,
                             async_immediate_t *immediate,
                             async_immediate_cb cb) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || env->loop.loop == NULL || cb == NULL)
    return asyncscope__fail(UV_EINVAL, "an immediate needs a %s",
                            cb == NULL ? "callback" : "bound loop");
  if (is_started(immediate))
    return is_elsewhere(immediate)
               ? UV_EINVAL
               : asyncscope__fail(UV_EBUSY, "the immediate is started");
  int error = asyncscope__check_loop(env->loop.loop);
  if (error == 0)
    error =
        async_resource_init_at(site, &immediate->resource, "Immediate", NULL);
  if (error != 0)
    return error;
  immediate->cb = cb;
  immediate->unreferenced = false;
  append(&env->immediates.queued, immediate);
  env->immediates.referenced++;
  asyncscope__loop_wake(env);
  return 0;
}

static void forget(async_env_t *env, async_immediate_t *immediate) {
  unlink_from_ring(immediate);
  immediate->cb = NULL;
  if (!immediate->unreferenced)
    env->immediates.referenced--;
}

void async_immediate_stop(async_immediate_t *immediate) {
  async_env_t *env = asyncscope__env;
  if (!is_started(immediate) || is_elsewhere(immediate))
    return;
  forget(env, immediate);
  async_resource_finish(&immediate->resource);
  asyncscope__loop_rest(env);
}

static void set_referenced(async_immediate_t *immediate, bool referenced) {
  async_env_t *env = asyncscope__env;
  if (!is_started(immediate) || is_elsewhere(immediate) ||
      immediate->unreferenced == !referenced)
    return;
  immediate->unreferenced = !referenced;
  env->immediates.referenced += referenced ? 1 : (size_t)-1;
  asyncscope__resource_set_ref(&immediate->resource, referenced);
  if (referenced)
    asyncscope__loop_wake(env);
  else
    asyncscope__loop_rest(env);
}

void async_immediate_ref(async_immediate_t *immediate) {
  set_referenced(immediate, true);
}

void async_immediate_unref(async_immediate_t *immediate) {
  set_referenced(immediate, false);
}

bool async_immediate_has_ref(const async_immediate_t *immediate) {
  return is_started(immediate) && !immediate->unreferenced;
}

/* It is no longer started when its callback runs, so the callback may start,
 * free or reuse it, and the loop does not wait for it: what is left of it is a
 * copy. Its destroy is queued before after fires, as in Node. Answers whether
 * its callback failed and nothing around will take that. */
static bool run(async_env_t *env, async_immediate_t *immediate) {
  async_immediate_cb cb = immediate->cb;
  async_resource_t ended = immediate->resource;
  forget(env, immediate);
  asyncscope__resource_set_ref(&ended, false);
  int error = async_callback_scope_open(&immediate->resource);
  asyncscope__resource_hand_over(&immediate->resource, &ended);
  cb(immediate);
  bool failed = env->failure.pending && env->callbacks_open == 1;
  async_resource_finish(&ended);
  if (error == 0)
    async_callback_scope_close(&ended);
  return failed;
}

/* Ticks queued at top level would run when the immediate's scope opens, and
 * may stop and free it: they run before it is chosen. */
static async_immediate_t *next_to_run(async_env_t *env) {
  async_immediate_t *running = &env->immediates.running;
  if (asyncscope__ticks_wanted(env))
    asyncscope__ticks_run_due(env);
  return is_empty(running) || asyncscope__is_stopping() ? NULL : running->next;
}

/* Behind one that failed Node begins again at once, before the ticks: with what
 * is left of the batch, or else with what was started since. */
ASYNCSCOPE__APART static bool run_all(async_env_t *env) {
  asyncscope__immediates_t *immediates = &env->immediates;
  async_immediate_t *immediate;
  bool any = false, failed;
  do {
    failed = false;
    move_ring(&immediates->queued, &immediates->running);
    while ((immediate = next_to_run(env)) != NULL) {
      failed = run(env, immediate);
      any = true;
    }
  } while (failed && !is_empty(&immediates->queued));
  return any && !failed;
}

static bool nothing_runs(const async_env_t *env) {
  return is_empty(&env->immediates.queued) &&
         is_empty(&env->immediates.running) && !asyncscope__ticks_wanted(env);
}

/* It is asked for behind each task of a worker, and mostly there is nothing. */
bool asyncscope__immediates_run(async_env_t *env) {
  return !nothing_runs(env) && run_all(env);
}

void asyncscope__immediates_stop(async_env_t *env) {
  move_ring(&env->immediates.queued, &env->immediates.running);
  while (!is_empty(&env->immediates.running))
    async_immediate_stop(env->immediates.running.next);
}
