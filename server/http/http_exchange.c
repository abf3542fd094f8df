/* The resource of a request is made when its head has been read and ends with
 * it; every call of the embedder about the request runs in its scope, so that
 * the frame captured at the beginning is seen in all of them, and the next
 * request on the connection begins from the empty frame. */
#include "http_exchange.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_fail.h"
#include "http_apart.h"
#include <stdio.h>
#include <string.h>

static void on_body(void *arg, const char *bytes, size_t size);

static http_request_t *take_spare(http_server_t *server) {
  http_request_t *request = server->spare_requests;

  if (request == NULL)
    return async_calloc(1, sizeof(*request));
  server->spare_requests = request->next;
  server->spare_request_count--;
  request->next = NULL;
  return request;
}

http_request_t *http_exchange_begin(http_connection_t *connection) {
  http_request_t *request = take_spare(connection->server);

  if (request != NULL) {
    request->connection = connection;
    request->internal = connection->server->internal;
    request->response.request = request;
    http_parser_init(&request->parser, &request->head,
                     &connection->server->options.limits, on_body, request);
    request->head.secured = connection->session != NULL;
    connection->request_count++;
  }
  return request;
}

void http_exchange_enter(http_request_t *request, http_scope_t *ret_scope) {
  ret_scope->entered =
      request->opened && async_callback_scope_open(&request->resource) == 0;
  ret_scope->failing = async_failure() != NULL;
  ret_scope->internal_before = async_env_set_internal(request->internal);
}

/* What failed is the request's alone: others come behind it in the same read.
 */
void http_exchange_leave(http_request_t *request, const http_scope_t *scope) {
  if (!scope->failing)
    async_failure_uncaught();
  async_env_set_internal(scope->internal_before);
  if (scope->entered)
    async_callback_scope_close(&request->resource);
}

HTTP_APART static void name_resource(http_request_t *request) {
  char spare[ASYNC_RESOURCE_NAME_BYTES];
  http_text_t name = http_request_name(request, spare, sizeof(spare));

  async_resource_set_name(&request->resource, name.at, name.size_bytes);
}

static int init_resource(http_request_t *request) {
  const async_resource_t *cause = http_connection_resource(request->connection);
  bool internal_before = async_env_set_internal(request->internal);
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_TRIGGER | ASYNC_RESOURCE_FRAME |
               ASYNC_RESOURCE_FRAME_LENT | ASYNC_RESOURCE_REQUEST_NAME,
      .trigger_async_id = async_resource_async_id(cause),
      .frame = request->frame};
  int error =
      async_resource_init(&request->resource, "HTTPINCOMINGMESSAGE", &options);

  async_env_set_internal(internal_before);
  return error;
}

/* What the callback that is running now has for context is another request's,
 * or nobody's: the embedder begins from the empty frame, and what is current at
 * its end is the request's. */
static int open_frame(http_request_t *request) {
  const http_server_options_t *options = &request->connection->server->options;
  async_context_frame_t *before;
  int error;

  if (options->callbacks.on_request_open == NULL)
    return 0;
  before = async_context_frame_swap(NULL);
  error = options->callbacks.on_request_open(options->data, request);
  request->frame = async_context_frame_swap(before);
  return error;
}

static int open_request(http_request_t *request) {
  int error = open_frame(request);

  if (error != 0)
    return error;
  http_connection_set_internal(request->connection, request->internal);
  error = init_resource(request);
  request->opened = true;
  if (error == 0 && async_context_frame_account(request->frame) == NULL)
    name_resource(request);
  return error;
}

static void tell_handler(http_request_t *request, int status) {
  http_close_cb cb = request->on_close;

  request->on_close = NULL;
  request->on_data = NULL;
  request->on_end = NULL;
  request->reads_body = false;
  if (cb != NULL)
    cb(request->close_arg, status);
}

static void tell_embedder(http_request_t *request, int status) {
  http_server_options_t *options = &request->connection->server->options;
  http_server_callbacks_t *callbacks = &options->callbacks;

  if (request->opened) {
    if (callbacks->on_request_close != NULL) {
      callbacks->on_request_close(options->data, request, &request->response,
                                  status);
    }
  } else if (request->response.status != 0 && callbacks->on_refused != NULL) {
    callbacks->on_refused(options->data, request, request->response.status);
  }
}

static void tell_closed(http_request_t *request, int status) {
  request->closed = true;
  tell_handler(request, status);
  tell_embedder(request, status);
}

/* Where the handler wants to be told, each of these callbacks has a scope of
 * its own, as Node's listeners have; so has the embedder's where it failed. */
static bool is_over(const http_request_t *request) {
  return http_exchange_done(request) && request->on_end == NULL &&
         request->on_close == NULL && request->connection->error == 0 &&
         async_failure() == NULL;
}

/* In the frame that the request began with, whatever the handler has entered.
 * The clock is read for it, as at a scope's boundary, so that the request ends
 * when the handler did. */
static void tell_closed_in(http_request_t *request) {
  async_context_frame_t *frame = request->frame, *entered = NULL;
  bool changed = async_context_frame_current() != frame;

  if (changed)
    entered = async_context_frame_swap(async_context_frame_retain(frame));
  async_env_read_clock_ns();
  tell_closed(request, 0);
  if (changed)
    async_context_frame_release(async_context_frame_swap(entered));
}

/* A request that its handler has answered at once is over in the same scope:
 * most are. */
static void call_handler(http_request_t *request) {
  const http_server_options_t *options = &request->connection->server->options;
  http_scope_t scope;

  http_exchange_enter(request, &scope);
  options->callbacks.on_request(options->data, request, &request->response);
  if (is_over(request))
    tell_closed_in(request);
  http_exchange_leave(request, &scope);
}

static void on_body(void *arg, const char *bytes, size_t size) {
  http_request_t *request = arg;
  http_scope_t scope;

  if (request->on_data != NULL) {
    http_exchange_enter(request, &scope);
    request->on_data(request->body_arg, bytes, size);
    http_exchange_leave(request, &scope);
  }
}

static void end_body(http_request_t *request) {
  http_scope_t scope;

  request->body_ended = true;
  http_timeout_begin_phase(request->connection);
  if (request->on_end != NULL) {
    http_exchange_enter(request, &scope);
    request->on_end(request->body_arg);
    http_exchange_leave(request, &scope);
  }
}

static void head_complete(http_request_t *request) {
  http_refusal_t refusal = http_parser_head(&request->parser);

  http_timeout_begin_phase(request->connection);
  if (!request->parser.complete)
    request->head_ms = uv_now(request->connection->server->loop);
  if (refusal == HTTP_ACCEPTED && open_request(request) != 0)
    refusal = HTTP_REFUSE_MEMORY;
  if (refusal != HTTP_ACCEPTED) {
    http_exchange_refuse(request, refusal);
    return;
  }
  call_handler(request);
}

void http_exchange_received(http_request_t *request, size_t size) {
  request->received_bytes += size;
  if (request->account != NULL)
    async_request_add_bytes(request->account, size, 0);
}

void http_exchange_sent(http_request_t *request, size_t size) {
  request->response.sent_bytes += size;
  if (request->account != NULL)
    async_request_add_bytes(request->account, 0, size);
}

size_t http_exchange_read(http_request_t *request, const char *bytes,
                          size_t size) {
  http_refusal_t refusal;
  size_t read = 0;

  if (request->head.complete) {
    refusal = http_parser_body(&request->parser, bytes, size, &read);
    http_exchange_received(request, read);
  } else {
    refusal = http_head_read(&request->head, request->parser.limits, bytes,
                             size, &read);
    http_exchange_received(request, read);
    request->body_begun = read < size;
    if (refusal == HTTP_ACCEPTED && request->head.complete)
      head_complete(request);
  }
  if (refusal != HTTP_ACCEPTED)
    http_exchange_refuse(request, refusal);
  else if (request->parser.complete && !request->body_ended &&
           (!request->connection->last || request->reads_body) &&
           request->connection->error == 0)
    end_body(request);
  return read;
}

bool http_exchange_done(const http_request_t *request) {
  return request->response.state == HTTP_RESPONSE_COMPLETE &&
         (request->parser.complete || request->connection->last);
}

static int status_of_refusal(http_refusal_t refusal) {
  int status = http_refusal_status(refusal);

  return status == 408 || status == 503 ? UV_ETIMEDOUT : UV_EINVAL;
}

void http_exchange_refuse(http_request_t *request, http_refusal_t refusal) {
  http_response_t *response = &request->response;
  char body[96];
  http_scope_t scope;
  int size;

  http_exchange_enter(request, &scope);
  tell_handler(request, status_of_refusal(refusal));
  http_exchange_leave(request, &scope);
  request->connection->last = true;
  if (response->state == HTTP_RESPONSE_STREAMING) {
    http_connection_fail(request->connection, status_of_refusal(refusal));
    return;
  }
  if (response->state == HTTP_RESPONSE_NONE) {
    response->fields.size_bytes = 0;
    size = snprintf(body, sizeof(body), "%s\n", http_refusal_text(refusal));
    http_response_send(response, http_refusal_status(refusal),
                       "text/plain; charset=utf-8", body, (size_t)size);
  }
}

/* Zeroes all but the memory worth keeping. */
static void recycle(http_server_t *server, http_request_t *request) {
  http_buffer_t fields = request->response.fields;

  if (server->spare_request_count >= HTTP_SPARE_REQUESTS_MAX) {
    http_exchange_free(request);
    return;
  }
  fields.size_bytes = 0;
  http_head_reset(&request->head);
  memset(request, 0, offsetof(http_request_t, parser));
  request->response.fields = fields;
  request->next = server->spare_requests;
  server->spare_requests = request;
  server->spare_request_count++;
}

void http_exchange_end(http_request_t *request, int status) {
  http_server_t *server = request->connection->server;
  http_scope_t scope;

  request->response.state = HTTP_RESPONSE_COMPLETE;
  if (!request->closed) {
    http_exchange_enter(request, &scope);
    tell_closed(request, status);
    http_exchange_leave(request, &scope);
  }
  async_resource_finish(&request->resource);
  async_context_frame_release(request->frame);
  recycle(server, request);
}

void http_exchange_free(http_request_t *request) {
  http_buffer_finish(&request->response.fields);
  http_head_finish(&request->head);
  async_free(request);
}
