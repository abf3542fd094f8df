/* The job lives as long as its request; the reader, which may outlive it, has
 * its own memory and calls nobody once it is closed. */
#include "routes.h"

#include "app.h"
#include "asyncscope/async_allocator.h"
#include "file_reader.h"
#include "reply.h"
#include <string.h>

typedef struct file_job_s {
  app_loop_t *loop;
  http_response_t *response;
  file_reader_t *reader; /* NULL before it was opened */
  const char *type;
  uint64_t left_bytes;
} file_job_t;

static const struct {
  const char *suffix;
  const char *type;
} TYPES[] = {
    {".md", "text/markdown; charset=utf-8"},
    {".txt", REPLY_TEXT_TYPE},
    {".c", REPLY_TEXT_TYPE},
    {".h", REPLY_TEXT_TYPE},
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
};

static const char *type_of(const char *path) {
  const char *dot = strrchr(path, '.');

  for (size_t i = 0; dot != NULL && i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
    if (strcmp(dot, TYPES[i].suffix) == 0)
      return TYPES[i].type;
  return "application/octet-stream";
}

static void on_close(void *arg, int status) {
  file_job_t *job = arg;

  (void)status;
  if (job->reader != NULL)
    file_reader_close(job->reader);
  async_free(job);
}

static void reply_failed(http_response_t *response, int error) {
  if (error == UV_ENOENT)
    reply_text(response, 404, "path: no such file");
  else
    reply_unavailable(response, error);
}

static void on_pull(void *arg) {
  file_job_t *job = arg;
  int error;

  if (job->left_bytes == 0) {
    http_response_end(job->response);
    return;
  }
  error = file_reader_read(job->reader);
  if (error != 0)
    http_response_abort(job->response, error);
}

/* A file that grows is cut at the length that was announced. */
static void on_read(void *arg, ssize_t size, const char *bytes) {
  file_job_t *job = arg;

  if (size <= 0) {
    http_response_abort(job->response, size == 0 ? UV_EOF : (int)size);
    return;
  }
  if ((uint64_t)size > job->left_bytes)
    size = (ssize_t)job->left_bytes;
  job->left_bytes -= (uint64_t)size;
  http_response_write(job->response, bytes, (size_t)size);
}

static void on_open(void *arg, int status, uint64_t size_bytes) {
  file_job_t *job = arg;
  http_source_t source = {.pull = on_pull, .arg = job};

  if (status != 0) {
    reply_failed(job->response, status);
    return;
  }
  job->left_bytes = size_bytes;
  http_response_set_field(job->response, "X-Content-Type-Options", "nosniff");
  http_response_stream(job->response, 200, job->type, (int64_t)size_bytes,
                       &source);
}

static void start(app_loop_t *loop, http_request_t *request,
                  http_response_t *response, const char *path) {
  static const file_reader_callbacks_t callbacks = {.on_open = on_open,
                                                    .on_read = on_read};
  file_job_t *job = async_calloc(1, sizeof(*job));
  int error;

  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  job->loop = loop;
  job->response = response;
  job->type = type_of(path);
  http_request_on_close(request, on_close, job);
  error = file_reader_open(&loop->loop, loop->app->root, path, &callbacks, job,
                           &job->reader);
  if (error != 0)
    reply_failed(response, error);
}

void route_file(void *arg, http_request_t *request, http_response_t *response) {
  static const char *const names[] = {"path"};
  char path[ROUTE_PATH_BYTES];
  http_query_t query;

  http_query_init(&query, http_request_query(request), names, 1);
  if (!http_query_string(&query, "path", "README.md", path, sizeof(path))) {
    reply_bad_query(response, &query);
    return;
  }
  start(arg, request, response, path);
}
