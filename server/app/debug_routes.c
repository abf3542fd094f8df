/* /debug and all below it: who may see it and what it shows are decided and
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

/* NUL-terminated copies of what the request says, in one block: path, query,
 * Accept and Last-Event-ID. NULL for want of memory. */
typedef struct debug_question_s {
  asyncscope_debug_request_t request;
  char bytes[];
} debug_question_t;

static const char *append(char **at, http_text_t text) {
  char *copy = *at;

  if (text.size_bytes > 0)
    memcpy(copy, text.at, text.size_bytes);
  copy[text.size_bytes] = '\0';
  *at += text.size_bytes + 1;
  return copy;
}

static debug_question_t *copy_question(const http_request_t *request) {
  http_text_t path = http_request_path(request);
  http_text_t query = http_request_query(request);
  http_text_t accept = {"", 0};
  http_text_t event = {"", 0};
  debug_question_t *question;
  char *at;

  http_request_field(request, "accept", &accept);
  http_request_field(request, "last-event-id", &event);
  question =
      async_malloc(sizeof(*question) + path.size_bytes + query.size_bytes +
                   accept.size_bytes + event.size_bytes + 4);
  if (question == NULL)
    return NULL;
  at = question->bytes;
  question->request.path = append(&at, path);
  question->request.query = append(&at, query);
  question->request.accept = append(&at, accept);
  question->request.last_event_id = append(&at, event);
  return question;
}

static int open_answer(const app_loop_t *loop, const http_request_t *request,
                       asyncscope_debug_answer_t *answer) {
  debug_question_t *question = copy_question(request);
  int error = UV_ENOMEM;

  if (question != NULL)
    error = asyncscope_debug_open(loop->app->debug, &question->request, answer);
  async_free(question);
  return error;
}

static void set_fields(http_response_t *response,
                       const asyncscope_debug_answer_t *answer) {
  for (size_t i = 0; i < answer->field_count; i++)
    http_response_set_field(response, answer->fields[i].name,
                            answer->fields[i].value);
}

static void stream(app_loop_t *loop, http_request_t *request,
                   http_response_t *response) {
  debug_job_t *job = async_calloc(1, sizeof(*job));
  http_source_t source = {.pull = on_pull, .arg = job};
  asyncscope_debug_answer_t answer;
  int error = job == NULL ? UV_ENOMEM : open_answer(loop, request, &answer);

  if (error != 0) {
    async_free(job);
    reply_unavailable(response, error);
    return;
  }
  job->loop = loop;
  job->response = response;
  job->stream = answer.stream;
  loop->debug_stream_count++;
  http_request_on_close(request, on_close, job);
  set_fields(response, &answer);
  http_response_stream(response, answer.status, answer.content_type,
                       HTTP_LENGTH_UNKNOWN, &source);
}

static void reply_busy(http_response_t *response) {
  http_response_set_field(response, "Retry-After", "1");
  reply_text(response, 503, "debug: others are reading it, try again");
}

void route_debug(void *arg, http_request_t *request,
                 http_response_t *response) {
  app_loop_t *loop = arg;
  const char *reason = NULL;
  int status = may_see(loop, request, &reason);

  http_response_set_field(response, "Cache-Control", "no-store");
  http_response_set_field(response, "X-Content-Type-Options", "nosniff");
  if (status == 401) {
    http_response_set_field(response, "WWW-Authenticate",
                            ASYNCSCOPE_DEBUG_CHALLENGE);
  }
  if (status != 200)
    reply_text(response, status, "%s", reason);
  else if (loop->debug_stream_count >= APP_DEBUG_STREAMS_MAX)
    reply_busy(response);
  else
    stream(loop, request, response);
}
