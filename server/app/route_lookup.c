/* The look-up cannot be stopped once it runs: a job whose request was closed
 * has no response any more and is freed when the look-up is over. */
#include "routes.h"

#include "app.h"
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_uv.h"
#include "reply.h"
#include "request_context.h"
#include <string.h>

#define LOOKUP_HOST_BYTES 254 /* of a DNS name, with the NUL */

typedef struct lookup_job_s {
  async_uv_getaddrinfo_t req;
  app_loop_t *loop;
  http_response_t *response; /* NULL after the request was closed */
  bool pending;
  char host[LOOKUP_HOST_BYTES];
} lookup_job_t;

static void on_close(void *arg, int status) {
  lookup_job_t *job = arg;

  (void)status;
  job->response = NULL;
  if (job->pending)
    async_uv_getaddrinfo_cancel(&job->req);
  else
    async_free(job);
}

static json_t *addresses_json(const struct addrinfo *found) {
  json_t *list = json_array();
  char text[INET6_ADDRSTRLEN];

  for (; found != NULL; found = found->ai_next)
    if (uv_ip_name(found->ai_addr, text, sizeof(text)) == 0)
      json_array_append_new(list, json_string(text));
  return list;
}

static void reply_found(lookup_job_t *job, const struct addrinfo *found) {
  char id[REQUEST_ID_BYTES];

  request_id_current(&job->loop->app->storage, id);
  reply_json(job->response, 200,
             json_pack("{s:s, s:o, s:s}", "host", job->host, "addresses",
                       addresses_json(found), "requestId", id));
}

static void reply_failed(lookup_job_t *job, int status) {
  int code = status == UV_EAI_NONAME || status == UV_EAI_NODATA ? 404 : 502;

  reply_text(job->response, code, "host: %s", uv_strerror(status));
}

static void on_lookup(async_uv_getaddrinfo_t *req, int status,
                      struct addrinfo *found) {
  lookup_job_t *job = req->data;

  job->pending = false;
  if (job->response == NULL)
    async_free(job);
  else if (status == 0)
    reply_found(job, found);
  else
    reply_failed(job, status);
  uv_freeaddrinfo(found);
}

static void start(app_loop_t *loop, http_request_t *request,
                  http_response_t *response, const char *host) {
  static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  lookup_job_t *job = async_calloc(1, sizeof(*job));
  int error;

  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  memcpy(job->host, host, LOOKUP_HOST_BYTES);
  job->loop = loop;
  job->response = response;
  job->req.data = job;
  http_request_on_close(request, on_close, job);
  error = async_uv_getaddrinfo(&loop->loop, &job->req, on_lookup, job->host,
                               NULL, &hints);
  job->pending = error == 0;
  if (error != 0)
    reply_failed(job, error);
}

/* Names and addresses, no more: what else a resolver makes of a string is not
 * for strangers to find out. */
static bool host_valid(const char *host) {
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";

  return host[strspn(host, allowed)] == '\0';
}

void route_lookup(void *arg, http_request_t *request,
                  http_response_t *response) {
  static const char *const names[] = {"host"};
  char host[LOOKUP_HOST_BYTES] = "";
  http_query_t query;

  http_query_init(&query, http_request_query(request), names, 1);
  if (!http_query_string(&query, "host", "localhost", host, sizeof(host)))
    reply_bad_query(response, &query);
  else if (!host_valid(host))
    reply_text(response, 400, "host: must be a name or an address");
  else
    start(arg, request, response, host);
}
