#include "udp.h"
#include <netinet/in.h>
#include <string.h>

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address;
  MUST(uv_ip4_addr("127.0.0.1", port, &address));
  return address;
}

async_uv_udp_t *udp_bind(int *ret_port) {
  async_uv_udp_t *udp = scenario_alloc(sizeof(*udp));
  struct sockaddr_in address = loopback(0);
  int length = sizeof(address);
  MUST(async_uv_udp_init(scenario_loop(), udp));
  scenario_at_end(close_at_end, udp);
  MUST(async_uv_udp_bind(udp, (const struct sockaddr *)&address, 0));
  MUST(async_uv_udp_getsockname(udp, (struct sockaddr *)&address, &length));
  if (ret_port != NULL) {
    *ret_port = ntohs(address.sin_port);
  }
  return udp;
}

static void on_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
                     uv_buf_t *buf) {
  static char memory[256];
  (void)handle, (void)suggested_size_bytes;
  *buf = uv_buf_init(memory, sizeof(memory));
}

void udp_receive(async_uv_udp_t *udp, async_uv_udp_recv_cb cb) {
  MUST(async_uv_udp_recv_start(udp, on_alloc, cb));
}

int udp_try_send(async_uv_udp_t *udp, const char *text, int port) {
  struct sockaddr_in address = loopback(port);
  uv_buf_t buf = {.base = (void *)(uintptr_t)text, .len = strlen(text)};
  return async_uv_udp_try_send(udp, &buf, 1, (struct sockaddr *)&address);
}

void udp_close(async_uv_udp_t *udp, async_uv_close_cb cb) {
  async_uv_close((async_uv_handle_t *)udp, cb);
}
