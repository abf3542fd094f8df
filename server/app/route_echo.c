#include "routes.h"

#include "asyncscope/async_allocator.h"
#include "http_buffer.h"
#include "reply.h"
#include <stdio.h>
#include <uv.h>

#define ECHO_TYPE_BYTES 128

typedef struct echo_job_s {
  http_response_t *response;
  http_buffer_t body; /* the HTTP layer keeps it below its limit */
  bool failed;
  char type[ECHO_TYPE_BYTES];
} echo_job_t;

static void on_close(void *arg, int status) {
  echo_job_t *job = arg;

  (void)status;
  http_buffer_finish(&job->body);
  async_free(job);
}

static void on_data(void *arg, const char *bytes, size_t size) {
  echo_job_t *job = arg;

  if (http_buffer_append(&job->body, bytes, size) != 0)
    job->failed = true;
}

/* What comes back is a stranger's: no browser shall make a page of it. */
static void on_end(void *arg) {
  echo_job_t *job = arg;

  if (job->failed) {
    reply_unavailable(job->response, UV_ENOMEM);
    return;
  }
  http_response_set_field(job->response, "X-Content-Type-Options", "nosniff");
  http_response_set_field(job->response, "Content-Security-Policy", "sandbox");
  http_response_send(job->response, 200, job->type, job->body.bytes,
                     job->body.size_bytes);
}

static void copy_type(echo_job_t *job, const http_request_t *request) {
  http_text_t type;

  if (http_request_field(request, "content-type", &type) != 1 ||
      type.size_bytes == 0 || type.size_bytes >= sizeof(job->type))
    type = http_text("application/octet-stream");
  snprintf(job->type, sizeof(job->type), "%.*s", (int)type.size_bytes, type.at);
}

void route_echo(void *arg, http_request_t *request, http_response_t *response) {
  echo_job_t *job = async_calloc(1, sizeof(*job));

  (void)arg;
  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  job->response = response;
  copy_type(job, request);
  http_request_on_close(request, on_close, job);
  http_request_read_body(request, on_data, on_end, job);
}
