/* What a request costs while it does: scopes are charged when they are left,
 * so what is open is added by who reads.
 *
 * What must stay true:
 * - No cost is counted twice. The clock is read first, then what was charged,
 *   then the stacks: what was charged is not on a stack any more, and of what
 *   is there the time from before the clock was read is taken alone.
 * - No answer is less than one before. What ended between two of these steps is
 *   in neither, so the highest answer is kept with the account. It is never
 *   more than what will be charged, but of a scope on another thread than the
 *   account's which leaves the frame of its request: nobody is charged for
 *   that, as the account may be gone by then. */
#include "env.h"
#include "request.h"

/* Of the time of entry `at`, what is its own up to `now_ns`. */
static uint64_t own_ns(const async_stack_entry_t *entries, size_t at,
                       size_t depth, uint64_t now_ns) {
  uint64_t begun_ns = entries[at].since_ns + entries[at].nested_ns;
  uint64_t end_ns = at + 1 < depth && entries[at + 1].since_ns < now_ns
                        ? entries[at + 1].since_ns
                        : now_ns;
  return end_ns > begun_ns ? end_ns - begun_ns : 0;
}

static void add(async_request_info_t *infos, size_t count, uint64_t number,
                bool loop, uint64_t ns) {
  for (size_t i = 0; i < count; i++)
    if (infos[i].number == number) {
      infos[i].loop_ns += loop ? ns : 0;
      infos[i].worker_ns += loop ? 0 : ns;
      return;
    }
}

/* Of a deeper stack what goes on inside of the last entry is not known. */
static void add_thread(const async_env_t *env, async_request_info_t *infos,
                       size_t count, uint64_t now_ns) {
  async_stack_entry_t entries[ASYNC_STACK_PUBLISHED];
  size_t depth = asyncscope__get(&env->stack.published.depth);
  if (depth == 0)
    return;
  depth = asyncscope__stack_read(&env->stack.published, entries);
  size_t known =
      depth > ASYNC_STACK_PUBLISHED ? ASYNC_STACK_PUBLISHED - 1 : depth;
  for (size_t i = 0; i < known; i++)
    if (entries[i].request != 0)
      add(infos, count, entries[i].request, env->kind == ASYNC_ENV_LOOP,
          own_ns(entries, i, depth, now_ns));
}

static bool is_any_held(const async_request_info_t *infos, size_t count) {
  for (size_t i = 0; i < count; i++)
    if ((infos[i].which & (ASYNC_REQUESTS_ACTIVE | ASYNC_REQUESTS_RETAINED)) !=
        0)
      return true;
  return false;
}

void asyncscope__requests_add_open(async_request_info_t *infos, size_t count,
                                   uint64_t now_ns) {
  async_env_t *env = NULL;
  if (!is_any_held(infos, count))
    return;
  while ((env = async_inspect_next(env)) != NULL)
    add_thread(env, infos, count, now_ns);
}

#define TOLD_BITS 48
#define TOLD_MAX  ((UINT64_C(1) << TOLD_BITS) - 1) /* three days */

/* A word of `told` ends its number's last digits with it: a reader may be late,
 * and the account another request's by now. */
static uint64_t never_less(_Atomic uint64_t *told, uint64_t number,
                           uint64_t ns) {
  uint64_t tag = number << TOLD_BITS;
  uint64_t word = atomic_load_explicit(told, memory_order_relaxed);
  for (;;) {
    uint64_t before_ns = (word ^ tag) <= TOLD_MAX ? word & TOLD_MAX : 0;
    if (ns <= before_ns || ns > TOLD_MAX)
      return ns > before_ns ? ns : before_ns;
    if (atomic_compare_exchange_weak_explicit(
            told, &word, tag | ns, memory_order_relaxed, memory_order_relaxed))
      return ns;
  }
}

void asyncscope__request_tell(async_request_t *request,
                              async_request_info_t *info) {
  uint64_t *costs[ASYNCSCOPE__COSTS_TIMED] = {
      [ASYNCSCOPE__COST_LOOP] = &info->loop_ns,
      [ASYNCSCOPE__COST_WORKER] = &info->worker_ns,
      [ASYNCSCOPE__COST_QUEUED] = &info->queued_ns};
  if (async_request_number(request) != info->number)
    return;
  for (size_t i = 0; i < ASYNCSCOPE__COSTS_TIMED; i++)
    *costs[i] = never_less(&request->told[i], info->number, *costs[i]);
}
