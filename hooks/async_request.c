/* The life of a request: begun, described, ended. */
#include "asyncscope/async_request.h"

#include "account.h"
#include "env.h"
#include "error.h"
#include "frame.h"
#include "hot.h"
#include "probes.h"
#include "request.h"
#include "request_count.h"

/* NULL without memory. */
ASYNCSCOPE__COLD static asyncscope__requests_t *open_requests(
    async_env_t *env) {
  if (!env->keeps_own)
    async_requests_kept(&env->requests_kept);
  asyncscope__requests_t *requests =
      asyncscope__requests_create(&env->requests_kept, &env->readers);
  if (requests == NULL)
    asyncscope__fail(UV_ENOMEM, "no memory for a thread's requests");
  atomic_store_explicit(&env->requests, requests, memory_order_release);
  return requests;
}

int async_env_set_requests_kept(uint32_t finished, uint32_t slow,
                                uint64_t slow_ns) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  if (asyncscope__requests_of(env) != NULL)
    return asyncscope__fail(UV_EINVAL, "this thread had its first request");
  env->requests_kept = (async_requests_kept_t){finished, slow, slow_ns};
  env->keeps_own = true;
  return 0;
}

/* The flag that says whether it was cut. */
ASYNCSCOPE__HOT uint32_t put_name(async_request_t *request,
                                  const async_request_options_t *options) {
  size_t bytes = options->name == NULL ? 0 : options->name_bytes;
  bool cut = bytes > ASYNC_REQUEST_NAME_BYTES - 1;
  asyncscope__put_text(request->name, options->name,
                       cut ? ASYNC_REQUEST_NAME_BYTES - 1 : bytes);
  return cut ? ASYNCSCOPE__REQUEST_CUT : 0;
}

static void put_trace(async_request_t *request,
                      const async_request_trace_t *trace) {
  asyncscope__put(&request->trace_id[0], trace->trace_id[0]);
  asyncscope__put(&request->trace_id[1], trace->trace_id[1]);
  asyncscope__put(&request->span_id, trace->span_id);
  asyncscope__put(&request->parent_span_id, trace->parent_span_id);
  asyncscope__put(&request->trace_flags, trace->flags);
}

/* The places for types were taken in order. */
ASYNCSCOPE__HOT void clear_costs(asyncscope__costs_t *costs) {
#pragma GCC unroll 8
  for (size_t i = 0; i < ASYNCSCOPE__COSTS; i++)
    asyncscope__counter_set(&costs->counts[i], 0);
  for (size_t i = 0; i < ASYNC_REQUEST_TYPES; i++) {
    if (asyncscope__counter_read(&costs->made[i]) == 0)
      break;
    asyncscope__counter_set(&costs->made[i], 0);
  }
}

ASYNCSCOPE__APART static void clear_elsewhere(async_request_t *request) {
  clear_costs(&request->elsewhere);
  atomic_store_explicit(&request->charged_elsewhere, 0, memory_order_relaxed);
}

ASYNCSCOPE__HOT void publish(async_env_t *env, async_request_t *request,
                             const async_request_options_t *options,
                             uint32_t route) {
  static const async_request_trace_t none;
  asyncscope__slot_begin(&request->slot);
  asyncscope__put(&request->number, options->number);
  uint32_t flags = ASYNCSCOPE__REQUEST_ACTIVE | put_name(request, options);
  asyncscope__put(&request->flags_and_route, (uint64_t)route << 32 | flags);
  asyncscope__put(&request->started_ns, asyncscope__near_ns(env));
  asyncscope__put(&request->ended_ns, 0);
  asyncscope__put(&request->root, 0);
  put_trace(request, options->trace == NULL ? &none : options->trace);
  asyncscope__put(&request->trace_state, 0);
  clear_costs(&request->own);
  if (atomic_load_explicit(&request->charged_elsewhere, memory_order_relaxed))
    clear_elsewhere(request);
#pragma GCC unroll 8
  for (size_t i = 0; i < ASYNCSCOPE__COSTS_TIMED; i++)
    asyncscope__put(&request->told[i], 0);
  atomic_store_explicit(&request->references, 1, memory_order_relaxed);
  asyncscope__set_own_references(request, 1);
  asyncscope__slot_end(&request->slot);
}

ASYNCSCOPE__HOT async_request_t *take(async_env_t *env,
                                      asyncscope__requests_t *requests) {
  uint32_t index;
  async_request_t *request =
      asyncscope__slab_take_at(&requests->accounts, &index);
  if (ASYNCSCOPE__UNLIKELY(request == NULL)) {
    asyncscope__fail(UV_ENOMEM, "no memory for a request's account");
    return NULL;
  }
  request->index = index;
  request->env = env;
  asyncscope__piece_made(env);
  return request;
}

ASYNCSCOPE__COLD static int refuse(const async_env_t *env) {
  return asyncscope__fail(UV_EINVAL, env == NULL
                                         ? "this thread has no environment"
                                         : "a request needs a number");
}

int async_request_begin(const async_request_options_t *options,
                        async_request_t **ret_request) {
  async_env_t *env = asyncscope__env;
  uint32_t route = 0;
  if (ASYNCSCOPE__UNLIKELY(env == NULL || options->number == 0))
    return refuse(env);
  asyncscope__requests_t *requests = asyncscope__requests_of(env);
  if (ASYNCSCOPE__UNLIKELY(requests == NULL))
    requests = open_requests(env);
  if (requests == NULL ||
      (options->route != NULL &&
       asyncscope__route_find(&requests->routes, options->route, &route) != 0))
    return UV_ENOMEM;
  async_request_t *request = take(env, requests);
  if (request == NULL)
    return UV_ENOMEM;
  publish(env, request, options, route);
  asyncscope__account_begun(env, request);
  ASYNCSCOPE__PROBE2(request_start, options->number,
                     (const char *)request->name);
  *ret_request = request;
  return 0;
}

/* Whether the calling thread may change what the owner alone changes. */
static int check_owner(const async_request_t *request) {
  return request->env == asyncscope__env
             ? 0
             : asyncscope__fail(
                   UV_EINVAL, "request %llu is thread %u's",
                   (unsigned long long)async_request_number(request),
                   (unsigned)request->env->thread);
}

int async_request_set_route(async_request_t *request, const char *route) {
  uint32_t row;
  int error = check_owner(request);
  if (error == 0)
    error = asyncscope__route_find(
        &asyncscope__requests_of(request->env)->routes, route, &row);
  if (error != 0)
    return error;
  uint64_t flags = asyncscope__request_flags(request);
  asyncscope__put(&request->flags_and_route, (uint64_t)row << 32 | flags);
  return 0;
}

void async_request_set_trace(async_request_t *request,
                             const async_request_trace_t *trace) {
  if (check_owner(request) != 0)
    return;
  asyncscope__slot_begin(&request->slot);
  put_trace(request, trace);
  asyncscope__slot_end(&request->slot);
}

void async_request_set_failed(async_request_t *request) {
  if (check_owner(request) == 0)
    asyncscope__request_add_flag(request, ASYNCSCOPE__REQUEST_FAILED);
}

ASYNCSCOPE__HOT void put_end(async_request_t *request, uint64_t ended_ns,
                             int status) {
  asyncscope__slot_begin(&request->slot);
  asyncscope__put(&request->ended_ns, ended_ns);
  asyncscope__put(&request->status, (uint64_t)(int64_t)status);
  asyncscope__slot_end(&request->slot);
  if (ASYNCSCOPE__UNLIKELY(status < 0))
    asyncscope__request_add_flag(request, ASYNCSCOPE__REQUEST_FAILED);
}

/* Kept before it is counted: a reader that has counted it finds it. The request
 * is dropped last: it may be free then. */
static void finish(async_env_t *env, async_request_t *request, int status) {
  asyncscope__requests_t *requests = asyncscope__requests_of(env);
  uint64_t ended_ns = asyncscope__near_ns(env);
  uint64_t took_ns = ended_ns - asyncscope__own(&request->started_ns);
  put_end(request, ended_ns, status);
  ASYNCSCOPE__PROBE2(request_end, asyncscope__get(&request->number), status);
  uint64_t word = asyncscope__own(&request->flags_and_route);
  asyncscope__request_keep(requests, request, took_ns);
  asyncscope__route_count(&requests->routes, asyncscope__high(word), took_ns,
                          (word & ASYNCSCOPE__REQUEST_FAILED) != 0);
  asyncscope__account_finished(env, request, took_ns, status);
  asyncscope__request_drop(request, ASYNCSCOPE__REQUEST_ACTIVE);
}

int async_request_end(async_request_t *request, int status) {
  if (request == NULL)
    return 0;
  if (ASYNCSCOPE__LIKELY(request->env == asyncscope__env)) {
    finish(request->env, request, status);
    return 0;
  }
  if (!atomic_load(&request->env->ended))
    return check_owner(request);
  asyncscope__request_release(request);
  return 0;
}

uint64_t async_request_number(const async_request_t *request) {
  return asyncscope__get(&request->number);
}

async_request_t *async_request_current(void) {
  return async_context_frame_account(async_context_frame_current());
}
