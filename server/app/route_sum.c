/* The documents' own example: the pool adds two numbers. The task is the
 * worker's until its done callback, so a job whose request was closed waits
 * for that. */
#include "routes.h"

#include "app.h"
#include "asyncscope/async_allocator.h"
#include "asyncscope/worker_pool.h"
#include "reply.h"
#include "request_context.h"

typedef struct sum_job_s {
  worker_task_t task;
  app_loop_t *loop;
  http_response_t *response; /* NULL after the request was closed */
  bool pending;
  int64_t a, b, sum;
} sum_job_t;

static void on_close(void *arg, int status) {
  sum_job_t *job = arg;

  (void)status;
  job->response = NULL;
  if (job->pending)
    worker_pool_cancel(job->loop->app->pool, &job->task);
  else
    async_free(job);
}

static int work(worker_task_t *task) {
  sum_job_t *job = task->data;

  return __builtin_add_overflow(job->a, job->b, &job->sum) ? UV_ERANGE : 0;
}

static void reply_sum(sum_job_t *job) {
  char id[REQUEST_ID_BYTES];

  request_id_current(&job->loop->app->storage, id);
  reply_json(job->response, 200,
             json_pack("{s:I, s:I, s:I, s:s}", "a", (json_int_t)job->a, "b",
                       (json_int_t)job->b, "sum", (json_int_t)job->sum,
                       "requestId", id));
}

static void on_done(worker_task_t *task, int status) {
  sum_job_t *job = task->data;

  job->pending = false;
  if (job->response == NULL)
    async_free(job);
  else if (status == 0)
    reply_sum(job);
  else if (status == UV_ERANGE)
    reply_text(job->response, 400, "a, b: the sum does not fit into 64 bits");
  else
    reply_unavailable(job->response, status);
}

static void start(app_loop_t *loop, http_request_t *request,
                  http_response_t *response, int64_t a, int64_t b) {
  sum_job_t *job = async_calloc(1, sizeof(*job));
  int error;

  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  job->task.data = job;
  job->loop = loop;
  job->response = response;
  job->a = a;
  job->b = b;
  http_request_on_close(request, on_close, job);
  error = worker_pool_submit(loop->app->pool, &job->task, work, on_done);
  job->pending = error == 0;
  if (error != 0)
    reply_unavailable(response, error);
}

void route_sum(void *arg, http_request_t *request, http_response_t *response) {
  static const char *const names[] = {"a", "b"};
  http_query_t query;
  int64_t a, b;

  http_query_init(&query, http_request_query(request), names, 2);
  if (!http_query_integer(&query, "a", INT64_MIN, INT64_MAX, 42, &a) ||
      !http_query_integer(&query, "b", INT64_MIN, INT64_MAX, 100, &b)) {
    reply_bad_query(response, &query);
    return;
  }
  start(arg, request, response, a, b);
}
