/* /debug and /debug/tree: who may see it and what it shows are decided and
 * made by the debug layer; here it only meets HTTP. A job is counted in its
 * loop from when it has a stream until its request ends. */
#include "routes.h"

#include "app.h"
#include "asyncscope/async_allocator.h"
#include "asyncscope/asyncscope_debug.h"
#include "reply.h"
#include <string.h>

#define DEBUG_FIELD_BYTES 1024

typedef struct debug_job_s {
  app_loop_t *loop;
  http_response_t *response;
  asyncscope_debug_stream_t *stream;
} debug_job_t;

/* What a visitor brings, as the debug layer wants it. */
typedef struct debug_visit_s {
  asyncscope_debug_visitor_t visitor;
  struct sockaddr_storage peer;
  char host[DEBUG_FIELD_BYTES];
  char authorization[DEBUG_FIELD_BYTES];
  char origin[DEBUG_FIELD_BYTES];
  char sec_fetch_site[DEBUG_FIELD_BYTES];
} debug_visit_t;

/* A field that is there twice, or is too long to be honest, must not pass as
 * one that is absent: it becomes a value that nobody accepts. */
static const char *copy_field(const http_request_t *request, const char *name,
                              char *buffer) {
  http_text_t value;
  unsigned count = http_request_field(request, name, &value);

  if (count == 0)
    return NULL;
  if (count > 1 || value.size_bytes >= DEBUG_FIELD_BYTES)
    value = http_text("invalid");
  memcpy(buffer, value.at, value.size_bytes);
  buffer[value.size_bytes] = '\0';
  return buffer;
}

/* What they say is not believed, only that they are there. */
static const char *forwarded(const http_request_t *request) {
  http_text_t value;
  bool found = http_request_field(request, "forwarded", &value) > 0 ||
               http_request_field(request, "x-forwarded-for", &value) > 0;

  return found ? "" : NULL;
}

static int may_see(const app_loop_t *loop, const http_request_t *request,
                   const char **ret_reason) {
  debug_visit_t visit;
  asyncscope_debug_visitor_t *visitor = &visit.visitor;
  int error = http_request_peer(request, &visit.peer);

  visitor->peer = error == 0 ? (const struct sockaddr *)&visit.peer : NULL;
  visitor->host = copy_field(request, "host", visit.host);
  visitor->authorization =
      copy_field(request, "authorization", visit.authorization);
  visitor->origin = copy_field(request, "origin", visit.origin);
  visitor->sec_fetch_site =
      copy_field(request, "sec-fetch-site", visit.sec_fetch_site);
  visitor->forwarded = forwarded(request);
  return asyncscope_debug_access(visitor, loop->app->options.debug_token,
                                 ret_reason);
}

static void on_close(void *arg, int status) {
  debug_job_t *job = arg;

  (void)status;
  job->loop->debug_stream_count--;
  asyncscope_debug_stream_destroy(job->stream);
  async_free(job);
}

static void on_pull(void *arg) {
  debug_job_t *job = arg;
  const char *chunk;
  size_t size = 0;
  int error = asyncscope_debug_stream_next(job->stream, &chunk, &size);

  if (error != 0)
    http_response_abort(job->response, error);
  else if (size == 0)
    http_response_end(job->response);
  else
    http_response_write(job->response, chunk, size);
}

static int create_stream(const app_loop_t *loop,
                         asyncscope_debug_format_t format, debug_job_t *job) {
  const asyncscope_debug_pool_t pools[] = {
      {.pool = loop->app->pool, .name = "pool"}};
  const asyncscope_debug_options_t options = {
      .started_ns = loop->app->started_ns, .pools = pools, .pool_count = 1};

  return asyncscope_debug_stream_create(format, &options, &job->stream);
}

static void stream(app_loop_t *loop, http_request_t *request,
                   http_response_t *response,
                   asyncscope_debug_format_t format) {
  debug_job_t *job = async_calloc(1, sizeof(*job));
  http_source_t source = {.pull = on_pull, .arg = job};
  int error = job == NULL ? UV_ENOMEM : create_stream(loop, format, job);

  if (error != 0) {
    async_free(job);
    reply_unavailable(response, error);
    return;
  }
  job->loop = loop;
  job->response = response;
  loop->debug_stream_count++;
  http_request_on_close(request, on_close, job);
  http_response_stream(response, 200, asyncscope_debug_content_type(format),
                       HTTP_LENGTH_UNKNOWN, &source);
}

static void reply_busy(http_response_t *response) {
  http_response_set_field(response, "Retry-After", "1");
  reply_text(response, 503, "debug: others are reading it, try again");
}

static void serve(app_loop_t *loop, http_request_t *request,
                  http_response_t *response, asyncscope_debug_format_t format) {
  const char *reason = NULL;
  int status = may_see(loop, request, &reason);
  http_query_t query;

  http_response_set_field(response, "Cache-Control", "no-store");
  http_response_set_field(response, "X-Content-Type-Options", "nosniff");
  if (status == 401) {
    http_response_set_field(response, "WWW-Authenticate",
                            ASYNCSCOPE_DEBUG_CHALLENGE);
  }
  if (status != 200)
    reply_text(response, status, "%s", reason);
  else if (!http_query_init(&query, http_request_query(request), NULL, 0))
    reply_bad_query(response, &query);
  else if (loop->debug_stream_count >= APP_DEBUG_STREAMS_MAX)
    reply_busy(response);
  else
    stream(loop, request, response, format);
}

void route_debug(void *arg, http_request_t *request,
                 http_response_t *response) {
  serve(arg, request, response, ASYNCSCOPE_DEBUG_JSON);
}

void route_debug_tree(void *arg, http_request_t *request,
                      http_response_t *response) {
  serve(arg, request, response, ASYNCSCOPE_DEBUG_TREE);
}
