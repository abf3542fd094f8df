/* A socket has one deadline, that of what it waits for now; which one is
 * derived from its state, never stored beside it. */
#include "http_client_exchange.h"

/* Nothing is owed by the peer: what is waited for is this program's. */
static bool waits_for_embedder(const http_agent_socket_t *socket) {
  const http_client_request_t *request = socket->request;

  return request->paused ||
         (request->asked && http_agent_output_unread_bytes(socket) == 0);
}

static uint64_t free_until_ms(const http_agent_socket_t *socket) {
  if (http_list_is_empty(&socket->free_link) || socket->keep_ms == UINT_MAX)
    return HTTP_AGENT_NEVER;
  return http_agent_after_ms(socket->since_ms, socket->keep_ms);
}

static uint64_t until_ms(const http_agent_socket_t *socket) {
  const http_client_limits_t *limits = &socket->agent->options.limits;

  if (socket->request == NULL)
    return free_until_ms(socket);
  if (!socket->connected)
    return socket->attempt_until_ms;
  if (!socket->request->begun || waits_for_embedder(socket))
    return HTTP_AGENT_NEVER;
  return http_agent_after_ms(socket->since_ms, limits->idle_timeout_ms);
}

void http_agent_timeout_update(http_agent_socket_t *socket) {
  http_agent_deadline_set(socket->agent, &socket->deadline, until_ms(socket));
}

/* A peer that takes a long write a little at a time is no idle one. */
static bool write_moves(http_agent_socket_t *socket) {
  size_t unwritten = async_uv_stream_get_write_queue_size(
      (const async_uv_stream_t *)&socket->tcp);
  bool moves = socket->write_pending && unwritten < socket->write_mark_bytes;

  socket->write_mark_bytes = unwritten;
  return moves;
}

/* The peer of a request that is on its way may have got it, so the request is
 * not sent again. */
static void give_up(http_agent_socket_t *socket) {
  http_client_request_t *request = socket->request;

  if (request == NULL || !socket->connected)
    http_agent_socket_fail(socket, UV_ETIMEDOUT,
                           socket->lookup_pending ? "lookup" : "connect", NULL);
  else
    http_client_exchange_fail(request, UV_ETIMEDOUT,
                              request->uploaded ? "response" : "send", NULL);
}

void http_agent_timeout_expired(http_agent_deadline_t *deadline,
                                uint64_t now_ms) {
  http_agent_socket_t *socket =
      HTTP_OWNER(deadline, http_agent_socket_t, deadline);

  if (until_ms(socket) > now_ms) {
    http_agent_timeout_update(socket);
    return;
  }
  if (socket->connected && socket->request != NULL && write_moves(socket)) {
    socket->since_ms = uv_now(socket->agent->loop);
    http_agent_timeout_update(socket);
    return;
  }
  give_up(socket);
  http_agent_socket_settle(socket);
}
