/* The job lives until its timer's handle is closed, which the request's close
 * callback begins, whether the timer has fired or not. */
#include "routes.h"

#include "app.h"
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_uv.h"
#include "reply.h"
#include "request_context.h"

typedef struct timer_job_s {
  async_uv_timer_t timer;
  app_loop_t *loop;
  http_response_t *response;
  int64_t ms;
} timer_job_t;

static void on_timer_closed(async_uv_handle_t *handle) {
  async_free(handle->data);
}

static void on_close(void *arg, int status) {
  timer_job_t *job = arg;

  (void)status;
  async_uv_close((async_uv_handle_t *)&job->timer, on_timer_closed);
}

static void on_timer(async_uv_timer_t *timer) {
  timer_job_t *job = timer->data;
  char id[REQUEST_ID_BYTES];

  request_id_current(&job->loop->app->storage, id);
  reply_json(
      job->response, 200,
      json_pack("{s:I, s:s}", "ms", (json_int_t)job->ms, "requestId", id));
}

static void start(app_loop_t *loop, http_request_t *request,
                  http_response_t *response, int64_t ms) {
  timer_job_t *job = async_calloc(1, sizeof(*job));
  int error;

  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  error = async_uv_timer_init(&loop->loop, &job->timer);
  if (error != 0) {
    async_free(job);
    reply_unavailable(response, error);
    return;
  }
  job->timer.data = job;
  job->loop = loop;
  job->response = response;
  job->ms = ms;
  http_request_on_close(request, on_close, job);
  error = async_uv_timer_start(&job->timer, on_timer, (uint64_t)ms, 0);
  if (error != 0)
    reply_unavailable(response, error);
}

void route_timer(void *arg, http_request_t *request,
                 http_response_t *response) {
  static const char *const names[] = {"ms"};
  http_query_t query;
  int64_t ms;

  http_query_init(&query, http_request_query(request), names, 1);
  if (!http_query_integer(&query, "ms", 0, ROUTE_TIMER_MAX_MS, 50, &ms)) {
    reply_bad_query(response, &query);
    return;
  }
  start(arg, request, response, ms);
}
