/* An echo server: what a client writes is written back, and one
 * that is silent for a minute is sent away. The port it is given, or a free
 * one, is printed. SIGTERM and SIGINT end it. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_uv.h>
#include <asyncscope/asyncscope_debug_listen.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define IDLE_MS 60000

typedef struct peer_s {
  async_uv_tcp_t tcp;
  async_uv_timer_t idle;
  int open; /* handles that are not closed yet */
} peer_t;

typedef struct answer_s {
  async_uv_write_t request;
  uv_buf_t buf;
} answer_t;

static async_uv_tcp_t server;
static async_uv_signal_t signals[2];

static void on_close(async_uv_handle_t *handle) {
  peer_t *peer = handle->data;
  if (--peer->open == 0)
    free(peer);
}

static void send_away(peer_t *peer) {
  if (async_uv_is_closing((async_uv_handle_t *)&peer->tcp))
    return;
  async_uv_close((async_uv_handle_t *)&peer->tcp, on_close);
  async_uv_close((async_uv_handle_t *)&peer->idle, on_close);
}

static void on_idle(async_uv_timer_t *idle) {
  send_away(idle->data);
}

static void on_alloc(async_uv_handle_t *handle, size_t size, uv_buf_t *buf) {
  (void)handle;
  buf->base = malloc(size);
  buf->len = buf->base == NULL ? 0 : size;
}

static void on_sent(async_uv_write_t *request, int status) {
  answer_t *answer = (answer_t *)request;
  if (status != 0)
    send_away(request->handle->data);
  free(answer->buf.base);
  free(answer);
}

/* Takes the bytes over. */
static int write_back(async_uv_stream_t *stream, char *bytes, size_t size) {
  answer_t *answer = malloc(sizeof(*answer));
  int error = UV_ENOMEM;
  if (answer != NULL) {
    answer->buf = uv_buf_init(bytes, (unsigned)size);
    error = async_uv_write(&answer->request, stream, &answer->buf, 1, on_sent);
  }
  if (error != 0) {
    free(bytes);
    free(answer);
  }
  return error;
}

static void on_read(async_uv_stream_t *stream, ssize_t n, const uv_buf_t *buf) {
  peer_t *peer = stream->data;
  int error = n < 0 ? (int)n : async_uv_timer_again(&peer->idle);
  if (error == 0 && n > 0)
    error = write_back(stream, buf->base, (size_t)n);
  else
    free(buf->base);
  if (error != 0)
    send_away(peer);
}

static void on_connection(async_uv_stream_t *listener, int status) {
  peer_t *peer = status == 0 ? calloc(1, sizeof(*peer)) : NULL;
  if (peer == NULL)
    return;
  async_uv_stream_t *stream = (async_uv_stream_t *)&peer->tcp;
  peer->open = 2;
  async_uv_tcp_init(listener->loop, &peer->tcp);
  async_uv_timer_init(listener->loop, &peer->idle);
  peer->tcp.data = peer->idle.data = peer;
  if (async_uv_accept(listener, stream) != 0 ||
      async_uv_timer_start(&peer->idle, on_idle, IDLE_MS, IDLE_MS) != 0 ||
      async_uv_read_start(stream, on_alloc, on_read) != 0)
    send_away(peer);
}

static void close_one(async_uv_handle_t *handle, void *arg) {
  (void)arg;
  if (!async_uv_is_closing(handle))
    async_uv_close(handle, handle->data == NULL ? NULL : on_close);
}

static void on_signal(async_uv_signal_t *handle, int number) {
  (void)number;
  async_uv_walk(handle->loop, close_one, NULL);
}

static int start(uv_loop_t *loop, int port) {
  static const int numbers[] = {SIGTERM, SIGINT};
  struct sockaddr_in address;
  int error = uv_ip4_addr("127.0.0.1", port, &address);
  if (error == 0)
    error = async_uv_tcp_init(loop, &server);
  if (error == 0)
    error = async_uv_tcp_bind(&server, (const struct sockaddr *)&address, 0);
  if (error == 0)
    error = async_uv_listen((async_uv_stream_t *)&server, 128, on_connection);
  for (int i = 0; i < 2 && error == 0; i++) {
    error = async_uv_signal_init(loop, &signals[i]);
    if (error == 0)
      error = async_uv_signal_start(&signals[i], on_signal, numbers[i]);
  }
  return error;
}

static void print_port(void) {
  struct sockaddr_in at;
  int size = sizeof(at);
  if (async_uv_tcp_getsockname(&server, (struct sockaddr *)&at, &size) == 0)
    printf("listening on 127.0.0.1:%d\n", ntohs(at.sin_port));
  fflush(stdout);
}

int main(int argc, char *argv[]) {
  uv_loop_t *loop = uv_default_loop();
  asyncscope_debug_listener_t *debug = NULL;
  int error = async_env_attach(loop);
  if (error == 0)
    error =
        asyncscope_debug_listen(NULL, argc > 2 ? argv[2] : NULL, NULL, &debug);
  if (error == 0)
    error = start(loop, argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0);
  if (error != 0) {
    fprintf(stderr, "cannot listen: %s\n", uv_strerror(error));
    return EXIT_FAILURE;
  }
  printf("debug on %s\n", asyncscope_debug_listener_url(debug));
  print_port();
  uv_run(loop, UV_RUN_DEFAULT);
  asyncscope_debug_listener_close(debug);
  async_env_detach();
  return uv_loop_close(loop) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
