#include "live_server.h"

#include "asyncscope/async_env.h"
#include "asyncscope/async_uv_timer.h"
#include "asyncscope/asyncscope_debug_listen.h"
#include "http_server.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void on_request(void *data, http_request_t *request,
                       http_response_t *response) {
  (void)data;
  (void)request;
  http_response_send(response, 200, "text/plain; charset=utf-8", "hello\n", 6);
}

static void on_timer(async_uv_timer_t *timer) {
  (void)timer;
}

static int make_timers(uv_loop_t *loop, size_t count) {
  async_uv_timer_t *timers = calloc(count, sizeof(*timers));
  int error = timers == NULL ? UV_ENOMEM : 0;
  for (size_t i = 0; i < count && error == 0; i++) {
    error = async_uv_timer_init(loop, &timers[i]);
    if (error == 0)
      error = async_uv_timer_start(&timers[i], on_timer, 3600000, 0);
  }
  return error;
}

static int bind_any(uint16_t *ret_port) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof(address);
  int sock = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (sock < 0)
    return -1;
  if (bind(sock, (struct sockaddr *)&address, sizeof(address)) != 0 ||
      getsockname(sock, (struct sockaddr *)&address, &length) != 0) {
    close(sock);
    return -1;
  }
  *ret_port = ntohs(address.sin_port);
  return sock;
}

static int serve(int ready_fd, size_t count) {
  static http_server_t server;
  http_server_options_t options = {.limits = HTTP_LIMITS_DEFAULT,
                                   .callbacks = {.on_request = on_request}};
  asyncscope_debug_listener_t *listener;
  live_ports_t ports;
  uv_loop_t loop;
  int sock = bind_any(&ports.hello);
  options.limits.requests_max = UINT_MAX; /* connections stay */
  if (sock < 0 || uv_loop_init(&loop) != 0 || async_env_attach(&loop) != 0 ||
      make_timers(&loop, count) != 0 ||
      http_server_init(&server, &loop, &options) != 0 ||
      http_server_listen(&server, sock) != 0 ||
      asyncscope_debug_listen(NULL, "127.0.0.1:0", NULL, &listener) != 0)
    return 1;
  ports.debug = (uint16_t)strtoul(
      strrchr(asyncscope_debug_listener_url(listener), ':') + 1, NULL, 10);
  if (write(ready_fd, &ports, sizeof(ports)) != (ssize_t)sizeof(ports))
    return 1;
  return uv_run(&loop, UV_RUN_DEFAULT);
}

pid_t live_server_start(size_t count, live_ports_t *ret_ports) {
  int fds[2];
  if (pipe(fds) != 0)
    return -1;
  pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(fds[0]);
    _exit(serve(fds[1], count));
  }
  close(fds[1]);
  bool ready = read(fds[0], ret_ports, sizeof(*ret_ports)) ==
               (ssize_t)sizeof(*ret_ports);
  close(fds[0]);
  return ready ? pid : -1;
}
