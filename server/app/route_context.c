/* What the store of the request holds, as a worker of the pool finds it: the
 * names that the request has here and elsewhere, and what is passed on. The
 * worker writes the answer's text; that it is the store of this request and no
 * other is what the pool promises. */
#include "routes.h"

#include "app.h"
#include "asyncscope/async_allocator.h"
#include "asyncscope/worker_pool.h"
#include "reply.h"
#include "request_context.h"

typedef struct context_job_s {
  worker_task_t task;
  app_loop_t *loop;
  http_response_t *response; /* NULL after the request was closed */
  bool pending;
  json_t *found; /* NULL: out of memory */
} context_job_t;

static void job_free(context_job_t *job) {
  json_decref(job->found);
  async_free(job);
}

static void on_close(void *arg, int status) {
  context_job_t *job = arg;
  (void)status;
  job->response = NULL;
  if (job->pending)
    worker_pool_cancel(job->loop->app->pool, &job->task);
  else
    job_free(job);
}

static json_t *text_or_null(http_text_t text) {
  return text.size_bytes == 0 ? json_null()
                              : json_stringn(text.at, text.size_bytes);
}

static json_t *describe(const request_context_t *context) {
  const request_trace_t *trace = &context->trace;
  char request_id[REQUEST_ID_BYTES], trace_id[TRACE_ID_BYTES];
  char span_id[SPAN_ID_BYTES], parent_id[SPAN_ID_BYTES];
  request_id_format(context->number, request_id);
  request_trace_id_format(&trace->ids, trace_id);
  request_span_id_format(trace->ids.span_id, span_id);
  request_span_id_format(trace->ids.parent_id, parent_id);
  return json_pack("{s:s, s:s, s:s, s:s?, s:b, s:o, s:o}", "requestId",
                   request_id, "traceId", trace_id, "spanId", span_id,
                   "parentSpanId", trace->ids.parent_id == 0 ? NULL : parent_id,
                   "sampled", trace->ids.flags & ASYNCSCOPE_TRACE_SAMPLED,
                   "tracestate", text_or_null(trace->tracestate), "baggage",
                   text_or_null(trace->baggage));
}

static int work(worker_task_t *task) {
  context_job_t *job = task->data;
  const request_context_t *context =
      async_local_storage_get_store(&job->loop->app->storage);
  job->found = describe(context);
  return job->found == NULL ? UV_ENOMEM : 0;
}

static void on_done(worker_task_t *task, int status) {
  context_job_t *job = task->data;
  json_t *found = job->found;
  job->pending = false;
  if (job->response == NULL) {
    job_free(job);
  } else if (status != 0) {
    reply_unavailable(job->response, status);
  } else {
    job->found = NULL;
    reply_json(job->response, 200, found);
  }
}

static void submit(context_job_t *job, http_request_t *request,
                   http_response_t *response) {
  job->task.data = job;
  job->response = response;
  http_request_on_close(request, on_close, job);
  int error =
      worker_pool_submit(job->loop->app->pool, &job->task, work, on_done);
  job->pending = error == 0;
  if (error != 0)
    reply_unavailable(response, error);
}

void route_context(void *arg, http_request_t *request,
                   http_response_t *response) {
  if (!reply_takes_no_query(request, response))
    return;
  context_job_t *job = async_calloc(1, sizeof(*job));
  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  job->loop = arg;
  submit(job, request, response);
}
