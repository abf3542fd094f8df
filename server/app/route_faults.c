/* /block is a handler that does not return; /spin is a task of the pool that
 * does not end. The task is the worker's until its done callback, so a job
 * whose request was closed waits for that. */
#include "routes.h"

#include "app.h"
#include "asyncscope/async_allocator.h"
#include "asyncscope/worker_pool.h"
#include "reply.h"
#include "request_context.h"

typedef struct spin_job_s {
  worker_task_t task;
  app_loop_t *loop;
  http_response_t *response; /* NULL after the request was closed */
  bool pending;
  int64_t ms;
  atomic_bool cancelled;
} spin_job_t;

static bool parse_ms(const http_request_t *request, http_query_t *ret_query,
                     int64_t *ret_ms) {
  static const char *const names[] = {"ms"};

  http_query_init(ret_query, http_request_query(request), names, 1);
  return http_query_integer(ret_query, "ms", 0, ROUTE_TIMER_MAX_MS, 1000,
                            ret_ms);
}

static void reply_ms(const app_loop_t *loop, http_response_t *response,
                     int64_t ms) {
  char id[REQUEST_ID_BYTES];

  request_id_current(&loop->app->storage, id);
  reply_json(response, 200,
             json_pack("{s:I, s:s}", "ms", (json_int_t)ms, "requestId", id));
}

void route_block(void *arg, http_request_t *request,
                 http_response_t *response) {
  app_loop_t *loop = arg;
  http_query_t query;
  int64_t ms;

  if (!parse_ms(request, &query, &ms)) {
    reply_bad_query(response, &query);
    return;
  }
  app_faults_block(&loop->app->faults, (uint64_t)ms);
  reply_ms(loop, response, ms);
}

static void on_close(void *arg, int status) {
  spin_job_t *job = arg;

  (void)status;
  job->response = NULL;
  atomic_store(&job->cancelled, true);
  if (job->pending)
    worker_pool_cancel(job->loop->app->pool, &job->task);
  else
    async_free(job);
}

static int work(worker_task_t *task) {
  spin_job_t *job = task->data;

  app_faults_spin(&job->loop->app->faults, (uint64_t)job->ms, &job->cancelled);
  return 0;
}

static void on_done(worker_task_t *task, int status) {
  spin_job_t *job = task->data;

  job->pending = false;
  if (job->response == NULL)
    async_free(job);
  else if (status == 0)
    reply_ms(job->loop, job->response, job->ms);
  else
    reply_unavailable(job->response, status);
}

static void start(app_loop_t *loop, http_request_t *request,
                  http_response_t *response, int64_t ms) {
  spin_job_t *job = async_calloc(1, sizeof(*job));
  int error;

  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  job->task.data = job;
  job->loop = loop;
  job->response = response;
  job->ms = ms;
  http_request_on_close(request, on_close, job);
  error = worker_pool_submit(loop->app->pool, &job->task, work, on_done);
  job->pending = error == 0;
  if (error != 0)
    reply_unavailable(response, error);
}

void route_spin(void *arg, http_request_t *request, http_response_t *response) {
  http_query_t query;
  int64_t ms;

  if (parse_ms(request, &query, &ms))
    start(arg, request, response, ms);
  else
    reply_bad_query(response, &query);
}
