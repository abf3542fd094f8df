/* libmicrohttpd with epoll in one thread. usage: bench_microhttpd; prints its
 * port. */
#include <microhttpd.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static enum MHD_Result answer(void *arg, struct MHD_Connection *connection,
                              const char *url, const char *method,
                              const char *version, const char *data,
                              size_t *data_bytes, void **context) {
  struct MHD_Response *response = arg;

  (void)url, (void)method, (void)version, (void)data, (void)data_bytes;
  /* An answer at the first call would close the connection. */
  if (*context == NULL) {
    *context = arg;
    return MHD_YES;
  }
  return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

int main(void) {
  static char body[] = "hello\n";
  struct MHD_Response *response = MHD_create_response_from_buffer(
      sizeof(body) - 1, body, MHD_RESPMEM_PERSISTENT);
  struct MHD_Daemon *daemon;
  const union MHD_DaemonInfo *info;

  MHD_add_response_header(response, "Content-Type",
                          "text/plain; charset=utf-8");
  daemon = MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, 0, NULL, NULL, answer,
      response, MHD_OPTION_CONNECTION_LIMIT, 12000u, MHD_OPTION_END);
  info = daemon == NULL
             ? NULL
             : MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
  if (info == NULL)
    return 1;
  printf("listening on http://127.0.0.1:%u\n", (unsigned)info->port);
  fflush(stdout);
  pause();
  return 0;
}
