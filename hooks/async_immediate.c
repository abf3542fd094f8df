/* Immediates run in the check phase: those queued before it, in their order;
 * what they queue waits for the next iteration. */
#include "asyncscope/async_queue.h"

#include "env.h"
#include "error.h"
#include "resource.h"

static void append(asyncscope__immediate_list_t *list,
                   async_immediate_t *immediate) {
  immediate->next = NULL;
  immediate->prev = list->last;
  if (list->last == NULL)
    list->first = immediate;
  else
    list->last->next = immediate;
  list->last = immediate;
}

static void unlink_from(asyncscope__immediate_list_t *list,
                        async_immediate_t *immediate) {
  if (immediate->prev == NULL)
    list->first = immediate->next;
  else
    immediate->prev->next = immediate->next;
  if (immediate->next == NULL)
    list->last = immediate->prev;
  else
    immediate->next->prev = immediate->prev;
}

/* Whether `immediate` is the first or last of a list decides which ends move;
 * it stands in one of the two. */
static asyncscope__immediate_list_t *list_of(async_env_t *env,
                                             async_immediate_t *immediate) {
  while (immediate->prev != NULL)
    immediate = immediate->prev;
  return env->immediates.running.first == immediate ? &env->immediates.running
                                                    : &env->immediates.queued;
}

static bool is_started(const async_immediate_t *immediate) {
  return immediate->cb != NULL;
}

int async_immediate_start_at(const async_site_t *site,
                             async_immediate_t *immediate,
                             async_immediate_cb cb) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || env->loop.loop == NULL || cb == NULL)
    return asyncscope__fail(UV_EINVAL, "an immediate needs a %s",
                            cb == NULL ? "callback" : "bound loop");
  if (is_started(immediate))
    return asyncscope__fail(UV_EBUSY, "the immediate is started");
  int error =
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
  unlink_from(list_of(env, immediate), immediate);
  immediate->cb = NULL;
  if (!immediate->unreferenced)
    env->immediates.referenced--;
}

void async_immediate_stop(async_immediate_t *immediate) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || !is_started(immediate))
    return;
  forget(env, immediate);
  async_resource_finish(&immediate->resource);
  asyncscope__loop_rest(env);
}

static void set_referenced(async_immediate_t *immediate, bool referenced) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || !is_started(immediate) ||
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
 * free or reuse it. */
static void run(async_env_t *env, async_immediate_t *immediate) {
  async_immediate_cb cb = immediate->cb;
  async_resource_t ended = immediate->resource;
  forget(env, immediate);
  int error = async_callback_scope_open(&immediate->resource);
  cb(immediate);
  if (error == 0)
    asyncscope__callback_scope_end(&ended);
  else
    async_resource_finish(&ended);
}

void asyncscope__immediates_run(async_env_t *env) {
  asyncscope__immediates_t *immediates = &env->immediates;
  immediates->running = immediates->queued;
  immediates->queued = (asyncscope__immediate_list_t){NULL, NULL};
  while (immediates->running.first != NULL)
    run(env, immediates->running.first);
}

void asyncscope__immediates_stop(async_env_t *env) {
  while (env->immediates.queued.first != NULL)
    async_immediate_stop(env->immediates.queued.first);
}
