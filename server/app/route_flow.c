/* Timer, then file, then pool, then the answer: the way of a context through
 * every kind of callback. A job has one holder for its request, one for its
 * timer's handle and one for its task while that is with the pool; the last
 * to let go frees it. */
#include "routes.h"

#include "app.h"
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_uv.h"
#include "asyncscope/worker_pool.h"
#include "file_reader.h"
#include "reply.h"
#include "request_context.h"
#include <inttypes.h>
#include <stdio.h>

typedef struct flow_job_s {
  app_loop_t *loop;
  http_response_t *response; /* NULL after the request was closed */
  unsigned holders;
  async_uv_timer_t timer;
  file_reader_t *reader;
  worker_task_t task;
  bool task_pending;
  int64_t ms, a, b, sum;
  char path[ROUTE_PATH_BYTES];
} flow_job_t;

static void let_go(flow_job_t *job) {
  if (--job->holders == 0)
    async_free(job);
}

static void record(const flow_job_t *job, const char *hop) {
  request_hop_record(&job->loop->app->storage, hop);
  app_log_write(&job->loop->app->log, APP_LOG_DEBUG, "at %s", hop);
}

static void on_timer_closed(async_uv_handle_t *handle) {
  let_go(handle->data);
}

static void on_close(void *arg, int status) {
  flow_job_t *job = arg;

  (void)status;
  job->response = NULL;
  async_uv_close((async_uv_handle_t *)&job->timer, on_timer_closed);
  if (job->reader != NULL)
    file_reader_close(job->reader);
  if (job->task_pending)
    worker_pool_cancel(job->loop->app->pool, &job->task);
  let_go(job);
}

/* On a worker the cause is on another thread: the trigger id is 0 there, and
 * the origin names it. */
static json_t *hop_json(const request_hop_t *hop) {
  char id[REQUEST_ID_BYTES];
  char origin[40];
  json_t *json;

  request_id_format(hop->request, id);
  json = json_pack("{s:s, s:I, s:I, s:I, s:I, s:s}", "hop", hop->name, "thread",
                   (json_int_t)hop->thread, "asyncId",
                   (json_int_t)hop->async_id, "triggerAsyncId",
                   (json_int_t)hop->trigger_async_id, "executionAsyncId",
                   (json_int_t)hop->execution_async_id, "requestId", id);
  if (json != NULL && hop->trigger_async_id == ASYNC_ID_NONE) {
    snprintf(origin, sizeof(origin), "%" PRIu32 ":%" PRId64, hop->origin.thread,
             hop->origin.async_id);
    json_object_set_new(json, "origin", json_string(origin));
  }
  return json;
}

static json_t *hops_json(const request_context_t *context) {
  json_t *list = json_array();

  for (unsigned i = 0; context != NULL && i < context->hop_count; i++)
    json_array_append_new(list, hop_json(&context->hops[i]));
  return list;
}

static void answer(flow_job_t *job) {
  record(job, "answer");
  reply_json(
      job->response, 200,
      hops_json(async_local_storage_get_store(&job->loop->app->storage)));
}

static int work(worker_task_t *task) {
  flow_job_t *job = task->data;

  record(job, "pool");
  return __builtin_add_overflow(job->a, job->b, &job->sum) ? UV_ERANGE : 0;
}

static void on_done(worker_task_t *task, int status) {
  flow_job_t *job = task->data;

  job->task_pending = false;
  if (job->response != NULL) {
    if (status == 0)
      answer(job);
    else if (status == UV_ERANGE)
      reply_text(job->response, 400, "a, b: the sum does not fit into 64 bits");
    else
      reply_unavailable(job->response, status);
  }
  let_go(job);
}

static void submit(flow_job_t *job) {
  int error =
      worker_pool_submit(job->loop->app->pool, &job->task, work, on_done);

  if (error != 0) {
    reply_unavailable(job->response, error);
    return;
  }
  job->task_pending = true;
  job->holders++;
}

static void reply_no_file(flow_job_t *job, int error) {
  if (error == UV_ENOENT)
    reply_text(job->response, 404, "path: no such file");
  else
    reply_unavailable(job->response, error);
}

static void on_read(void *arg, ssize_t size, const char *bytes) {
  flow_job_t *job = arg;

  (void)bytes;
  if (size < 0) {
    reply_no_file(job, (int)size);
    return;
  }
  record(job, "file");
  file_reader_close(job->reader);
  job->reader = NULL;
  submit(job);
}

static void on_open(void *arg, int status, const file_info_t *info) {
  flow_job_t *job = arg;

  (void)info;
  if (status == 0)
    status = file_reader_read(job->reader);
  if (status != 0)
    reply_no_file(job, status);
}

static void on_timer(async_uv_timer_t *timer) {
  static const file_reader_callbacks_t callbacks = {.on_open = on_open,
                                                    .on_read = on_read};
  flow_job_t *job = timer->data;
  int error;

  record(job, "timer");
  error = file_reader_open(&job->loop->loop, job->loop->app->root, job->path,
                           &callbacks, job, &job->reader);
  if (error != 0)
    reply_no_file(job, error);
}

static void start(flow_job_t *job, http_request_t *request) {
  int error = async_uv_timer_init(&job->loop->loop, &job->timer);

  if (error != 0) {
    reply_unavailable(job->response, error);
    async_free(job);
    return;
  }
  job->holders = 2;
  job->timer.data = job;
  job->task.data = job;
  http_request_on_close(request, on_close, job);
  record(job, "request");
  error = async_uv_timer_start(&job->timer, on_timer, (uint64_t)job->ms, 0);
  if (error != 0)
    reply_unavailable(job->response, error);
}

static bool parse(flow_job_t *job, http_query_t *query,
                  const http_request_t *request) {
  static const char *const names[] = {"ms", "path", "a", "b"};

  http_query_init(query, http_request_query(request), names, 4);
  return http_query_integer(query, "ms", 0, ROUTE_TIMER_MAX_MS, 5, &job->ms) &&
         http_query_string(query, "path", "README.md", job->path,
                           sizeof(job->path)) &&
         http_query_integer(query, "a", INT64_MIN, INT64_MAX, 42, &job->a) &&
         http_query_integer(query, "b", INT64_MIN, INT64_MAX, 100, &job->b);
}

void route_flow(void *arg, http_request_t *request, http_response_t *response) {
  flow_job_t *job = async_calloc(1, sizeof(*job));
  http_query_t query;

  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  job->loop = arg;
  job->response = response;
  if (!parse(job, &query, request)) {
    async_free(job);
    reply_bad_query(response, &query);
    return;
  }
  start(job, request);
}
