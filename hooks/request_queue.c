/* How long what a request has queued has waited, while it still does, without
 * looking for it: one word has how many wait, above, and below, minus the sum
 * of when they began, in microseconds since the request did.
 *
 *   word = waiting << 44  -  sum of the beginnings
 *
 * At the time t what waits has waited for waiting * t - sum, all together. So
 * word = waiting * (2^44 - t) + that: a quotient and a remainder. It holds for
 * half a year, and for a million that wait; also of what began before the
 * request, as threads' clocks differ: that makes the sum less. */
#include "env.h"
#include "request.h"

#define TIME_BITS 44

static uint64_t time_us(const async_request_t *request, uint64_t at_ns) {
  return at_ns / 1000 - asyncscope__get(&request->started_ns) / 1000;
}

static uint64_t word_of(const async_request_t *request, uint64_t since_ns) {
  return (UINT64_C(1) << TIME_BITS) - time_us(request, since_ns);
}

void async_request_queue_entered(const async_context_frame_t *frame,
                                 uint64_t since_ns) {
  async_request_t *request = async_context_frame_account(frame);
  if (request != NULL)
    atomic_fetch_add_explicit(&request->waiting, word_of(request, since_ns),
                              memory_order_relaxed);
}

/* It is seen not to wait before it is seen to be charged. */
void async_request_queue_left(const async_context_frame_t *frame,
                              uint64_t since_ns, uint64_t until_ns) {
  async_request_t *request = async_context_frame_account(frame);
  if (request == NULL)
    return;
  atomic_fetch_sub_explicit(&request->waiting, word_of(request, since_ns),
                            memory_order_relaxed);
  if (until_ns > since_ns)
    asyncscope__request_charge(asyncscope__env, request,
                               ASYNCSCOPE__COST_QUEUED, until_ns - since_ns);
}

/* What began after `now_ns` makes the remainder less: so a little is added
 * before the division, and taken off behind it. */
uint64_t asyncscope__request_waiting_ns(const async_request_t *request,
                                        uint64_t now_ns) {
  uint64_t slack_us = UINT64_C(1) << (TIME_BITS - 2);
  uint64_t word = asyncscope__get(&request->waiting) + slack_us;
  uint64_t waited_us =
      word % ((UINT64_C(1) << TIME_BITS) - time_us(request, now_ns));
  return waited_us > slack_us ? (waited_us - slack_us) * 1000 : 0;
}
