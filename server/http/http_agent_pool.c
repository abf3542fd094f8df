/* While there is a free socket to a host, nobody waits for one. */
#include "http_agent_pool.h"

#include "asyncscope/async_env.h"
#include "http_client_exchange.h"
#include <string.h>

static int join_queue(http_client_request_t *request) {
  http_agent_t *agent = request->agent;
  bool before;
  int error;

  if (agent->queued_count >= agent->options.limits.queued_max)
    return async_error_set(UV_ENOBUFS, "%zu requests wait for a socket",
                           agent->queued_count);
  before = http_agent_own_begin(agent);
  error = async_resource_init(&request->queued, "QueuedRequest", NULL);
  http_agent_own_end(before);
  if (error != 0)
    return error;
  async_resource_set_name(&request->queued, request->name,
                          strlen(request->name));
  http_list_append(&request->host->queue, &request->queue_link);
  agent->queued_count++;
  return 0;
}

void http_agent_pool_leave_queue(http_client_request_t *request) {
  if (http_list_is_empty(&request->queue_link))
    return;
  http_list_remove(&request->queue_link);
  request->agent->queued_count--;
}

void http_agent_pool_take(http_agent_socket_t *socket) {
  if (http_list_is_empty(&socket->free_link))
    return;
  http_list_remove(&socket->free_link);
  socket->host->free_count--;
  socket->agent->free_count--;
}

static int take_free(http_client_request_t *request) {
  http_agent_socket_t *socket =
      HTTP_OWNER(request->host->free.next, http_agent_socket_t, free_link);
  int error;

  http_agent_pool_take(socket);
  error = http_agent_socket_lend(socket, request);
  if (error != 0)
    http_agent_socket_close(socket);
  return error;
}

static bool has_room(const http_agent_host_t *host) {
  return host->socket_count < host->agent->options.limits.sockets_max;
}

int http_agent_pool_ask(http_client_request_t *request) {
  if (!http_list_is_empty(&request->host->free))
    return take_free(request);
  if (has_room(request->host) && http_list_is_empty(&request->host->queue))
    return http_agent_socket_open(request);
  return join_queue(request);
}

typedef struct turn_s {
  http_client_request_t *request;
  http_agent_socket_t *socket; /* NULL: a new one is to be opened */
} turn_t;

static int take_turn(void *arg) {
  turn_t *turn = arg;

  return turn->socket != NULL
             ? http_agent_socket_lend(turn->socket, turn->request)
             : http_agent_socket_open(turn->request);
}

/* The first in the queue gets the socket, or a new one, where it asked: in the
 * scope of its QueuedRequest, which then ends. */
static int serve_first(http_agent_host_t *host, http_agent_socket_t *socket) {
  http_client_request_t *request =
      HTTP_OWNER(host->queue.next, http_client_request_t, queue_link);
  turn_t turn = {request, socket};
  int error;

  http_agent_pool_leave_queue(request);
  error = async_resource_run_in_async_scope(&request->queued, take_turn, &turn);
  if (error == 0)
    async_resource_finish(&request->queued);
  else
    http_client_exchange_fail(request, error, "queue", NULL);
  return error;
}

void http_agent_pool_next(http_agent_host_t *host) {
  while (!host->agent->stopping && !http_list_is_empty(&host->queue) &&
         has_room(host))
    serve_first(host, NULL);
}

/* False when enough are kept. */
static bool keep(http_agent_socket_t *socket) {
  async_uv_handle_t *handle = (async_uv_handle_t *)&socket->tcp;
  const http_client_limits_t *limits = &socket->agent->options.limits;

  if (socket->host->free_count >= limits->free_sockets_max)
    return false;
  async_uv_park(handle);
  async_uv_unref(handle);
  http_list_prepend(&socket->host->free, &socket->free_link);
  socket->host->free_count++;
  socket->agent->free_count++;
  socket->since_ms = uv_now(socket->agent->loop);
  http_agent_timeout_update(socket);
  return true;
}

static void hand_over(http_agent_socket_t *socket) {
  http_agent_host_t *host = socket->host;

  bool used;

  if (!http_list_is_empty(&host->queue))
    used = serve_first(host, socket) == 0;
  else
    used = keep(socket);
  if (!used)
    http_agent_socket_close(socket);
}

static void on_released(async_tick_t *tick) {
  http_agent_socket_t *socket = HTTP_OWNER(tick, http_agent_socket_t, tick);

  socket->tick_pending = false;
  if (!socket->closing)
    hand_over(socket);
  http_agent_socket_free_if_done(socket);
}

/* The tick comes after what the response's last callbacks began: who asks for
 * the next connection there comes behind those who wait. */
void http_agent_pool_release(http_agent_socket_t *socket) {
  async_uv_handle_t *handle = (async_uv_handle_t *)&socket->tcp;
  async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_TRIGGER | ASYNC_RESOURCE_FRAME,
      .trigger_async_id =
          async_resource_async_id(async_uv_handle_resource(handle))};
  bool before = http_agent_own_begin(socket->agent);

  socket->tick_pending =
      async_tick_start(&socket->tick, on_released, &options) == 0;
  http_agent_own_end(before);
  if (!socket->tick_pending)
    hand_over(socket);
}
