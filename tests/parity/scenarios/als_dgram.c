#include "udp.h"

static async_local_storage_t *storage;
static int port;

static void on_server_message(async_uv_udp_t *server, ssize_t nread,
                              const uv_buf_t *buf, const struct sockaddr *addr,
                              unsigned int flags) {
  (void)nread, (void)buf, (void)flags;
  if (addr != NULL) {
    trace_store("server", storage);
    udp_close(server, NULL);
  }
}

static void on_client_message(async_uv_udp_t *client, ssize_t nread,
                              const uv_buf_t *buf, const struct sockaddr *addr,
                              unsigned int flags) {
  (void)nread, (void)buf, (void)flags;
  if (addr != NULL) {
    trace_store("client", storage);
    MUST(udp_try_send(client, "there", port));
    udp_close(client, NULL);
  }
}

static void in_run(void *arg) {
  (void)arg;
  int own_port;
  async_uv_udp_t *client = udp_bind(&own_port);
  udp_receive(client, on_client_message);
  MUST(udp_try_send(client, "here", own_port));
}

SCENARIO(als_dgram) {
  storage = make_storage();
  udp_receive(udp_bind(&port), on_server_message);
  run_with(storage, "client", in_run, NULL);
}
