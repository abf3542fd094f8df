/* The order is Node's: start, the call, error, end; error, asyncStart, the
 * callback, asyncEnd. A failure on its way is published and goes on. */
#include "asyncscope/async_env.h"
#include "asyncscope/async_fail.h"
#include "channel.h"
#include "refuse.h"
#include <string.h>

int async_tracing_channel_init(async_tracing_channel_t *tracing,
                               const char *name) {
  *tracing = (async_tracing_channel_t){{NULL}, {NULL}, {NULL}, {NULL}, {NULL}};
  if (name == NULL)
    return async_error_set(UV_EINVAL, "a channel needs a name");
  int error = asyncscope__event_channel_init(&tracing->start, name, "start");
  if (error == 0)
    error = asyncscope__event_channel_init(&tracing->end, name, "end");
  if (error == 0)
    error = asyncscope__event_channel_init(&tracing->async_start, name,
                                           "asyncStart");
  if (error == 0)
    error =
        asyncscope__event_channel_init(&tracing->async_end, name, "asyncEnd");
  if (error == 0)
    error = asyncscope__event_channel_init(&tracing->error, name, "error");
  if (error != 0)
    async_tracing_channel_finish(tracing);
  return error;
}

void async_tracing_channel_finish(async_tracing_channel_t *tracing) {
  if (tracing == NULL)
    return;
  async_diagnostics_channel_finish(&tracing->start);
  async_diagnostics_channel_finish(&tracing->end);
  async_diagnostics_channel_finish(&tracing->async_start);
  async_diagnostics_channel_finish(&tracing->async_end);
  async_diagnostics_channel_finish(&tracing->error);
}

bool async_tracing_channel_has_subscribers(
    const async_tracing_channel_t *tracing) {
  return async_diagnostics_channel_has_subscribers(&tracing->start) ||
         async_diagnostics_channel_has_subscribers(&tracing->end) ||
         async_diagnostics_channel_has_subscribers(&tracing->async_start) ||
         async_diagnostics_channel_has_subscribers(&tracing->async_end) ||
         async_diagnostics_channel_has_subscribers(&tracing->error);
}

typedef struct call_s {
  async_tracing_channel_t *tracing;
  async_trace_t *trace;
  async_trace_fn fn;
  void *arg;
} call_t;

static void publish_error(async_tracing_channel_t *tracing,
                          async_trace_t *trace, int error) {
  char failure[ASYNC_FAILURE_BYTES];
  trace->error = error;
  if (async_failure() != NULL) {
    memcpy(failure, async_failure(), sizeof(failure));
    trace->failure = failure;
  }
  async_diagnostics_channel_publish(&tracing->error, trace);
  trace->failure = NULL;
}

/* A failure that is on its way already is not fn's. */
static int call_traced(void *arg) {
  const call_t *call = arg;
  bool failed_before = async_failure() != NULL;
  int result = call->fn(call->trace, call->arg);
  if (result < 0 || (!failed_before && async_failure() != NULL))
    publish_error(call->tracing, call->trace, result < 0 ? result : 0);
  return result;
}

int async_tracing_channel_trace_sync(async_tracing_channel_t *tracing,
                                     async_trace_t *trace, async_trace_fn fn,
                                     void *arg) {
  return async_tracing_channel_trace_callback(tracing, trace, fn, NULL, arg);
}

int async_tracing_channel_trace_callback(async_tracing_channel_t *tracing,
                                         async_trace_t *trace,
                                         async_trace_fn fn,
                                         async_trace_cb callback, void *arg) {
  if (fn == NULL)
    return asyncscope__no_fn();
  bool wanted = async_tracing_channel_has_subscribers(tracing);
  trace->error = 0;
  trace->failure = NULL;
  trace->result = NULL;
  trace->reason = NULL;
  trace->tracing = wanted ? tracing : NULL;
  trace->callback = callback;
  trace->arg = arg;
  if (!wanted)
    return fn(trace, arg);
  call_t call = {tracing, trace, fn, arg};
  return asyncscope__window_run(&tracing->start, &tracing->end, trace,
                                call_traced, &call);
}

static void call_back(async_trace_t *trace) {
  if (trace->callback != NULL)
    trace->callback(trace, trace->arg);
}

static int call_back_traced(void *arg) {
  call_back(arg);
  return 0;
}

int async_trace_complete(async_trace_t *trace, int error, void *result) {
  async_tracing_channel_t *tracing = trace->tracing;
  trace->error = error < 0 ? error : 0;
  trace->result = result;
  if (tracing == NULL) {
    call_back(trace);
    return 0;
  }
  if (error < 0)
    async_diagnostics_channel_publish(&tracing->error, trace);
  return asyncscope__window_run(&tracing->async_start, &tracing->async_end,
                                trace, call_back_traced, trace);
}
