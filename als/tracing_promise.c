/* The promise that is answered is a then() of the one that fn made, asked for
 * inside the stores of start. What settles it publishes first: so its
 * callbacks, which are microtasks, come after the events. */
#include "asyncscope/async_fail.h"
#include "channel.h"
#include "refuse.h"

typedef struct promise_call_s {
  const async_site_t *site;
  async_trace_promise_fn fn;
  void *arg;
  async_promise_t *promise; /* what is answered */
} promise_call_t;

static int do_nothing(void *arg) {
  (void)arg;
  return 0;
}

/* Without memory for the stores the events come without them. */
static void publish_continuation(async_trace_t *trace) {
  async_diagnostics_channel_t *start = &trace->tracing->async_start;
  async_diagnostics_channel_t *end = &trace->tracing->async_end;
  if (asyncscope__window_run(start, end, trace, do_nothing, NULL) == 0)
    return;
  async_diagnostics_channel_publish(start, trace);
  async_diagnostics_channel_publish(end, trace);
}

static void *on_fulfilled(async_promise_t *derived, void *value, void *arg) {
  async_trace_t *trace = arg;
  (void)derived;
  trace->result = value;
  publish_continuation(trace);
  return value;
}

static void *on_rejected(async_promise_t *derived, void *reason, void *arg) {
  async_trace_t *trace = arg;
  trace->error = async_promise_reason_status(reason);
  trace->reason = reason;
  async_diagnostics_channel_publish(&trace->tracing->error, trace);
  publish_continuation(trace);
  async_promise_reject(derived, reason);
  return NULL;
}

static int follow(promise_call_t *call, async_trace_t *trace,
                  async_promise_t *made) {
  int error = async_promise_then_at(call->site, made, on_fulfilled, on_rejected,
                                    trace, &call->promise);
  async_promise_release(made);
  return error;
}

/* A promise that was made all the same is nobody's when fn has failed. */
static int make_promise(async_trace_t *trace, void *arg) {
  promise_call_t *call = arg;
  async_promise_t *made = NULL;
  bool failed_before = async_failure() != NULL;
  int result = call->fn(trace, call->arg, &made);
  if (result < 0)
    return result;
  if (made != NULL && !failed_before && async_failure() != NULL) {
    async_promise_release(made);
    return result;
  }
  if (made != NULL && trace->tracing != NULL)
    return follow(call, trace, made);
  call->promise = made;
  return result;
}

int async_tracing_channel_trace_promise_at(const async_site_t *site,
                                           async_tracing_channel_t *tracing,
                                           async_trace_t *trace,
                                           async_trace_promise_fn fn, void *arg,
                                           async_promise_t **ret_promise) {
  promise_call_t call = {.site = site, .fn = fn, .arg = arg};
  if (fn == NULL)
    return asyncscope__no_fn();
  int result = async_tracing_channel_trace_callback(tracing, trace,
                                                    make_promise, NULL, &call);
  if (result >= 0)
    *ret_promise = call.promise;
  return result;
}
