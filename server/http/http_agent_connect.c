/* From a host's name to a connection. A literal address is tried at once; a
 * name is looked up, and its addresses are tried one after the other, each on
 * a socket of its own and with its share of the time that is left. The list is
 * the request's, as sockets come and go meanwhile. */
#include "http_agent_socket.h"

#include "http_agent_pool.h"
#include "http_client_exchange.h"
#include <netinet/in.h>
#include <string.h>

static bool is_literal(const http_agent_host_t *host,
                       struct sockaddr_storage *ret_address) {
  return uv_ip4_addr(host->name, host->port, (void *)ret_address) == 0 ||
         uv_ip6_addr(host->name, host->port, (void *)ret_address) == 0;
}

static void on_connect(async_uv_connect_t *req, int status) {
  http_agent_socket_t *socket = req->data;

  if (socket->closing)
    return;
  if (status != 0) {
    http_agent_socket_fail(socket, status, "connect", NULL);
  } else {
    socket->connected = true;
    socket->since_ms = uv_now(socket->agent->loop);
    async_uv_tcp_nodelay(&socket->tcp, 1);
  }
  http_agent_socket_settle(socket);
}

static void connect_to(http_agent_socket_t *socket,
                       const struct sockaddr *address) {
  bool before = http_agent_own_begin(socket->agent);
  int error =
      async_uv_tcp_connect(&socket->connect, &socket->tcp, address, on_connect);

  http_agent_own_end(before);
  if (error != 0)
    http_agent_socket_fail(socket, error, "connect", NULL);
}

static unsigned addresses_left(const http_client_request_t *request) {
  const struct addrinfo *address = request->next_address;
  unsigned count = 0;

  while (address != NULL &&
         request->attempts + count < HTTP_CLIENT_ADDRESSES_MAX) {
    address = address->ai_next;
    count++;
  }
  return count;
}

/* The time left is shared by the addresses left. */
static uint64_t share_until_ms(const http_client_request_t *request) {
  uint64_t now_ms = uv_now(request->agent->loop);
  unsigned count = addresses_left(request);

  if (request->connect_until_ms == HTTP_AGENT_NEVER || count == 0)
    return request->connect_until_ms;
  if (request->connect_until_ms <= now_ms)
    return now_ms;
  return now_ms + (request->connect_until_ms - now_ms) / count;
}

static void set_port(struct sockaddr_storage *address, uint16_t port) {
  if (address->ss_family == AF_INET6)
    ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
  else
    ((struct sockaddr_in *)address)->sin_port = htons(port);
}

static void connect_to_next(http_agent_socket_t *socket) {
  http_client_request_t *request = socket->request;
  const struct addrinfo *next = request->next_address;
  struct sockaddr_storage address = {0};

  socket->attempt_until_ms = share_until_ms(request);
  request->next_address = next->ai_next;
  request->attempts++;
  memcpy(&address, next->ai_addr, next->ai_addrlen);
  set_port(&address, request->host->port);
  connect_to(socket, (const struct sockaddr *)&address);
}

static void take_addresses(http_agent_socket_t *socket, int status,
                           struct addrinfo *addresses) {
  if (status != 0) {
    http_agent_socket_fail(socket, status, "lookup", NULL);
    return;
  }
  socket->request->addresses = addresses;
  socket->request->next_address = addresses;
  connect_to_next(socket);
}

static void on_lookup(async_uv_getaddrinfo_t *req, int status,
                      struct addrinfo *addresses) {
  http_agent_socket_t *socket = req->data;

  socket->lookup_pending = false;
  if (socket->closing) {
    uv_freeaddrinfo(addresses);
    http_agent_socket_free_if_done(socket);
    return;
  }
  take_addresses(socket, status, addresses);
  http_agent_socket_settle(socket);
}

static void look_up(http_agent_socket_t *socket) {
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  async_uv_handle_t *handle = (async_uv_handle_t *)&socket->tcp;
  async_id_t trigger = async_default_trigger_scope_open(
      async_resource_async_id(async_uv_handle_resource(handle)));
  bool before = http_agent_own_begin(socket->agent);
  int error = async_uv_getaddrinfo(socket->agent->loop, &socket->lookup,
                                   on_lookup, socket->host->name, NULL, &hints);

  http_agent_own_end(before);
  async_default_trigger_scope_close(trigger);
  socket->lookup_pending = error == 0;
  if (error != 0)
    http_agent_socket_fail(socket, error, "lookup", NULL);
}

void http_agent_connect(http_agent_socket_t *socket) {
  http_client_request_t *request = socket->request;
  struct sockaddr_storage address;

  if (request->connect_until_ms == 0)
    request->connect_until_ms =
        http_agent_after_ms(uv_now(socket->agent->loop),
                            socket->agent->options.limits.connect_timeout_ms);
  socket->attempt_until_ms = request->connect_until_ms;
  if (request->next_address != NULL)
    connect_to_next(socket);
  else if (is_literal(socket->host, &address))
    connect_to(socket, (const struct sockaddr *)&address);
  else
    look_up(socket);
  http_agent_timeout_update(socket);
}
