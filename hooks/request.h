/* A request's account from the inside: an element of a slab of the environment
 * that began it.
 *
 * It is held by its owner (one reference, as long as `holds` is not 0: the
 * request has not ended, or is in one of the rings of finished ones) and by
 * each setting of a context value that carries it. Frames only borrow it: the
 * frame holds the setting, and the setting the account. Whoever drops the last
 * reference on another thread sends the account home; its owner alone gives
 * the slab's element back. As long as one account is not gone the environment
 * is not either.
 *
 * The owner charges with plain adds, everybody else atomically, so there are
 * two sets of costs. */
#ifndef ASYNCSCOPE_HOOKS_REQUEST_H
#define ASYNCSCOPE_HOOKS_REQUEST_H

#include "asyncscope/async_request.h"
#include "counter.h"
#include "routes.h"
#include "slab.h"

enum asyncscope__cost_e {
  ASYNCSCOPE__COST_LOOP, /* ns on loops' threads */
  ASYNCSCOPE__COST_WORKER,
  ASYNCSCOPE__COST_QUEUED,
  ASYNCSCOPE__COSTS_TIMED,
  ASYNCSCOPE__COST_IN = ASYNCSCOPE__COSTS_TIMED,
  ASYNCSCOPE__COST_OUT,
  ASYNCSCOPE__COST_OTHER_TYPES,
  ASYNCSCOPE__COSTS
};

/* A word of `made` is a type in the upper 16 bits and how often it was made; 0
 * is free. */
typedef struct asyncscope__costs_s {
  asyncscope__counter_t counts[ASYNCSCOPE__COSTS];
  _Atomic uint64_t made[ASYNC_REQUEST_TYPES];
} asyncscope__costs_t;

enum asyncscope__request_flags_e {
  ASYNCSCOPE__REQUEST_ACTIVE = 1 << 0, /* begun and not ended */
  ASYNCSCOPE__REQUEST_KEPT = 1 << 1,   /* in the ring of the last ones */
  ASYNCSCOPE__REQUEST_SLOW = 1 << 2,   /* in the ring of the slow ones */
  ASYNCSCOPE__REQUEST_FAILED = 1 << 3,
  ASYNCSCOPE__REQUEST_CUT = 1 << 4 /* its name */
};
#define ASYNCSCOPE__REQUEST_HOLDS                          \
  (ASYNCSCOPE__REQUEST_ACTIVE | ASYNCSCOPE__REQUEST_KEPT | \
   ASYNCSCOPE__REQUEST_SLOW)

#define ASYNCSCOPE__REQUEST_NAME_WORDS (ASYNC_REQUEST_NAME_BYTES / 8)

struct async_request_s {
  asyncscope__slot_t slot;          /* guards the words down to `costs` */
  _Atomic uint64_t number;          /* 0: free */
  _Atomic uint64_t flags_and_route; /* the route's row: upper half */
  _Atomic uint64_t started_ns, ended_ns;
  _Atomic uint64_t status; /* an int */
  _Atomic uint64_t root;   /* async id of the first resource, made here */
  _Atomic uint64_t trace_id[2], span_id, parent_span_id, trace_flags;
  _Atomic uint64_t trace_state; /* its place + 1, its bytes: lower half; or 0 */
  _Atomic uint64_t name[ASYNCSCOPE__REQUEST_NAME_WORDS];
  asyncscope__costs_t own, elsewhere;
  /* What waits for it in queues now, see request_queue.c. */
  _Atomic uint64_t waiting;
  /* What readers have answered of the costs in time, see request_live.c. They
   * raise it; a new request begins with 0. */
  _Atomic uint64_t told[ASYNCSCOPE__COSTS_TIMED];
  _Atomic uint32_t references, own_references; /* request_count.h */
  _Atomic uint32_t charged_elsewhere;          /* not 0: `elsewhere` is used */
  uint32_t index;                              /* in the slab */
  struct async_env_s *env;
  async_request_t *returned; /* next on the way home */
};

/* Few requests have one. */
typedef struct asyncscope__trace_state_s {
  asyncscope__slot_t slot;
  _Atomic uint64_t words[ASYNC_TRACE_STATE_BYTES / 8];
} asyncscope__trace_state_t;

typedef struct asyncscope__request_ring_s {
  async_request_t **places; /* held; NULL: free */
  uint32_t count, next;
} asyncscope__request_ring_t;

/* All of a thread's; made with its first. */
typedef struct asyncscope__requests_s {
  asyncscope__slab_t accounts, trace_states;
  _Atomic(async_request_t *) returned; /* dropped elsewhere, last come first */
  asyncscope__request_ring_t kept, slow;
  uint64_t slow_ns;
  asyncscope__routes_t routes;
} asyncscope__requests_t;

/* NULL without memory. */
asyncscope__requests_t *asyncscope__requests_create(
    const async_requests_kept_t *kept, _Atomic uint32_t *readers);
/* No reader may be left. NULL is left alone. */
void asyncscope__requests_destroy(asyncscope__requests_t *requests);
/* The owner's, now and then: gives back what came home. */
void asyncscope__requests_settle(struct async_env_s *env);
/* The environment ends: what is only kept is kept until its memory goes. */
void asyncscope__requests_end(struct async_env_s *env);

/* Any thread: gives up a reference that is in `references`. */
void asyncscope__request_release(async_request_t *request);
/* Nobody holds it any more; on the owner's thread, and on any. */
void asyncscope__request_gone_here(async_request_t *request);
void asyncscope__request_gone(async_request_t *request);
/* The owner's: one that it has counted itself is moved to where everybody
 * counts. */
void asyncscope__request_share(async_request_t *request);

/* The owner's: into the rings, with one that has ended and `took_ns`. */
void asyncscope__request_keep(asyncscope__requests_t *requests,
                              async_request_t *request, uint64_t took_ns);

/* The owner's: where it had one it has none any more. In the slot. */
void asyncscope__trace_state_drop(struct async_env_s *env,
                                  async_request_t *request);

void asyncscope__request_charge_elsewhere(async_request_t *request,
                                          enum asyncscope__cost_e cost,
                                          uint64_t amount);
void asyncscope__request_made_more(const struct async_env_s *env,
                                   async_request_t *request, uint32_t type);

/* Any thread that holds it, which is the one of `env`. Whoever sees the charge
 * sees too that what it is for is over. */
ASYNCSCOPE__HOT void asyncscope__request_charge(const struct async_env_s *env,
                                                async_request_t *request,
                                                enum asyncscope__cost_e cost,
                                                uint64_t amount) {
  asyncscope__counter_t *count = &request->own.counts[cost];
  if (ASYNCSCOPE__LIKELY(request->env == env))
    asyncscope__put(count, asyncscope__counter_read(count) + amount);
  else
    asyncscope__request_charge_elsewhere(request, cost, amount);
}

/* A word of `made` for the first of a type. */
static inline uint64_t asyncscope__request_first(uint32_t type) {
  return (uint64_t)type << 48 | 1;
}

/* The same. The first that its own thread makes is its root. */
ASYNCSCOPE__HOT void asyncscope__request_made(const struct async_env_s *env,
                                              async_request_t *request,
                                              uint32_t type,
                                              uint64_t async_id) {
  if (request->env != env || asyncscope__own(&request->root) != 0) {
    asyncscope__request_made_more(env, request, type);
    return;
  }
  asyncscope__put(&request->root, async_id);
  asyncscope__counter_set(&request->own.made[0],
                          asyncscope__request_first(type));
}

/* How long what waits for it in queues has waited by `now_ns`; what has begun
 * to wait later has not. */
uint64_t asyncscope__request_waiting_ns(const async_request_t *request,
                                        uint64_t now_ns);

/* Adds to what was charged to `infos` up to now what goes on at `now_ns`, which
 * was read before them: scopes that are open, on whatever thread. */
void asyncscope__requests_add_open(async_request_info_t *infos, size_t count,
                                   uint64_t now_ns);
/* Makes its costs in time at least what was answered of them before. Announced.
 */
void asyncscope__request_tell(async_request_t *request,
                              async_request_info_t *info);

static inline uint32_t asyncscope__request_flags(
    const async_request_t *request) {
  return (uint32_t)asyncscope__get(&request->flags_and_route);
}

/* The owner's. */
static inline void asyncscope__request_add_flag(async_request_t *request,
                                                uint32_t flag) {
  asyncscope__put(&request->flags_and_route,
                  asyncscope__own(&request->flags_and_route) | flag);
}

static inline uint32_t asyncscope__request_route(
    const async_request_t *request) {
  return (uint32_t)(asyncscope__get(&request->flags_and_route) >> 32);
}

#endif
