/* A body lies here whole until its answer has gone: those of all connections
 * together have a ceiling, or each of them could be filled up and held. A large
 * one is given a piece at a time, so that it lies nowhere else. */
#include "routes.h"

#include "app.h"
#include "asyncscope/async_allocator.h"
#include "http_buffer.h"
#include "reply.h"
#include <stdio.h>
#include <uv.h>

#define ECHO_TYPE_BYTES  128
#define ECHO_PIECE_BYTES 32768

typedef struct echo_job_s {
  app_t *app;
  http_response_t *response;
  http_buffer_t body; /* the HTTP layer keeps it below its limit */
  size_t given_bytes;
  bool failed;
  char type[ECHO_TYPE_BYTES];
} echo_job_t;

/* A single body has room whatever its limit. */
static size_t ceiling(const app_t *app) {
  size_t one = app->options.limits.body_max_bytes;

  return one > APP_ECHO_MAX_BYTES ? one : APP_ECHO_MAX_BYTES;
}

static bool take_room(app_t *app, size_t size) {
  size_t before = atomic_fetch_add(&app->echo_bytes, size);

  if (before + size <= ceiling(app))
    return true;
  atomic_fetch_sub(&app->echo_bytes, size);
  return false;
}

static void drop_body(echo_job_t *job) {
  atomic_fetch_sub(&job->app->echo_bytes, job->body.size_bytes);
  http_buffer_finish(&job->body);
}

static void on_close(void *arg, int status) {
  echo_job_t *job = arg;

  (void)status;
  drop_body(job);
  async_free(job);
}

static void fail(echo_job_t *job) {
  job->failed = true;
  drop_body(job);
}

/* What fails is read to its end all the same: so the answer reaches its peer.
 */
static void on_data(void *arg, const char *bytes, size_t size) {
  echo_job_t *job = arg;

  if (job->failed)
    return;
  if (!take_room(job->app, size)) {
    fail(job);
  } else if (http_buffer_append(&job->body, bytes, size) != 0) {
    atomic_fetch_sub(&job->app->echo_bytes, size);
    fail(job);
  }
}

static void on_pull(void *arg) {
  echo_job_t *job = arg;
  size_t left = job->body.size_bytes - job->given_bytes;
  size_t piece = left < ECHO_PIECE_BYTES ? left : ECHO_PIECE_BYTES;

  if (piece == 0) {
    http_response_end(job->response);
    return;
  }
  job->given_bytes += piece;
  http_response_write(job->response, job->body.bytes + job->given_bytes - piece,
                      piece);
}

static void give(echo_job_t *job) {
  const http_source_t source = {.pull = on_pull, .arg = job};

  if (job->body.size_bytes > ECHO_PIECE_BYTES)
    http_response_stream(job->response, 200, job->type,
                         (int64_t)job->body.size_bytes, &source);
  else
    http_response_send(job->response, 200, job->type, job->body.bytes,
                       job->body.size_bytes);
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
  give(job);
}

static void copy_type(echo_job_t *job, const http_request_t *request) {
  http_text_t type;

  if (http_request_field(request, "content-type", &type) != 1 ||
      type.size_bytes == 0 || type.size_bytes >= sizeof(job->type))
    type = http_text("application/octet-stream");
  snprintf(job->type, sizeof(job->type), "%.*s", (int)type.size_bytes, type.at);
}

void route_echo(void *arg, http_request_t *request, http_response_t *response) {
  const app_loop_t *loop = arg;
  echo_job_t *job = async_calloc(1, sizeof(*job));

  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  job->app = loop->app;
  job->response = response;
  copy_type(job, request);
  http_request_on_close(request, on_close, job);
  http_request_read_body(request, on_data, on_end, job);
}
