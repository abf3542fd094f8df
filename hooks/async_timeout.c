/* A timeout is live from its start until it is stopped or has fired for the
 * last time: then it has a resource and holds its list. It is in the list but
 * while its callback runs. */
#include "asyncscope/async_timeout.h"

#include "env.h"
#include "error.h"
#include "resource.h"

static bool is_live(const async_timeout_t *timeout) {
  return async_resource_async_id(&timeout->resource) != ASYNC_ID_UNSET;
}

void asyncscope__timeout_unlist(async_timeout_t *timeout) {
  timeout->prev->next = timeout->next;
  timeout->next->prev = timeout->prev;
  timeout->next = timeout->prev = NULL;
}

static void append(asyncscope__timer_list_t *list, async_timeout_t *timeout) {
  timeout->next = &list->timeouts;
  timeout->prev = list->timeouts.prev;
  timeout->prev->next = timeout;
  list->timeouts.prev = timeout;
}

void asyncscope__timeout_insert(async_env_t *env, async_timeout_t *timeout,
                                uint64_t started_ms) {
  asyncscope__timer_list_t *list = timeout->list;
  timeout->started_ms = started_ms;
  if (asyncscope__timeout_is_listed(timeout))
    asyncscope__timeout_unlist(timeout);
  append(list, timeout);
  if (list->place > 0)
    return;
  asyncscope__timer_list_queue(&env->timeouts.lists, list,
                               started_ms + timeout->duration_ms);
  if (list->place == 1)
    asyncscope__timeouts_schedule(env);
}

static void count_referenced(async_env_t *env, bool referenced) {
  asyncscope__timeouts_t *timeouts = &env->timeouts;
  timeouts->referenced += referenced ? 1 : (uint32_t)-1;
  if (timeouts->referenced == 0)
    uv_unref((uv_handle_t *)&timeouts->timer);
  else
    uv_ref((uv_handle_t *)&timeouts->timer);
}

/* As in Node, an empty list of those that do not keep the loop alive stays
 * until it is due: such are often started again. */
static void remove_from_list(async_env_t *env, async_timeout_t *timeout) {
  asyncscope__timer_list_t *list = timeout->list;
  if (asyncscope__timeout_is_listed(timeout))
    asyncscope__timeout_unlist(timeout);
  if (!timeout->unreferenced && list->place > 0 &&
      asyncscope__timer_list_is_empty(list))
    asyncscope__timer_list_unqueue(&env->timeouts.lists, list);
}

void asyncscope__timeout_end(async_env_t *env, async_timeout_t *timeout) {
  asyncscope__timer_list_t *list = timeout->list;
  timeout->list = NULL;
  if (!timeout->unreferenced)
    count_referenced(env, false);
  asyncscope__timer_list_drop(&env->timeouts.lists, list);
  async_resource_finish(&timeout->resource);
}

static int hold_list(async_env_t *env, async_timeout_t *timeout) {
  timeout->list =
      asyncscope__timer_list_hold(&env->timeouts.lists, timeout->duration_ms);
  return timeout->list != NULL
             ? 0
             : asyncscope__fail(UV_ENOMEM, "no memory for a list of timeouts");
}

static int init_resource(const async_site_t *site, async_timeout_t *timeout) {
  async_resource_options_t options = {
      .flags = timeout->unreferenced ? ASYNCSCOPE__RESOURCE_UNREF : 0};
  int error =
      async_resource_init_at(site, &timeout->resource, "Timeout", &options);
  if (error == 0 && !timeout->unreferenced)
    count_referenced(asyncscope__env, true);
  return error;
}

/* In the callback of its only time. */
static bool is_over(const async_timeout_t *timeout) {
  return !timeout->repeats && !asyncscope__timeout_is_listed(timeout);
}

/* Whether the calling thread may touch it. */
static bool is_here(const async_env_t *env, const async_timeout_t *timeout) {
  return env != NULL && timeout->resource.thread == env->thread;
}

static int check_start(const async_timeout_t *timeout, async_timeout_cb cb) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || env->loop.loop == NULL || cb == NULL)
    return asyncscope__fail(UV_EINVAL, "a timeout needs a %s",
                            cb == NULL ? "callback" : "bound loop");
  if (is_live(timeout) && !is_here(env, timeout))
    return asyncscope__fail(UV_EINVAL, "the timeout is another thread's");
  if (is_live(timeout) && !is_over(timeout))
    return asyncscope__fail(UV_EBUSY, "the timeout is started");
  return asyncscope__check_loop(env->loop.loop);
}

/* As in Node. */
static uint32_t duration(uint64_t timeout_ms) {
  return timeout_ms == 0 || timeout_ms > ASYNC_TIMEOUT_MAX_MS
             ? 1
             : (uint32_t)timeout_ms;
}

static int start(const async_site_t *site, async_timeout_t *timeout,
                 async_timeout_cb cb, uint64_t timeout_ms, bool repeats) {
  async_env_t *env = asyncscope__env;
  int error = check_start(timeout, cb);
  if (error != 0)
    return error;
  async_timeout_stop(timeout);
  *timeout = (async_timeout_t){.resource = {.data = timeout->resource.data},
                               .duration_ms = duration(timeout_ms),
                               .repeats = repeats};
  error = hold_list(env, timeout);
  if (error == 0 && (error = init_resource(site, timeout)) != 0)
    asyncscope__timer_list_drop(&env->timeouts.lists, timeout->list);
  if (error != 0)
    return error;
  timeout->cb = cb;
  asyncscope__timeout_insert(env, timeout, asyncscope__timeouts_now_ms(env));
  return 0;
}

int async_timeout_start_at(const async_site_t *site, async_timeout_t *timeout,
                           async_timeout_cb cb, uint64_t timeout_ms) {
  return start(site, timeout, cb, timeout_ms, false);
}

int async_timeout_start_interval_at(const async_site_t *site,
                                    async_timeout_t *timeout,
                                    async_timeout_cb cb, uint64_t interval_ms) {
  return start(site, timeout, cb, interval_ms, true);
}

static void forget_firing(async_env_t *env, const async_timeout_t *timeout) {
  asyncscope__firing_t *firing = env->timeouts.firing;
  if (env->timeouts.next == timeout)
    env->timeouts.next = NULL;
  for (; firing != NULL; firing = firing->around)
    if (firing->timeout == timeout)
      firing->timeout = NULL;
}

/* One that has fired and is stopped then may be refreshed, as in Node; but it
 * has no callback any more. */
void async_timeout_stop(async_timeout_t *timeout) {
  async_env_t *env = asyncscope__env;
  if (timeout->cb == NULL || !is_here(env, timeout))
    return;
  timeout->cb = NULL;
  if (!is_live(timeout))
    return;
  timeout->stopped = true;
  forget_firing(env, timeout);
  remove_from_list(env, timeout);
  asyncscope__timeout_end(env, timeout);
}

/* Node puts it into its list before it tells the hooks. */
static int start_again(const async_site_t *site, async_env_t *env,
                       async_timeout_t *timeout) {
  int error = asyncscope__check_loop(env->loop.loop);
  if (error == 0)
    error = hold_list(env, timeout);
  if (error != 0)
    return error;
  asyncscope__timeout_insert(env, timeout, asyncscope__timeouts_now_ms(env));
  error = init_resource(site, timeout);
  if (error != 0) {
    asyncscope__timeout_unlist(timeout);
    asyncscope__timer_list_drop(&env->timeouts.lists, timeout->list);
    timeout->list = NULL;
  }
  return error;
}

int async_timeout_refresh_at(const async_site_t *site,
                             async_timeout_t *timeout) {
  async_env_t *env = asyncscope__env;
  if (timeout->duration_ms == 0)
    return asyncscope__fail(UV_EINVAL, "the timeout was never started");
  if (!is_here(env, timeout) || env->loop.loop == NULL)
    return asyncscope__fail(UV_EINVAL, "the timeout is another thread's");
  if (timeout->stopped)
    return 0;
  if (!is_live(timeout))
    return start_again(site, env, timeout);
  asyncscope__timeout_insert(env, timeout, asyncscope__timeouts_now_ms(env));
  return 0;
}

/* Its loop counts those that are referenced. */
static bool is_elsewhere(const async_env_t *env,
                         const async_timeout_t *timeout) {
  if (!is_live(timeout) || is_here(env, timeout))
    return false;
  asyncscope__fail(UV_EINVAL, "the timeout is another thread's");
  return true;
}

static void set_referenced(async_timeout_t *timeout, bool referenced) {
  async_env_t *env = asyncscope__env;
  if (timeout->unreferenced == !referenced || is_elsewhere(env, timeout))
    return;
  timeout->unreferenced = !referenced;
  if (!is_live(timeout))
    return;
  count_referenced(env, referenced);
  asyncscope__resource_set_ref(&timeout->resource, referenced);
}

void async_timeout_ref(async_timeout_t *timeout) {
  set_referenced(timeout, true);
}

void async_timeout_unref(async_timeout_t *timeout) {
  set_referenced(timeout, false);
}

bool async_timeout_has_ref(const async_timeout_t *timeout) {
  return !timeout->unreferenced;
}
