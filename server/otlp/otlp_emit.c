/* Ids of spans below a request are made of its own and of the resource's: so
 * that they are known whichever comes first. */
#include "otlp_collect.h"

#include "asyncscope/asyncscope_otlp.h"
#include <string.h>

#define SAMPLED 1u

static uint64_t mix(uint64_t bits) {
  bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
  return bits ^ bits >> 31;
}

static uint64_t span_id_of(const async_request_trace_t *trace,
                           async_ref_t ref) {
  uint64_t id = mix(trace->span_id + mix((uint64_t)ref.thread << 32) +
                    (uint64_t)ref.async_id);
  return id == 0 ? 1 : id;
}

static bool is_sampled(const async_request_trace_t *trace) {
  return (trace->trace_id[0] | trace->trace_id[1]) != 0 &&
         trace->span_id != 0 && (trace->flags & SAMPLED) != 0;
}

/* NULL, and counted, when the queue is full. */
static otlp_span_t *push(otlp_collect_t *collect) {
  otlp_span_t *span = otlp_queue_push(collect->queue);
  collect->dropped += span == NULL;
  return span;
}

static void emit_server(otlp_collect_t *collect,
                        const otlp_finished_t *finished) {
  const async_request_info_t *info = &finished->info;
  otlp_span_t *span = push(collect);
  if (span == NULL)
    return;
  *span = (otlp_span_t){.trace = info->trace,
                        .state = otlp_state_retain(finished->state),
                        .start_ns = collect->epoch_ns + info->started_ns,
                        .end_ns = collect->epoch_ns + info->ended_ns,
                        .kind = OTLP_SERVER,
                        .request = info->number,
                        .thread = info->thread,
                        .status = info->status,
                        .failed = info->failed,
                        .of_request = {.name_cut = info->name_cut,
                                       .loop_ns = info->loop_ns,
                                       .worker_ns = info->worker_ns,
                                       .queued_ns = info->queued_ns,
                                       .in_bytes = info->in_bytes,
                                       .out_bytes = info->out_bytes,
                                       .resources = info->resources}};
  memcpy(span->thread_name, finished->thread_name, sizeof(span->thread_name));
  memcpy(span->of_request.name, info->name, sizeof(info->name));
  memcpy(span->of_request.route, info->route, sizeof(info->route));
}

/* What ran on a worker is below the task it ran for; all else is below the
 * request, and linked to what caused it. */
static void place(const otlp_followed_t *followed, const otlp_child_t *child,
                  otlp_span_t *span) {
  const otlp_child_t *cause = otlp_followed_child(followed, child->trigger);
  uint64_t cause_id =
      cause == NULL ? 0 : span_id_of(&followed->trace, child->trigger);
  span->trace.parent_span_id = followed->trace.span_id;
  if (child->work->type == NULL && cause_id != 0)
    span->trace.parent_span_id = cause_id;
  else
    span->of_child.link_id = cause_id;
}

static void emit_child(otlp_collect_t *collect, const otlp_followed_t *followed,
                       const otlp_child_t *child) {
  otlp_span_t *span = push(collect);
  if (span == NULL)
    return;
  *span = (otlp_span_t){.trace = followed->trace,
                        .state = otlp_state_retain(followed->state),
                        .start_ns = collect->epoch_ns + child->start_ns,
                        .end_ns = collect->epoch_ns + child->end_ns,
                        .kind = child->work->kind,
                        .request = followed->number,
                        .thread = child->ref.thread,
                        .status = child->ran ? 0 : UV_ECANCELED,
                        .of_child = {.work = child->work,
                                     .site = child->site,
                                     .type = child->type,
                                     .async_id = child->ref.async_id,
                                     .run_ns = child->run_ns}};
  span->trace.span_id = span_id_of(&followed->trace, child->ref);
  place(followed, child, span);
}

void otlp_emit_children(otlp_collect_t *collect, otlp_followed_t *followed) {
  size_t open = 0;
  for (size_t i = 0; i < followed->count; i++) {
    otlp_child_t *child = &followed->children[i];
    open += child->end_ns == 0;
    if (child->end_ns != 0 && !child->told) {
      emit_child(collect, followed, child);
      child->told = true;
    }
  }
  if (open == 0)
    otlp_follow_forget(&collect->follow, followed);
}

void otlp_emit_request(otlp_collect_t *collect,
                       const otlp_finished_t *finished) {
  const async_request_info_t *info = &finished->info;
  otlp_followed_t *followed = otlp_follow_find(&collect->follow, info->number);
  if (is_sampled(&info->trace))
    emit_server(collect, finished);
  if (followed == NULL)
    return;
  if (is_sampled(&info->trace)) {
    followed->finished = true;
    followed->trace = info->trace;
    followed->state = otlp_state_retain(finished->state);
    otlp_emit_children(collect, followed);
  } else {
    otlp_follow_forget(&collect->follow, followed);
  }
}
