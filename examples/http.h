/* http.createServer(on_request).listen() and http.get(), for the examples. */
#ifndef ASYNCSCOPE_EXAMPLES_HTTP_H
#define ASYNCSCOPE_EXAMPLES_HTTP_H

#include "http_bind.h"
#include "http_client_request.h"
#include "http_server.h"
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* On a free port of 127.0.0.1, which is answered; negative: an error. */
static inline int http_listen(http_server_t *server, uv_loop_t *loop,
                              void (*on_request)(void *, http_request_t *,
                                                 http_response_t *)) {
  http_server_options_t options = {.limits = HTTP_LIMITS_DEFAULT,
                                   .callbacks = {.on_request = on_request}};
  struct sockaddr_storage bound = {.ss_family = AF_INET};
  struct sockaddr_in address;
  uv_os_sock_t sock;
  uv_ip4_addr("127.0.0.1", 0, &address);
  int error = http_bind((struct sockaddr *)&address, HTTP_BIND_ALONE, &sock);
  if (error == 0)
    error = http_bound_address(sock, &bound);
  if (error == 0)
    error = http_server_init(server, loop, &options);
  if (error == 0)
    error = http_server_listen(server, sock);
  memcpy(&address, &bound, sizeof(address));
  return error != 0 ? error : ntohs(address.sin_port);
}

static inline int http_get(http_agent_t *agent, int port, const char *path,
                           const http_client_callbacks_t *callbacks) {
  char url[128];
  snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", port, path);
  return http_client_get(agent, url, callbacks, NULL, NULL);
}

#endif
