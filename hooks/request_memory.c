/* Who holds an account, where it goes, and which finished ones are kept. */
#include "asyncscope/async_allocator.h"
#include "env.h"
#include "hot.h"
#include "request.h"
#include "request_count.h"

static bool ring_create(asyncscope__request_ring_t *ring, uint32_t count) {
  ring->count = count;
  ring->places = count == 0 ? NULL : async_calloc(count, sizeof(void *));
  return count == 0 || ring->places != NULL;
}

asyncscope__requests_t *asyncscope__requests_create(
    const async_requests_kept_t *kept, _Atomic uint32_t *readers) {
  asyncscope__requests_t *requests = async_calloc(1, sizeof(*requests));
  if (requests == NULL)
    return NULL;
  asyncscope__slab_init(&requests->accounts, sizeof(async_request_t), readers);
  asyncscope__slab_init(&requests->trace_states,
                        sizeof(asyncscope__trace_state_t), readers);
  requests->slow_ns = kept->slow_ns;
  if (ring_create(&requests->kept, kept->finished) &&
      ring_create(&requests->slow, kept->slow) &&
      asyncscope__routes_open(&requests->routes) == 0)
    return requests;
  asyncscope__requests_destroy(requests);
  return NULL;
}

void asyncscope__requests_destroy(asyncscope__requests_t *requests) {
  if (requests == NULL)
    return;
  asyncscope__slab_finish(&requests->accounts);
  asyncscope__slab_finish(&requests->trace_states);
  asyncscope__routes_finish(&requests->routes);
  async_free(requests->kept.places);
  async_free(requests->slow.places);
  async_free(requests);
}

ASYNCSCOPE__HOT void give_back(async_env_t *env, async_request_t *request) {
  asyncscope__slot_begin(&request->slot);
  asyncscope__put(&request->number, 0);
  if (asyncscope__own(&request->trace_state) != 0)
    asyncscope__trace_state_drop(env, request);
  asyncscope__slot_end(&request->slot);
  asyncscope__slab_give(&asyncscope__requests_of(env)->accounts, request->index,
                        &request->slot);
}

/* A reader passes over what nobody holds, so it may lie here for a while. */
static void send_home(async_request_t *request) {
  asyncscope__requests_t *requests = asyncscope__requests_of(request->env);
  request->returned =
      atomic_load_explicit(&requests->returned, memory_order_relaxed);
  while (!atomic_compare_exchange_weak_explicit(
      &requests->returned, &request->returned, request, memory_order_release,
      memory_order_relaxed))
    ;
}

void asyncscope__request_gone_here(async_request_t *request) {
  async_env_t *env = request->env;
  give_back(env, request);
  asyncscope__piece_gone(env, env);
}

void asyncscope__request_gone(async_request_t *request) {
  async_env_t *maker = request->env;
  if (maker == asyncscope__env) {
    asyncscope__request_gone_here(request);
    return;
  }
  send_home(request);
  asyncscope__piece_gone(maker, asyncscope__env);
}

void asyncscope__request_release(async_request_t *request) {
  if (atomic_fetch_sub_explicit(&request->references, 1,
                                memory_order_acq_rel) == 1)
    asyncscope__request_gone(request);
}

/* The last of the owner's own leaves its place in `references` to what is
 * moved. */
void asyncscope__request_share(async_request_t *request) {
  uint32_t own = asyncscope__own_references(request) - 1;
  if (own > 0)
    atomic_fetch_add_explicit(&request->references, 1, memory_order_relaxed);
  asyncscope__set_own_references(request, own);
}

void asyncscope__requests_settle(async_env_t *env) {
  asyncscope__requests_t *requests = asyncscope__requests_of(env);
  if (requests == NULL)
    return;
  async_request_t *request = NULL;
  if (atomic_load_explicit(&requests->returned, memory_order_relaxed) != NULL)
    request = atomic_exchange_explicit(&requests->returned, NULL,
                                       memory_order_acquire);
  while (request != NULL) {
    async_request_t *next = request->returned;
    give_back(env, request);
    request = next;
  }
  asyncscope__slab_shrink(&requests->accounts);
  asyncscope__slab_shrink(&requests->trace_states);
}

/* The oldest one makes room. */
ASYNCSCOPE__HOT void put_into(asyncscope__request_ring_t *ring,
                              async_request_t *request, uint32_t flag) {
  if (ring->count == 0)
    return;
  async_request_t **place = &ring->places[ring->next];
  async_request_t *before = *place;
  ring->next = ring->next + 1 == ring->count ? 0 : ring->next + 1;
  if (ASYNCSCOPE__LIKELY(before != NULL))
    asyncscope__request_drop(before, flag);
  *place = request;
  asyncscope__request_add_flag(request, flag);
}

ASYNCSCOPE__APART static void keep_slow(asyncscope__requests_t *requests,
                                        async_request_t *request) {
  put_into(&requests->slow, request, ASYNCSCOPE__REQUEST_SLOW);
}

void asyncscope__request_keep(asyncscope__requests_t *requests,
                              async_request_t *request, uint64_t took_ns) {
  put_into(&requests->kept, request, ASYNCSCOPE__REQUEST_KEPT);
  if (took_ns >= requests->slow_ns ||
      (asyncscope__request_flags(request) & ASYNCSCOPE__REQUEST_FAILED) != 0)
    keep_slow(requests, request);
}

/* One that nothing but a ring holds gives up its part in the environment's
 * life, but stays where readers find it. Others are on their own from here. */
static void let_go(async_env_t *env, const asyncscope__request_ring_t *ring,
                   uint32_t flag) {
  for (uint32_t i = 0; i < ring->count; i++) {
    async_request_t *request = ring->places[i];
    if (request == NULL)
      continue;
    uint32_t flags = asyncscope__request_flags(request);
    bool last = (flags & ASYNCSCOPE__REQUEST_HOLDS) == flag;
    if (!last || asyncscope__request_holders(request) > 1)
      asyncscope__request_drop(request, flag);
    else
      asyncscope__piece_gone(env, env);
  }
}

static void share_own(async_request_t *request) {
  while (asyncscope__own_references(request) > 0)
    asyncscope__request_share(request);
}

/* Who lets go from here on is not the owner. */
static void share_all(const asyncscope__requests_t *requests) {
  uint32_t index = 0;
  while (index != ASYNCSCOPE__SLAB_NONE) {
    async_request_t *request =
        asyncscope__slab_peek(&requests->accounts, index);
    if (request != NULL)
      share_own(request);
    index = request == NULL ? asyncscope__slab_skip(index) : index + 1;
  }
}

void asyncscope__requests_end(async_env_t *env) {
  asyncscope__requests_t *requests = asyncscope__requests_of(env);
  if (requests == NULL)
    return;
  asyncscope__requests_settle(env);
  let_go(env, &requests->kept, ASYNCSCOPE__REQUEST_KEPT);
  let_go(env, &requests->slow, ASYNCSCOPE__REQUEST_SLOW);
  share_all(requests);
}
