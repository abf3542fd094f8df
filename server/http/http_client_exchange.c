/* Every call of the embedder about a request runs in the request's scope, which
 * has the frame that was current when it was made: through the tick that
 * began it, and before that through the socket's or the queue's place it was
 * given. */
#include "http_client_exchange.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "http_agent_pool.h"
#include <string.h>

bool http_client_exchange_enter(http_client_request_t *request) {
  return request->begun && async_callback_scope_open(&request->resource) == 0;
}

void http_client_exchange_leave(http_client_request_t *request, bool entered) {
  if (entered)
    async_callback_scope_close(&request->resource);
}

static int init_resource(http_client_request_t *request) {
  bool before = http_agent_own_begin(request->agent);
  int error =
      async_resource_init(&request->resource, "HTTPCLIENTREQUEST", NULL);

  http_agent_own_end(before);
  if (error == 0)
    async_resource_set_name(&request->resource, request->name,
                            strlen(request->name));
  return error;
}

static void begin(http_client_request_t *request) {
  int error = init_resource(request);

  if (error == 0) {
    request->begun = true;
  } else {
    request->error = error;
    request->phase = "begin";
  }
}

/* What has failed before is told here: this is the asker's context. */
static void on_tick(async_tick_t *tick) {
  http_client_request_t *request =
      HTTP_OWNER(tick, http_client_request_t, tick);

  request->tick_pending = false;
  if (request->error == 0)
    begin(request);
  if (request->socket != NULL)
    http_agent_socket_settle(request->socket);
  else
    http_client_exchange_end(request);
}

int http_client_exchange_start(http_client_request_t *request) {
  bool before = http_agent_own_begin(request->agent);
  int error = 0;

  if (!request->tick_pending)
    error = async_tick_start(&request->tick, on_tick, NULL);
  http_agent_own_end(before);
  request->tick_pending = error == 0;
  return error;
}

/* One that has failed hears of nothing but its close. */
static void on_head(void *arg) {
  http_client_request_t *request = arg;
  const http_client_callbacks_t *callbacks = &request->callbacks;
  bool entered = http_client_exchange_enter(request);

  if (callbacks->on_response != NULL && request->error == 0)
    callbacks->on_response(request->data, request);
  http_client_exchange_leave(request, entered);
}

static void on_data(void *arg, const char *bytes, size_t size) {
  http_client_request_t *request = arg;
  const http_client_callbacks_t *callbacks = &request->callbacks;
  bool entered = http_client_exchange_enter(request);

  if (callbacks->on_data != NULL && request->error == 0)
    callbacks->on_data(request->data, request, bytes, size);
  http_client_exchange_leave(request, entered);
}

static void say_what_failed(const http_client_request_t *request) {
  async_error_set(request->error, "%s:%u: %s: %s", request->host->name,
                  request->host->port, request->phase,
                  request->reason != NULL ? request->reason
                                          : uv_strerror(request->error));
}

static void tell_close(http_client_request_t *request) {
  const http_client_callbacks_t *callbacks = &request->callbacks;

  if (request->told)
    return;
  request->told = true;
  if (request->error != 0)
    say_what_failed(request);
  if (callbacks->on_close != NULL)
    callbacks->on_close(request->data, request, request->error);
}

/* Its end and its close are one event. */
static void on_end(void *arg) {
  http_client_request_t *request = arg;
  const http_client_callbacks_t *callbacks = &request->callbacks;
  bool entered = http_client_exchange_enter(request);

  if (request->error == 0) {
    request->done = true;
    if (callbacks->on_end != NULL)
      callbacks->on_end(request->data, request);
    tell_close(request);
  }
  http_client_exchange_leave(request, entered);
}

void http_client_exchange_init_response(http_client_request_t *request,
                                        bool head_only) {
  static const http_client_parser_callbacks_t callbacks = {
      .on_head = on_head, .on_data = on_data, .on_end = on_end};

  http_client_parser_init(&request->response, &request->agent->response_limits,
                          &callbacks, request, head_only);
}

size_t http_client_exchange_read(http_client_request_t *request,
                                 const char *bytes, size_t size) {
  size_t used = 0;
  int error = http_client_parser_read(&request->response, bytes, size, &used);

  if (error != 0)
    http_client_exchange_fail(request, error, "response",
                              request->response.reason);
  return used;
}

void http_client_exchange_read_end(http_client_request_t *request) {
  int error = http_client_parser_end(&request->response);

  if (error != 0)
    http_client_exchange_fail(request, error, "response",
                              request->response.reason);
}

void http_client_exchange_fail(http_client_request_t *request, int error,
                               const char *phase, const char *reason) {
  if (request->done || request->error != 0)
    return;
  request->error = error;
  request->phase = phase;
  request->reason = reason;
  if (request->socket != NULL)
    http_agent_socket_settle(request->socket);
  else
    http_client_exchange_end(request);
}

static void forget_addresses(http_client_request_t *request) {
  uv_freeaddrinfo(request->addresses);
  request->addresses = NULL;
  request->next_address = NULL;
}

bool http_client_exchange_rewind(http_client_request_t *request) {
  bool repeatable = request->idempotent || !request->wrote;

  if (request->retried || request->pulled || request->response.begun ||
      !repeatable)
    return false;
  forget_addresses(request);
  request->retried = true;
  request->uploaded = false;
  request->wrote = false;
  request->sent_bytes = 0;
  request->attempts = 0;
  request->connect_until_ms = 0;
  return true;
}

static void tell_close_in_scope(http_client_request_t *request) {
  async_resource_t *resource =
      request->begun ? &request->resource : &request->queued;
  bool entered = async_resource_async_id(resource) != ASYNC_ID_UNSET &&
                 !request->told && async_callback_scope_open(resource) == 0;

  tell_close(request);
  if (entered)
    async_callback_scope_close(resource);
}

void http_client_exchange_end(http_client_request_t *request) {
  if (request->tick_pending)
    return;
  http_agent_pool_leave_queue(request);
  tell_close_in_scope(request);
  async_resource_finish(&request->resource);
  async_resource_finish(&request->queued);
  http_client_exchange_free(request);
}

void http_client_exchange_free(http_client_request_t *request) {
  http_agent_t *agent = request->agent;

  forget_addresses(request);
  http_wheel_remove(&request->deadline.node);
  http_client_parser_finish(&request->response);
  http_buffer_finish(&request->message);
  http_list_remove(&request->link);
  http_agent_host_drop(request->host);
  async_free(request);
  agent->request_count--;
  http_agent_update(agent);
}
