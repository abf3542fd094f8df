/* Charging an account, from its own thread and from others. */
#include "env.h"
#include "request.h"

/* Who takes the account for the next request has `elsewhere` to clear: it does
 * so behind the last holder. */
static void note_elsewhere(async_request_t *request) {
  atomic_store_explicit(&request->charged_elsewhere, 1, memory_order_relaxed);
}

void asyncscope__request_charge_elsewhere(async_request_t *request,
                                          enum asyncscope__cost_e cost,
                                          uint64_t amount) {
  note_elsewhere(request);
  atomic_fetch_add_explicit(&request->elsewhere.counts[cost], amount,
                            memory_order_release);
}

static bool made_here(asyncscope__costs_t *costs, uint32_t type) {
  for (size_t i = 0; i < ASYNC_REQUEST_TYPES; i++) {
    uint64_t word = asyncscope__counter_read(&costs->made[i]);
    if (word != 0 && word >> 48 != type)
      continue;
    asyncscope__counter_set(&costs->made[i],
                            word == 0 ? asyncscope__request_first(type)
                                      : word + 1);
    return true;
  }
  return false;
}

/* A place once taken for a type stays that type's. */
static bool made_elsewhere(async_request_t *request, uint32_t type) {
  asyncscope__costs_t *costs = &request->elsewhere;
  note_elsewhere(request);
  for (size_t i = 0; i < ASYNC_REQUEST_TYPES; i++) {
    uint64_t word = asyncscope__counter_read(&costs->made[i]);
    if (word == 0 &&
        atomic_compare_exchange_strong_explicit(
            &costs->made[i], &word, asyncscope__request_first(type),
            memory_order_relaxed, memory_order_relaxed))
      return true;
    if (word >> 48 != type)
      continue;
    atomic_fetch_add_explicit(&costs->made[i], 1, memory_order_relaxed);
    return true;
  }
  return false;
}

void asyncscope__request_made_more(const async_env_t *env,
                                   async_request_t *request, uint32_t type) {
  bool counted = request->env == env ? made_here(&request->own, type)
                                     : made_elsewhere(request, type);
  if (!counted)
    asyncscope__request_charge(env, request, ASYNCSCOPE__COST_OTHER_TYPES, 1);
}

void async_request_add_bytes(async_request_t *request, uint64_t in_bytes,
                             uint64_t out_bytes) {
  const async_env_t *env = asyncscope__env;
  if (in_bytes > 0)
    asyncscope__request_charge(env, request, ASYNCSCOPE__COST_IN, in_bytes);
  if (out_bytes > 0)
    asyncscope__request_charge(env, request, ASYNCSCOPE__COST_OUT, out_bytes);
}

void async_request_charge_queued(const async_context_frame_t *frame,
                                 uint64_t queued_ns) {
  async_request_t *request = async_context_frame_account(frame);
  if (request != NULL)
    asyncscope__request_charge(asyncscope__env, request,
                               ASYNCSCOPE__COST_QUEUED, queued_ns);
}
