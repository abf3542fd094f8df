/* libuv and llhttp and nothing else: no router, no limits, no deadlines. The
 * answers of one read are written at once. usage: bench_uv_llhttp; prints its
 * port. */
#include "bench_answer.h"

#include <llhttp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

typedef struct connection_s {
  uv_tcp_t tcp;
  llhttp_t parser;
} connection_t;

static char input[65536];
static char answers[BENCH_BATCH_MAX * (sizeof(BENCH_ANSWER) - 1)];
static size_t answered;
static llhttp_settings_t settings;

static void on_closed(uv_handle_t *handle) {
  free(handle->data);
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf) {
  (void)handle, (void)size;
  *buf = uv_buf_init(input, sizeof(input));
}

static int on_message_complete(llhttp_t *parser) {
  (void)parser;
  if (answered == BENCH_BATCH_MAX)
    return HPE_USER;
  memcpy(answers + answered++ * (sizeof(BENCH_ANSWER) - 1), BENCH_ANSWER,
         sizeof(BENCH_ANSWER) - 1);
  return 0;
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf) {
  connection_t *connection = stream->data;
  uv_buf_t all;

  answered = 0;
  if (nread < 0 ||
      llhttp_execute(&connection->parser, buf->base, (size_t)nread) != HPE_OK) {
    uv_close((uv_handle_t *)stream, on_closed);
    return;
  }
  all = uv_buf_init(answers, (unsigned)(answered * (sizeof(BENCH_ANSWER) - 1)));
  if (answered > 0 && uv_try_write(stream, &all, 1) != (int)all.len)
    uv_close((uv_handle_t *)stream, on_closed);
}

static void on_connection(uv_stream_t *listener, int status) {
  connection_t *connection = calloc(1, sizeof(*connection));

  if (status != 0 || connection == NULL)
    exit(1);
  uv_tcp_init(listener->loop, &connection->tcp);
  connection->tcp.data = connection;
  if (uv_accept(listener, (uv_stream_t *)&connection->tcp) != 0)
    exit(1);
  uv_tcp_nodelay(&connection->tcp, 1);
  llhttp_init(&connection->parser, HTTP_REQUEST, &settings);
  uv_read_start((uv_stream_t *)&connection->tcp, on_alloc, on_read);
}

int main(void) {
  struct sockaddr_in address;
  int size = sizeof(address);
  uv_tcp_t listener;

  llhttp_settings_init(&settings);
  settings.on_message_complete = on_message_complete;
  uv_ip4_addr("127.0.0.1", 0, &address);
  uv_tcp_init(uv_default_loop(), &listener);
  uv_tcp_bind(&listener, (struct sockaddr *)&address, 0);
  if (uv_listen((uv_stream_t *)&listener, 1024, on_connection) != 0 ||
      uv_tcp_getsockname(&listener, (struct sockaddr *)&address, &size) != 0)
    return 1;
  printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
