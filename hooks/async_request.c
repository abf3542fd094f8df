/* The life of a request: begun, described, ended. */
#include "asyncscope/async_request.h"

#include "account.h"
#include "env.h"
#include "error.h"
#include "frame.h"
#include "probes.h"
#include "request.h"
#include "request_count.h"

static int open_requests(async_env_t *env) {
  if (asyncscope__requests_of(env) != NULL)
    return 0;
  if (!env->keeps_own)
    async_requests_kept(&env->requests_kept);
  asyncscope__requests_t *requests =
      asyncscope__requests_create(&env->requests_kept, &env->readers);
  if (requests == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a thread's requests");
  atomic_store_explicit(&env->requests, requests, memory_order_release);
  return 0;
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

static bool is_cut(const async_request_options_t *options) {
  return options->name != NULL &&
         options->name_bytes > ASYNC_REQUEST_NAME_BYTES - 1;
}

static void put_name(async_request_t *request,
                     const async_request_options_t *options) {
  size_t bytes = options->name == NULL ? 0 : options->name_bytes;
  if (bytes > ASYNC_REQUEST_NAME_BYTES - 1)
    bytes = ASYNC_REQUEST_NAME_BYTES - 1;
  asyncscope__put_text(request->name, options->name, bytes);
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

static void publish(async_env_t *env, async_request_t *request,
                    const async_request_options_t *options, uint32_t route) {
  static const async_request_trace_t none;
  asyncscope__slot_begin(&request->slot);
  asyncscope__put(&request->number, options->number);
  asyncscope__put(&request->flags_and_route,
                  (uint64_t)route << 32 | ASYNCSCOPE__REQUEST_ACTIVE |
                      (is_cut(options) ? ASYNCSCOPE__REQUEST_CUT : 0));
  asyncscope__put(&request->started_ns, asyncscope__near_ns(env));
  asyncscope__put(&request->ended_ns, 0);
  asyncscope__put(&request->root, 0);
  put_trace(request, options->trace == NULL ? &none : options->trace);
  asyncscope__put(&request->trace_state, 0);
  put_name(request, options);
  clear_costs(&request->own);
  clear_costs(&request->elsewhere);
#pragma GCC unroll 8
  for (size_t i = 0; i < ASYNCSCOPE__COSTS_TIMED; i++)
    asyncscope__put(&request->told[i], 0);
  atomic_store_explicit(&request->references, 1, memory_order_relaxed);
  asyncscope__set_own_references(request, 1);
  asyncscope__slot_end(&request->slot);
}

static async_request_t *take(async_env_t *env) {
  asyncscope__slab_t *accounts = &asyncscope__requests_of(env)->accounts;
  uint32_t index = asyncscope__slab_take(accounts);
  if (index == ASYNCSCOPE__SLAB_NONE) {
    asyncscope__fail(UV_ENOMEM, "no memory for a request's account");
    return NULL;
  }
  async_request_t *request = asyncscope__slab_at(accounts, index);
  request->index = index;
  request->env = env;
  asyncscope__piece_made(env);
  return request;
}

int async_request_begin(const async_request_options_t *options,
                        async_request_t **ret_request) {
  async_env_t *env = asyncscope__env;
  uint32_t route = 0;
  if (env == NULL || options->number == 0)
    return asyncscope__fail(UV_EINVAL, env == NULL
                                           ? "this thread has no environment"
                                           : "a request needs a number");
  int error = open_requests(env);
  if (error == 0 && options->route != NULL)
    error = asyncscope__route_find(&asyncscope__requests_of(env)->routes,
                                   options->route, &route);
  async_request_t *request = error == 0 ? take(env) : NULL;
  if (request == NULL)
    return error != 0 ? error : UV_ENOMEM;
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
  uint64_t word = asyncscope__get(&request->flags_and_route);
  if (check_owner(request) == 0)
    asyncscope__put(&request->flags_and_route,
                    word | ASYNCSCOPE__REQUEST_FAILED);
}

static void put_end(async_env_t *env, async_request_t *request, int status) {
  asyncscope__slot_begin(&request->slot);
  asyncscope__put(&request->ended_ns, asyncscope__near_ns(env));
  asyncscope__put(&request->status, (uint64_t)(int64_t)status);
  asyncscope__slot_end(&request->slot);
  if (status < 0)
    async_request_set_failed(request);
}

/* Kept before it is counted: a reader that has counted it finds it. The request
 * is dropped last: it may be free then. */
static void finish(async_env_t *env, async_request_t *request, int status) {
  put_end(env, request, status);
  ASYNCSCOPE__PROBE2(request_end, asyncscope__get(&request->number), status);
  uint64_t took_ns = asyncscope__get(&request->ended_ns) -
                     asyncscope__get(&request->started_ns);
  bool failed =
      (asyncscope__request_flags(request) & ASYNCSCOPE__REQUEST_FAILED) != 0;
  asyncscope__request_keep(env, request);
  asyncscope__route_count(&asyncscope__requests_of(env)->routes,
                          asyncscope__request_route(request), took_ns, failed);
  asyncscope__account_finished(env, request);
  asyncscope__request_drop(request, ASYNCSCOPE__REQUEST_ACTIVE);
}

int async_request_end(async_request_t *request, int status) {
  if (request == NULL)
    return 0;
  if (request->env == asyncscope__env) {
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
