/* Memory: a socket is freed when its handle is closed and nothing else of it is
 * under way: a lookup cannot always be cancelled, nor can a tick. A socket that
 * closes has no request and no host any more, so what comes later touches the
 * socket only. */
#include "http_agent_socket.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "http_agent_pool.h"
#include "http_client_exchange.h"
#include <string.h>

static int create(http_agent_t *agent, http_agent_socket_t **ret_socket) {
  http_agent_socket_t *socket = async_calloc(1, sizeof(*socket));
  int error = socket == NULL
                  ? async_error_set(UV_ENOMEM, "no memory to connect")
                  : async_uv_tcp_init(agent->loop, &socket->tcp);

  if (error != 0) {
    async_free(socket);
    return error;
  }
  socket->agent = agent;
  socket->tcp.data = socket->lookup.data = socket->connect.data =
      socket->write.data = socket;
  socket->deadline.expired = http_agent_timeout_expired;
  http_list_init(&socket->free_link);
  http_list_append(&agent->sockets, &socket->link);
  agent->socket_count++;
  *ret_socket = socket;
  return 0;
}

static void bind_to(http_agent_socket_t *socket,
                    http_client_request_t *request) {
  socket->request = request;
  request->socket = socket;
  socket->request_count++;
  socket->since_ms = uv_now(socket->agent->loop);
}

static void unbind(http_agent_socket_t *socket) {
  if (socket->request != NULL)
    socket->request->socket = NULL;
  socket->request = NULL;
}

/* The handle becomes the asker's: its resource is made here. */
static int take_over(http_agent_socket_t *socket,
                     http_client_request_t *request) {
  async_uv_handle_t *handle = (async_uv_handle_t *)&socket->tcp;
  bool before = http_agent_own_begin(socket->agent);
  int error = async_uv_reset(handle, NULL);

  http_agent_own_end(before);
  if (error != 0)
    return error;
  async_resource_set_name(async_uv_handle_resource(handle), request->host->name,
                          strlen(request->host->name));
  return request->begun ? 0 : http_client_exchange_start(request);
}

int http_agent_socket_open(http_client_request_t *request) {
  http_agent_socket_t *socket;
  int error = create(request->agent, &socket);

  if (error != 0)
    return error;
  socket->host = request->host;
  socket->host->holders++;
  socket->host->socket_count++;
  error = take_over(socket, request);
  if (error != 0) {
    http_agent_socket_close(socket);
    return error;
  }
  bind_to(socket, request);
  http_agent_connect(socket);
  http_agent_update(request->agent);
  return 0;
}

int http_agent_socket_lend(http_agent_socket_t *socket,
                           http_client_request_t *request) {
  int error = take_over(socket, request);

  if (error != 0)
    return error;
  async_uv_ref((async_uv_handle_t *)&socket->tcp);
  bind_to(socket, request);
  http_agent_timeout_update(socket);
  return 0;
}

void http_agent_socket_fail(http_agent_socket_t *socket, int error,
                            const char *phase, const char *reason) {
  if (socket->error != 0)
    return;
  socket->error = error;
  socket->phase = phase;
  socket->reason = reason;
}

void http_agent_socket_free_if_done(http_agent_socket_t *socket) {
  http_agent_t *agent = socket->agent;

  if (!socket->closed || socket->lookup_pending || socket->tick_pending)
    return;
  http_buffer_finish(&socket->output);
  http_buffer_finish(&socket->writing);
  async_free(socket);
  agent->closing_count--;
  http_agent_update(agent);
}

static void on_closed(async_uv_handle_t *handle) {
  http_agent_socket_t *socket = handle->data;

  socket->closed = true;
  http_agent_socket_free_if_done(socket);
}

/* The host stays held, by whoever calls this. */
static http_agent_host_t *shut(http_agent_socket_t *socket) {
  http_agent_host_t *host = socket->host;

  unbind(socket);
  http_agent_pool_take(socket);
  http_list_remove(&socket->link);
  host->socket_count--;
  socket->agent->socket_count--;
  socket->agent->closing_count++;
  socket->host = NULL;
  socket->closing = true;
  http_wheel_remove(&socket->deadline.node);
  async_immediate_stop(&socket->turn);
  if (socket->lookup_pending)
    async_uv_getaddrinfo_cancel(&socket->lookup);
  async_uv_close((async_uv_handle_t *)&socket->tcp, on_closed);
  return host;
}

void http_agent_socket_close(http_agent_socket_t *socket) {
  http_agent_host_t *host;

  if (socket->closing)
    return;
  host = shut(socket);
  http_agent_pool_next(host);
  http_agent_host_drop(host);
}

static bool is_reusable(const http_agent_socket_t *socket) {
  const http_client_request_t *request = socket->request;

  return request->done && request->uploaded &&
         http_client_parser_keep_alive(&request->response) &&
         socket->agent->options.keep_alive && !socket->agent->stopping &&
         socket->error == 0 && !socket->write_failed && socket->keep_ms > 0 &&
         http_agent_output_unread_bytes(socket) == 0;
}

/* on_close may stop the agent: whether the socket is kept is seen behind it. */
static void end_request(http_agent_socket_t *socket) {
  http_client_request_t *request = socket->request;
  bool reusable;

  socket->keep_ms = http_client_exchange_keep_ms(request);
  reusable = is_reusable(socket);
  unbind(socket);
  http_client_exchange_end(request);
  if (reusable && !socket->agent->stopping)
    http_agent_pool_release(socket);
  else
    http_agent_socket_close(socket);
}

static int reopen(void *arg) {
  return http_agent_socket_open(arg);
}

/* The request goes on with another socket, made in its own context. That one
 * may have failed already: no callback will tell. */
static void replace(http_agent_socket_t *socket) {
  http_client_request_t *request = socket->request;
  http_agent_host_t *host = shut(socket);
  int error = request->begun ? async_resource_run_in_async_scope(
                                   &request->resource, reopen, request)
                             : reopen(request);

  if (error == 0) {
    http_agent_socket_settle(request->socket);
  } else {
    http_client_exchange_fail(request, error, "connect", NULL);
    http_agent_pool_next(host);
  }
  http_agent_host_drop(host);
}

static bool has_another_try(const http_agent_socket_t *socket) {
  http_client_request_t *request = socket->request;

  if (!socket->connected)
    return request->next_address != NULL &&
           request->attempts < HTTP_CLIENT_ADDRESSES_MAX &&
           request->connect_until_ms > uv_now(request->agent->loop);
  return socket->request_count > 1 && http_client_exchange_rewind(request);
}

static void lost(http_agent_socket_t *socket) {
  http_client_request_t *request = socket->request;

  if (has_another_try(socket))
    replace(socket);
  else
    http_client_exchange_fail(request, socket->error, socket->phase,
                              socket->reason);
}

/* One consequence of the state; false when there is none left. */
static bool settle_step(http_agent_socket_t *socket) {
  http_client_request_t *request = socket->request;

  if (socket->closing)
    return false;
  if (request == NULL) {
    if (socket->error != 0)
      http_agent_socket_close(socket);
    return false;
  }
  if (request->error != 0 || request->done) {
    end_request(socket);
    return false;
  }
  if (socket->error != 0) {
    lost(socket);
    return true;
  }
  if (!request->begun || !socket->connected)
    return false;
  http_client_upload_pump(request);
  http_agent_output_flush(socket);
  return socket->error != 0 || request->error != 0;
}

void http_agent_socket_settle(http_agent_socket_t *socket) {
  if (socket->busy || socket->closing)
    return;
  socket->busy = true;
  while (settle_step(socket)) {
  }
  socket->busy = false;
  if (!socket->closing) {
    http_agent_input_update(socket);
    http_agent_timeout_update(socket);
  }
}

async_id_t http_agent_socket_async_id(const http_agent_socket_t *socket) {
  const async_uv_handle_t *handle = (const async_uv_handle_t *)&socket->tcp;

  if (!http_list_is_empty(&socket->free_link))
    return ASYNC_ID_UNSET;
  return async_resource_async_id(
      async_uv_handle_resource((async_uv_handle_t *)handle));
}
