#include "http.h"
#include "http_bind.h"
#include "http_server.h"
#include <netinet/in.h>
#include <string.h>

static http_server_t server;
static async_local_storage_t *request_storage;

static void on_request(void *data, http_request_t *request,
                       http_response_t *response) {
  http_scenario_cb *cb = data;
  (*cb)(request, response);
}

static int on_request_open(void *data, http_request_t *request) {
  static char store[] = "of the request";
  (void)data, (void)request;
  return async_local_storage_enter_with(request_storage, store);
}

static void finish(void *arg) {
  (void)arg;
  http_server_finish(&server);
}

static int bind_loopback(uv_os_sock_t *ret_sock) {
  struct sockaddr_storage bound;
  struct sockaddr_in address;
  MUST(uv_ip4_addr("127.0.0.1", 0, &address));
  MUST(http_bind((const struct sockaddr *)&address, HTTP_BIND_ALONE, ret_sock));
  MUST(http_bound_address(*ret_sock, &bound));
  memcpy(&address, &bound, sizeof(address));
  return ntohs(address.sin_port);
}

int http_serve_with(async_local_storage_t *storage, http_scenario_cb cb) {
  http_scenario_cb *kept = scenario_alloc(sizeof(*kept));
  http_server_options_t options = {
      .limits = HTTP_LIMITS_DEFAULT,
      .callbacks = {.on_request = on_request},
      .data = kept,
  };
  uv_os_sock_t sock;
  int port = bind_loopback(&sock);
  if (storage != NULL) {
    request_storage = storage;
    options.callbacks.on_request_open = on_request_open;
  }
  *kept = cb;
  MUST(http_server_init(&server, scenario_loop(), &options));
  scenario_at_end(finish, NULL);
  MUST(http_server_listen(&server, sock));
  return port;
}

int http_serve(http_scenario_cb cb) {
  return http_serve_with(NULL, cb);
}

void http_stop(void) {
  http_server_stop(&server, NULL);
}

void http_answer(http_response_t *response, const char *body) {
  http_response_send(response, 200, "text/plain", body, strlen(body));
}

void http_listening(async_callback_cb cb, void *arg) {
  async_uv_handle_t *handle = (async_uv_handle_t *)&server.listener;
  next_tick_for(async_resource_async_id(async_uv_handle_resource(handle)), cb,
                arg);
}

typedef struct sending_s {
  const char *text;
  async_uv_read_cb cb;
} sending_t;

static void on_connect(async_uv_connect_t *req, int status) {
  async_uv_stream_t *stream = req->data;
  sending_t *sending = stream->data;
  MUST(status);
  stream_write(stream, sending->text, NULL);
  stream_read(stream, sending->cb);
}

async_uv_stream_t *http_send(int port, const char *text, async_uv_read_cb cb) {
  sending_t *sending = scenario_alloc(sizeof(*sending));
  async_uv_stream_t *stream = tcp_connect(port, on_connect);
  *sending = (sending_t){text, cb};
  stream->data = sending;
  return stream;
}
