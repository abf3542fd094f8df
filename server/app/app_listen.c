/* Where a request may come in: the loops, and the diagnostics' own listener. */
#include "app_listen.h"

#include "asyncscope/async_env.h"
#include "debug_listener.h"
#include "http_address.h"
#include "http_bind.h"
#include "systemd.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* One socket that all loops listen on: what comes goes to whoever is first. */
static int duplicate_passed(app_t *app, uv_os_sock_t *ret_sock) {
  int sock = fcntl(app->passed_sock, F_DUPFD_CLOEXEC, 0);

  if (sock < 0)
    return -errno;
  *ret_sock = sock;
  return http_bound_address(sock, &app->address);
}

static int bind_loop(app_t *app, unsigned index, uv_os_sock_t *ret_sock) {
  http_bind_mode_t mode = index > 0                ? HTTP_BIND_SHARED
                          : app->options.loops > 1 ? HTTP_BIND_FIRST
                                                   : HTTP_BIND_ALONE;
  int error;

  if (app->passed_sock >= 0)
    return duplicate_passed(app, ret_sock);
  error = http_bind((const struct sockaddr *)&app->address, mode, ret_sock);
  if (error == 0 && index == 0) {
    error = http_bound_address(*ret_sock, &app->address);
    if (error != 0)
      http_unbind(*ret_sock);
  }
  return error;
}

static int start_loops(app_t *app) {
  while (app->loop_count < app->options.loops) {
    unsigned index = app->loop_count;
    uv_os_sock_t sock = -1;
    int error = bind_loop(app, index, &sock);

    if (error == 0)
      error = app_loop_start(&app->loops[index], app, index, sock);
    if (error != 0)
      return error;
    app->loop_count++;
  }
  return 0;
}

static int listen_debug(app_t *app, const char *address) {
  const asyncscope_debug_listen_options_t options = {
      .token = app->options.debug_token,
      .networks = app->options.debug_networks,
      .network_count = app->options.debug_network_count};
  int error = debug_listener_open(app->debug, address, &options,
                                  tls_context_transport(app->tls),
                                  &app->debug_listener);

  if (error != 0)
    fprintf(stderr, "asyncscope: %s\n", async_error_message());
  return error;
}

/* With a socket that was passed --listen means nothing. */
static int listen_loops(app_t *app) {
  http_address_t *address = &app->options.listen;
  char text[HTTP_ADDRESS_TEXT_BYTES];
  int error = 0;

  http_address_format(address, text);
  if (app->passed_sock < 0)
    error = http_address_resolve(address, &app->address);
  if (error == 0)
    error = start_loops(app);
  if (error == 0 && app->passed_sock >= 0)
    error = uv_ip_name((const struct sockaddr *)&app->address, address->host,
                       sizeof(address->host));
  if (error != 0)
    return app_fail("listen on", text, error);
  address->port = http_address_port(&app->address);
  return 0;
}

int app_listen(app_t *app) {
  const char *debug_address = app_options_debug_listen(&app->options);
  int error = listen_loops(app);

  return error == 0 ? listen_debug(app, debug_address) : error;
}

/* Only of a token that is made here: whoever gave one has it. Where the
 * diagnostics have no address that a browser opens, the server's own has. */
static void announce_link(const app_t *app, const char *own) {
  const char *url = asyncscope_debug_listener_url(app->debug_listener);
  char link[APP_DEBUG_LINK_BYTES];

  app_debug_link(strncmp(url, "http", 4) == 0 ? url : own,
                 app->options.debug_token, link);
  printf("asyncscope: open %s\n", link);
}

/* What waits for the server reads these lines. */
void app_announce(const app_t *app) {
  const char *scheme = app->tls == NULL ? "http" : "https";
  char url[sizeof("https://") + HTTP_ADDRESS_TEXT_BYTES];
  char text[HTTP_ADDRESS_TEXT_BYTES];

  http_address_format(&app->options.listen, text);
  snprintf(url, sizeof(url), "%s://%s", scheme, text);
  printf("asyncscope: listening on %s\n", url);
  if (app->debug_listener != NULL)
    printf("asyncscope: debug on %s\n",
           asyncscope_debug_listener_url(app->debug_listener));
  if (app->options.debug_token_generate)
    announce_link(app, url);
  fflush(stdout);
  app_systemd_notify("READY=1\nSTATUS=listening on %s", url);
}
