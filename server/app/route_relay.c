/* Asks the server of --relay, by a connection of its loop's agent. The job is
 * freed when both the request here and the one there are closed, whichever is
 * the first: only `response` and `asked` tell whether they still are. */
#include "routes.h"

#include "app.h"
#include "app_relay.h"
#include "asyncscope/async_allocator.h"
#include "http_client_request.h"
#include "http_url.h"
#include "reply.h"
#include <stdio.h>

#define RELAY_BODY_MAX_BYTES 65536
#define RELAY_TYPE_BYTES     128
#define RELAY_TIMEOUT_MS     10000

typedef struct relay_job_s {
  http_response_t *response;    /* NULL after the request was closed */
  http_client_request_t *asked; /* NULL before it is made, and after it */
  http_buffer_t body;
  unsigned status;
  bool too_long;
  char type[RELAY_TYPE_BYTES];
} relay_job_t;

static void free_job(relay_job_t *job) {
  http_buffer_finish(&job->body);
  async_free(job);
}

static void on_close(void *arg, int status) {
  relay_job_t *job = arg;

  (void)status;
  job->response = NULL;
  if (job->asked != NULL)
    http_client_request_abort(job->asked);
  else
    free_job(job);
}

static void on_response(void *data, http_client_request_t *request) {
  const http_client_response_t *answer = http_client_request_response(request);
  relay_job_t *job = data;
  http_text_t type;

  job->status = http_client_response_status(answer);
  if (http_client_response_field(answer, "content-type", &type) != 1 ||
      type.size_bytes == 0 || type.size_bytes >= sizeof(job->type))
    type = http_text("application/octet-stream");
  snprintf(job->type, sizeof(job->type), "%.*s", (int)type.size_bytes, type.at);
}

static void on_data(void *data, http_client_request_t *request,
                    const char *bytes, size_t size) {
  relay_job_t *job = data;

  job->too_long = size > RELAY_BODY_MAX_BYTES - job->body.size_bytes;
  if (job->too_long || http_buffer_append(&job->body, bytes, size) != 0)
    http_client_request_abort(request);
}

/* What comes back is another's: no browser shall make a page of it. */
static void reply_answer(const relay_job_t *job) {
  http_response_set_field(job->response, "X-Content-Type-Options", "nosniff");
  http_response_set_field(job->response, "Content-Security-Policy", "sandbox");
  http_response_send(job->response, (int)job->status, job->type,
                     job->body.bytes, job->body.size_bytes);
}

static void reply_failed(const relay_job_t *job, int error) {
  reply_text(job->response, error == UV_ETIMEDOUT ? 504 : 502, "relay: %s",
             job->too_long ? "the answer is too long" : uv_strerror(error));
}

static void on_answered(void *data, http_client_request_t *request,
                        int status) {
  relay_job_t *job = data;

  (void)request;
  job->asked = NULL;
  if (job->response == NULL)
    free_job(job);
  else if (status == 0 && job->status <= 599)
    reply_answer(job);
  else
    reply_failed(job, status != 0 ? status : UV_EPROTO);
}

static int ask(app_loop_t *loop, relay_job_t *job) {
  static const http_client_callbacks_t callbacks = {
      .on_response = on_response, .on_data = on_data, .on_close = on_answered};
  http_url_t url;
  int error = http_url_parse(loop->app->options.relay, &url);
  const http_client_options_t options = {.host = url.host,
                                         .port = url.port,
                                         .target = url.target,
                                         .timeout_ms = RELAY_TIMEOUT_MS,
                                         .callbacks = callbacks,
                                         .data = job};

  return error != 0 ? error
                    : http_client_request(&loop->relay, &options, &job->asked);
}

void route_relay(void *arg, http_request_t *request,
                 http_response_t *response) {
  app_loop_t *loop = arg;
  relay_job_t *job = NULL;
  int error;

  if (!reply_takes_no_query(request, response))
    return;
  if (loop->app->options.relay == NULL) {
    reply_line(response, 404, "relay: the server was given no --relay\n");
    return;
  }
  job = async_calloc(1, sizeof(*job));
  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  job->response = response;
  http_request_on_close(request, on_close, job);
  error = ask(loop, job);
  if (error != 0)
    reply_unavailable(response, error);
}
