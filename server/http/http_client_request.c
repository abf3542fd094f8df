#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "http_agent_pool.h"
#include "http_client_exchange.h"
#include "http_url.h"
#include <string.h>

/* RFC 9110 9.2.2 */
static bool is_idempotent(const char *method) {
  static const char *const methods[] = {"GET",    "HEAD",    "PUT",
                                        "DELETE", "OPTIONS", "TRACE"};

  for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
    if (strcmp(method, methods[i]) == 0)
      return true;
  return false;
}

static void on_deadline(http_agent_deadline_t *deadline, uint64_t now_ms) {
  (void)now_ms;
  http_client_exchange_fail(
      HTTP_OWNER(deadline, http_client_request_t, deadline), UV_ETIMEDOUT,
      "request", NULL);
}

static void take_options(http_client_request_t *request,
                         const http_client_options_t *options) {
  const char *method = options->method != NULL ? options->method : "GET";

  request->callbacks = options->callbacks;
  request->data = options->data;
  request->idempotent = is_idempotent(method);
  request->streamed = options->source != NULL;
  request->length_bytes = options->length_bytes;
  request->chunked = request->streamed && options->length_bytes == 0;
  if (request->streamed)
    request->source = *options->source;
  request->deadline.expired = on_deadline;
  http_client_exchange_init_response(request, strcmp(method, "HEAD") == 0);
}

/* Holds its host: from here on it is freed by http_client_exchange_free(). */
static http_client_request_t *create(http_agent_t *agent,
                                     http_agent_host_t *host) {
  http_client_request_t *request = async_calloc(1, sizeof(*request));

  if (request == NULL) {
    async_error_set(UV_ENOMEM, "no memory for a request");
    http_agent_host_drop(host);
    return NULL;
  }
  request->agent = agent;
  request->host = host;
  http_list_init(&request->queue_link);
  http_list_append(&agent->requests, &request->link);
  agent->request_count++;
  return request;
}

static int check(const http_agent_t *agent,
                 const http_client_options_t *options) {
  if (agent->stopping)
    return async_error_set(UV_ECANCELED, "the agent is stopping");
  if (options->host == NULL || *options->host == '\0' ||
      strlen(options->host) > HTTP_CLIENT_HOST_MAX_BYTES)
    return async_error_set(UV_EINVAL, "there is no host, or a too long one");
  return 0;
}

static int start(http_client_request_t *request,
                 const http_client_options_t *options) {
  http_agent_t *agent = request->agent;
  int error;

  take_options(request, options);
  error = http_client_head_write(request, options);
  if (error == 0)
    error = http_agent_pool_ask(request);
  if (error != 0)
    return error;
  http_agent_deadline_set(
      agent, &request->deadline,
      http_agent_after_ms(uv_now(agent->loop), options->timeout_ms));
  http_agent_update(agent);
  return 0;
}

int http_client_request(http_agent_t *agent,
                        const http_client_options_t *options,
                        http_client_request_t **ret_request) {
  http_client_request_t *request;
  http_agent_host_t *host;
  int error = check(agent, options);

  if (error == 0)
    error = http_agent_host_hold(
        agent, options->host, options->port != 0 ? options->port : 80, &host);
  if (error != 0)
    return error;
  request = create(agent, host);
  if (request == NULL)
    return UV_ENOMEM;
  error = start(request, options);
  if (error != 0)
    http_client_exchange_free(request);
  else if (ret_request != NULL)
    *ret_request = request;
  return error;
}

int http_client_get(http_agent_t *agent, const char *url,
                    const http_client_callbacks_t *callbacks, void *data,
                    http_client_request_t **ret_request) {
  http_client_options_t options = {.data = data};
  http_url_t parsed;
  int error = http_url_parse(url, &parsed);

  if (error != 0)
    return error;
  if (callbacks != NULL)
    options.callbacks = *callbacks;
  options.host = parsed.host;
  options.port = parsed.port;
  options.target = parsed.target;
  return http_client_request(agent, &options, ret_request);
}

void http_client_request_abort(http_client_request_t *request) {
  http_client_exchange_fail(request, UV_ECANCELED, "request", NULL);
}

void http_client_request_pause(http_client_request_t *request) {
  request->paused = true;
  if (request->socket != NULL)
    http_agent_socket_settle(request->socket);
}

void http_client_request_resume(http_client_request_t *request) {
  request->paused = false;
  if (request->socket == NULL)
    return;
  request->socket->since_ms = uv_now(request->agent->loop);
  http_agent_socket_settle(request->socket);
}

const http_client_response_t *http_client_request_response(
    const http_client_request_t *request) {
  return &request->response;
}

const http_agent_socket_t *http_client_request_socket(
    const http_client_request_t *request) {
  return request->socket;
}

bool http_client_request_reused_socket(const http_client_request_t *request) {
  return request->socket != NULL && request->socket->request_count > 1;
}

async_resource_t *http_client_request_resource(http_client_request_t *request) {
  return &request->resource;
}
