#include "udp.h"

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  trace_where("closed");
}

static void on_message(async_uv_udp_t *udp, ssize_t nread, const uv_buf_t *buf,
                       const struct sockaddr *addr, unsigned int flags) {
  (void)buf, (void)flags;
  if (addr == NULL) {
    return;
  }
  char text[32];
  snprintf(text, sizeof(text), "message %d", (int)nread);
  trace_where(text);
  udp_close(udp, on_close);
}

static void on_tick(void *arg) {
  (void)arg;
  trace_where("sent");
}

SCENARIO(udp_message) {
  int port;
  trace_start();
  async_uv_udp_t *udp = udp_bind(&port);
  udp_receive(udp, on_message);
  int sent = udp_try_send(udp, "hello", port);
  trace_print("sent at once %s", sent > 0 ? "true" : "false");
  next_tick(on_tick, NULL);
}
